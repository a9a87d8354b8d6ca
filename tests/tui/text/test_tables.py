"""Plain tables: they fit, they cut whole graphemes, and a bar never says more than is true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text.cells import cut
from tui.text.table_columns import Head
from tui.text.tables import filled_cells, percent, share_bar, table_lines

COLUMNS = (Head("no.", right=True), Head("title", flexible=True), Head("who", flexible=True, spare=True))


def test_cells_are_aligned_under_their_heads() -> None:
    assert list(table_lines(COLUMNS, [(1, "Short", "Ana"), (12, "A longer one", "Bo")], 80)) == [
        "no.  title         who",
        "  1  Short         Ana",
        " 12  A longer one  Bo",
    ]


def test_the_flexible_column_is_cut_and_the_spare_one_left_out() -> None:
    rows = [(1, "A title that is too long for this", "Ana Maria")]
    assert list(table_lines(COLUMNS, rows, 40)) == [
        "no.  title                     who",
        "  1  A title that is too lon…  Ana Maria",
    ]
    assert list(table_lines(COLUMNS, rows, 20)) == ["no.  title", "  1  A title that i…"]


def test_a_wrapped_column_goes_on_below() -> None:
    columns = (Head("key"), Head("help", flexible=True, wrapped=True))
    assert list(table_lines(columns, [("t", "Tag the selection"), ("s", "Sweep")], 14)) == [
        "key  help",
        "t    Tag the",
        "     selection",
        "s    Sweep",
    ]


def test_without_a_width_cells_are_whole_on_one_line_between_tabs() -> None:
    rows = [(1, "tab\tline\nend " + "x" * 500, share_bar(1, 2, "50 %"))]
    assert list(table_lines(COLUMNS, rows, None)) == ["no.\ttitle\twho", f"1\ttab line end {'x' * 500}\t50 %"]


@given(st.lists(st.tuples(st.integers(0, 9999), st.text(max_size=60), st.text(max_size=60))), st.integers(24, 100))
def test_no_row_is_wider_than_the_terminal_or_holds_a_control_character(
    rows: list[tuple[int, str, str]], width: int
) -> None:
    for line in table_lines(COLUMNS, rows, width):
        assert cell_len(line) <= width
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066" for c in line)


def test_cutting_keeps_graphemes_whole() -> None:
    family = "👩‍👩‍👧‍👦"
    assert cut(family * 3, 5) == family * 2 + "…"
    assert cut("e\u0301" * 4, 3) == "e\u0301" * 2 + "…"
    assert cut("日本語", 6) == "日本語"
    assert cut("日本語", 5) == "日本…"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 40))
def test_a_bar_is_full_only_when_all_is_done_and_empty_only_when_nothing_is(done: int, total: int, cells: int) -> None:
    done = min(done, total)
    filled = filled_cells(done, total, cells)
    assert 0 <= filled <= cells
    assert (filled == cells) == (done == total)
    if cells > 1 and total:
        assert (filled == 0) == (done == 0)
    assert (percent(done, total) == "100 %") == (done == total)


def test_a_share_and_what_it_is_of_come_to_the_same_percent() -> None:
    for total in range(1, 301):
        for done in range(total + 1):
            assert percent(done, total) == percent(done / total) == f"{100 * done // total} %"
