from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from store.text import units
from tests.kit.depth import examples
from tests.kit.hostile import hostile_texts
from tui.text import layout as layout_module
from tui.text.layout import Layout
from tui.text.safe import safe

widths = st.integers(1, 30)
plain_texts = st.text(alphabet="ab \n", max_size=120)


def rows_of(layout: Layout) -> list[str]:
    return ["".join(cluster.shown for cluster in layout.row(row).clusters) for row in range(layout.rows)]


def naive_wrap(text: str, width: int) -> list[str]:
    """Greedy wrapping of one-cell characters, a character at a time: one space may hang."""
    rows: list[str] = []
    for line in text.split("\n"):
        row = ""
        for character in line:
            if len(row) == width and character != " ":
                space = row.rfind(" ")
                rows.append(row[: space + 1] or row)
                row = row[space + 1 :] if space >= 0 else ""
            row += character
            if len(row) > width:
                rows.append(row)
                row = ""
        rows.append(row)
    return rows


@given(plain_texts, widths)
def test_plain_text_wraps_as_it_does_a_character_at_a_time(text: str, width: int) -> None:
    assert rows_of(Layout(text, width)) == naive_wrap(text, width)


@given(plain_texts, widths)
def test_both_paths_wrap_plain_text_alike(text: str, width: int) -> None:
    fast = [Layout(text, width).row_bounds(row) for row in range(Layout(text, width).rows)]
    always_complex = re.compile("(?s).")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout_module, "_PLAIN", frozenset())
        patch.setattr(layout_module, "_complex", lambda: always_complex)
        slow = Layout(text, width)
        assert [slow.row_bounds(row) for row in range(slow.rows)] == fast


@given(hostile_texts(), widths)
def test_rows_partition_the_text_at_cluster_boundaries(text: str, width: int) -> None:
    layout = Layout(text, width)
    at = 0
    for row in range(layout.rows):
        start, end = layout.row_bounds(row)
        assert start == at
        for cluster in layout.row(row).clusters:
            assert cluster.start == at < cluster.end
            assert units.is_boundary(text, cluster.start)
            at = cluster.end
        assert at == end
        if end < len(text) and layout.row_of(end) == row:  # the newline
            at += 1
    assert at == len(text)


@given(hostile_texts(), widths)
def test_every_offset_is_in_exactly_one_row(text: str, width: int) -> None:
    layout = Layout(text, width)
    starts = [layout.row_bounds(row)[0] for row in range(layout.rows)]
    for offset in range(len(text) + 1):
        row = layout.row_of(offset)
        assert row == max(r for r, start in enumerate(starts) if start <= offset)
        start, end = layout.row_bounds(row)
        assert start <= offset <= end


@given(hostile_texts(), widths)
def test_the_cells_of_a_row_are_those_of_what_it_shows(text: str, width: int) -> None:
    layout = Layout(text, width)
    for row in range(layout.rows):
        cell = 0
        for cluster in layout.row(row).clusters:
            assert cluster.cell == cell
            assert cluster.width == cell_len(cluster.shown) >= 1
            cell += cluster.width
        start, end = layout.row_bounds(row)
        assert cell == layout.row(row).width == cell_len(layout.row(row).shown(start, end))
        # One space may hang, and the caret at a line's end finds its cell at most there too.
        assert cell <= width + 1
        if layout.row_last(row) == end:
            assert cell <= width
        elif cell == width + 1:
            assert layout.row(row).clusters[-1].shown == " "


@given(hostile_texts(), widths)
def test_a_cluster_is_found_again_under_each_of_its_cells(text: str, width: int) -> None:
    layout = Layout(text, width)
    for row in range(layout.rows):
        for cluster in layout.row(row).clusters:
            for offset in range(cluster.start, cluster.end):
                assert layout.row_of(offset) == row
                assert layout.cell_of(offset) == cluster.cell
                assert layout.cluster_at(offset) == (cluster.start, cluster.end)
            for cell in range(cluster.cell, cluster.cell + cluster.width):
                assert layout.offset_at(row, cell) == cluster.start
        last = layout.row_last(row)
        assert layout.row_of(last) == row
        assert layout.offset_at(row, 10_000) == last
        assert layout.offset_at(row, -1) == layout.row_bounds(row)[0]


@given(hostile_texts(), widths)
def test_any_part_of_a_row_shows_as_many_cells_as_it_takes(text: str, width: int) -> None:
    layout = Layout(text, width)
    for row in range(layout.rows):
        clusters = layout.row(row).clusters
        for i, first in enumerate(clusters):
            for last in clusters[i : i + 3]:
                shown = layout.row(row).shown(first.start, last.end)
                assert cell_len(shown) == last.cell + last.width - first.cell


@given(hostile_texts(), widths, widths)
def test_another_width_shows_the_same_clusters(text: str, one: int, other: int) -> None:
    def clusters(width: int) -> list[tuple[int, int]]:
        layout = Layout(text, width)
        return [(c.start, c.end) for row in range(layout.rows) for c in layout.row(row).clusters]

    assert clusters(one) == clusters(other)


@given(hostile_texts(), widths)
def test_nothing_shown_is_a_control_a_bidi_mark_or_half_a_character(text: str, width: int) -> None:
    for shown in rows_of(Layout(text, width)):
        for character in shown:
            assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
            assert unicodedata.bidirectional(character) not in (
                "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"
            )  # fmt: skip


@given(hostile_texts(), widths)
def test_a_plain_row_looks_as_it_does_in_the_whole_text(text: str, width: int) -> None:
    layout, whole = Layout(text, width), safe(text, keep="\n\t")
    for row in map(layout.row, range(layout.rows)):
        if row._clusters is None:
            assert row.shown(row.start, row.end) == whole[row.start : row.end]


def test_every_character_of_the_fast_path_is_one_cluster_and_one_cell() -> None:
    for code in range(0x110000):
        character = chr(code)
        if layout_module._complex().match(character):
            assert character not in layout_module._PLAIN, hex(code)
            continue
        if character in "\n\r":
            continue
        assert cell_len(safe(character)) == 1, hex(code)
        assert units._certain().match(character) or len(list(units.graphemes(f"a{character}a"))) == 3, hex(code)


def test_an_empty_text_has_one_empty_row() -> None:
    layout = Layout("", 10)
    assert layout.rows == 1
    assert layout.row_bounds(0) == (0, 0)
    assert layout.cell_of(0) == 0
    assert layout.offset_at(0, 5) == 0


def test_a_final_newline_opens_one_more_row() -> None:
    assert rows_of(Layout("ab\n", 10)) == ["ab", ""]


def test_the_space_at_the_edge_hangs_and_the_next_word_begins_a_row() -> None:
    assert rows_of(Layout("abcd efgh", 4)) == ["abcd ", "efgh"]


def test_a_long_address_is_broken_hard() -> None:
    address = "https://" + "x" * 292
    assert [len(row) for row in rows_of(Layout("see " + address, 70))] == [4, 70, 70, 70, 70, 20]


def test_a_tab_reaches_the_next_stop_and_stays_inside_the_row() -> None:
    layout = Layout("a\tb\tc", 6, tab=4)
    assert rows_of(layout) == ["a   b ", "c"]
    assert [layout.cell_of(i) for i in range(4)] == [0, 1, 4, 5]
    assert rows_of(Layout("abc\td\tefgh", 10, tab=4)) == ["abc d   ", "efgh"]


def test_chinese_wraps_between_characters_but_not_before_a_full_stop() -> None:
    assert rows_of(Layout("北京市。的士兵", 6)) == ["北京", "市。的", "士兵"]


def test_a_wide_character_is_never_cut_at_the_edge() -> None:
    assert rows_of(Layout("abc京", 4)) == ["abc", "京"]


def test_a_cluster_wider_than_the_row_is_shown_as_an_ellipsis() -> None:
    layout = Layout("京a", 1)
    assert rows_of(layout) == ["…", "a"]


def test_a_mark_without_a_base_gets_one() -> None:
    layout = Layout("\u0301a", 10)
    assert rows_of(layout) == ["◌\u0301a"]
    assert layout.cell_of(1) == 1


def test_families_and_flags_are_one_cluster_of_two_cells() -> None:
    layout = Layout("👩‍👩‍👧‍👦🇫🇷x", 10)
    assert [(c.width, c.shown) for c in layout.row(0).clusters] == [(2, "👩‍👩‍👧‍👦"), (2, "🇫🇷"), (1, "x")]


@settings(max_examples=examples(20))
@given(st.integers(1, 200))
def test_a_paragraph_of_a_megabyte_fills_its_rows(width: int) -> None:
    text = "word " * 200_000
    layout = Layout(text, width)
    assert layout.rows >= len(text) // (width + 1)
    assert layout.row_of(len(text)) == layout.rows - 1
    middle = layout.row_bounds(layout.rows // 2)
    assert 0 < middle[1] - middle[0] <= width + 1
