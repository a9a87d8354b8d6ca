"""A colleague's own CSV: everybody's claims stay theirs, words are found, rows that do not fit are named."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.access.names import reviewer_id
from store.desk import Desk
from store.errors import Busy, Refused
from store.formats.csv import blocks
from store.formats.csv.claim_import import Imported, ImportRefused
from store.log import clock
from store.records import Article, Claim
from tests.kit.at_the_desk import BLOCKING, TEXT
from tests.kit.csv_files import another_desk, exported, file_of, imported, reasons, rows_of
from tests.kit.second_review import SPANS

Row = dict[str, str]


def by_hand(quote: str, **cells: str) -> Row:
    start = TEXT.index(quote)
    here = {"article_title": "Prisoners of war", "start": str(start), "end": str(start + len(quote)), "quote": quote}
    return here | cells


# -- everybody's claims are their own ---------------------------------------------------------------------------------


def sets(desk: Desk, article: Article) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for claim in desk.claims.of(article):
        found.setdefault(claim.checker, []).append((claim.quote, claim.verdict))
    return found


@pytest.mark.parametrize("ids", [False, True])
def test_four_peoples_files_give_four_sets_in_one_file_or_four_in_any_order(
    desk: Desk, article: Article, ids: bool
) -> None:
    words = ["Two prisoners", "Kursk", "October"]
    id = {word: clock.after("") for word in words}
    rows = {
        name: [by_hand(w, checker=name, verdict="mixed") | ({"claim_id": id[w]} if ids else {}) for w in words]
        for name in ("Ana", "Bo", "Cy", "Dee")
    }
    wanted = {name: [(word, "mixed") for word in words] for name in rows}
    orders = list(itertools.permutations(rows))[:: 5 if ids else 11]
    for order in orders:
        for files in ([rows[name] for name in order], [[row for name in order for row in rows[name]]]):
            with another_desk(desk) as other:
                for file in files:
                    assert imported(other, file_of(file)).claims == len(file)
                assert sets(other, article) == wanted
                for file in files:
                    assert imported(other, file_of(file)) == Imported(0, len(file), ())
                assert other.upkeep.verify() == []


def test_a_row_with_somebody_elses_claim_id_becomes_a_claim_of_its_checkers_with_always_the_same_id(
    desk: Desk, claim: Claim, article: Article
) -> None:
    (row,) = rows_of(exported(desk))
    his = clock.derived("claim", claim.id, reviewer_id("Bo"))
    bare = {name: cell for name, cell in row.items() if name != "record"}
    for taken in (bare, row):  # with the record in the row, too: it is Ana's
        with another_desk(desk) as other:
            imported(other, exported(desk))
            said = {"checker": "Bo", "verdict": "supported", "justification": "I was there"}
            mine = file_of([taken | said]).getvalue()
            assert imported(other, mine).claims == 1
            assert other.claims.get(his).checker == "Bo" and other.claims.get(claim.id).checker == "Ana"
            assert (other.claims.get(his).verdict, other.claims.get(claim.id).verdict) == ("supported", claim.verdict)
            assert [piece.quote for piece in other.evidence.of(his)] == [
                piece.quote for piece in desk.evidence.of(claim)
            ]
            assert imported(other, mine) == Imported(0, 1, ())
            other.delete(other.claims.get(claim.id))
            assert imported(other, mine).known == 1
            assert other.upkeep.verify() == []


def test_a_second_claim_on_ones_own_words_comes_in_with_another_claim_text(desk: Desk, article: Article) -> None:
    rows = [by_hand("Kursk", claim_text=text) for text in ("", "It was Kursk", "It was not Kyiv")]
    assert imported(desk, file_of(rows)).claims == 3
    assert imported(desk, file_of(rows)).known == 3
    assert [claim.claim_text for claim in desk.claims.of(article)] == ["", "It was Kursk", "It was not Kyiv"]


def test_a_source_of_a_claim_that_is_written_late_is_there_for_the_one_before(desk: Desk, bob: Desk) -> None:
    article = desk.articles.add("One two three four five six.", title="Blind")
    with Desk.open(desk.path, "Cy") as cy:
        desk.assignments.assign([article], ["Bob", "Cy"], "reviewer", blind="all")
        bob.verdicts.give(bob.claims.tag(article, 14, 18), "not_checkable", "A number.")
        for span in ((0, 3), (19, 23)):  # D1, as Bob has a C1, and C2
            claim = cy.claims.tag(article, *span)
            cy.evidence.add(claim, "supports", url="https://a.example")
            cy.verdicts.give(claim, "supported", "It says so.")
        bob.submissions.submit(article, "reviewer")
        cy.submissions.submit(article, "reviewer")
    data = exported(desk)
    assert [row["claim"] for row in rows_of(data)] == ["D1", "C1", "C2"]
    with another_desk(desk) as other:
        assert imported(other, data).claims == 3
        assert exported(other) == data
    bob.submissions.reopen(article, "reviewer")
    bob.delete(bob.claims.get("C1", article))
    bob.submissions.submit(article, "reviewer")
    with another_desk(desk) as other:
        imported(other, exported(desk))
        assert exported(other) == exported(desk), "D1 is D1 also when C1 is withdrawn"
        assert other.upkeep.verify() == []


def test_what_is_hidden_from_who_imports_is_here_already_and_not_told(desk: Desk, bob: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    desk.claims.tag(article, 0, 3, claimant="Ri")
    data = exported(desk)
    with another_desk(desk) as other:
        imported(other, data)
        other.claims.edit(other.claims.of(article.id)[0], claimant="Baek")
        assert imported(bob, exported(other)) == Imported(0, 1, ())
    assert bob.claims.of(article) == []


# -- words and articles -----------------------------------------------------------------------------------------------


def test_a_quote_alone_is_found_by_its_number_or_by_what_stands_around_it(desk: Desk) -> None:
    article = desk.articles.add("He said no. She said no. They said: no!", title="No", url="https://www.example.org/no")
    rows = [
        {"quote": "She said no", "nth": "", "prefix": "", "suffix": ""},
        {"quote": "no", "nth": "2", "prefix": "", "suffix": ""},
        {"quote": "no", "nth": "", "prefix": "said:", "suffix": ""},
        {"quote": "no", "nth": "", "prefix": "He said", "suffix": ". She"},
        {"quote": " They ", "nth": "", "prefix": "", "suffix": ""},
    ]
    named = [{"article_title": "no"}, {"article_title": "No"}, {"article_url": "http://example.org/no/"}]
    for name in named:
        with another_desk(desk) as other:
            imported(other, file_of([name | row for row in rows]))
            claims = other.claims.of(article.id)
            assert [claim.start for claim in claims] == [8, 12, 21, 25, 36]
            assert {other.articles.text(article)[claim.start : claim.end] for claim in claims} == {
                "no",
                "She said no",
                "They",
            }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({}, "stands 3 times in the article; say which, from 1 to 3. Write it into nth, or the words around it"),
        ({"nth": "4"}, "there is no number 4"),
        ({"nth": "zwei"}, "Its nth “zwei” is not a number from 1"),
        ({"prefix": "never"}, "does not stand in the article between those words"),
        ({"prefix": "He said", "nth": "2"}, "does not stand in the article between those words"),
        ({"quote": "yes"}, "does not contain “yes” letter for letter"),
        ({"quote": ""}, "The quote is empty"),
        ({"start": "3"}, "Its end “” is not a whole number."),
    ],
)
def test_a_quote_that_is_not_found_for_sure_is_refused_with_what_to_do(desk: Desk, cells: Row, reason: str) -> None:
    desk.articles.add("He said no. She said no. They said: no!", title="No")
    row = {"article_title": "No", "quote": "no", "nth": "", "prefix": "", "suffix": "", "start": "", "end": ""}
    assert reason in reasons(desk, file_of([row | cells]))[2]


def test_a_verdict_and_types_may_stand_by_their_labels(desk: Desk, article: Article) -> None:
    labels = {kind.key: kind.label for kind in desk.scheme.types}
    kinds = list(labels)[:2]
    cells = {"verdict": "REFUTED", "types": " | ".join(labels[kind] for kind in kinds)}
    imported(desk, file_of([by_hand("Kursk", **cells)]))
    (claim,) = desk.claims.of(article)
    assert (claim.verdict, claim.types) == ("refuted", tuple(kinds))
    assert imported(desk, file_of([by_hand("Kursk", **cells)])).known == 1
    imported(desk, file_of([by_hand("October", verdict_label="Supported")]))
    assert desk.claims.of(article)[-1].verdict == "supported"
    brought = imported(desk, file_of([by_hand("soldiers", verdict="✗ Refuted")]))  # as `factdesk claims` lists it
    assert [one.verdict for one in desk.claims.of(article) if one.quote == "soldiers"] == ["refuted"]
    assert brought.notes == ()


# -- evidence ---------------------------------------------------------------------------------------------------------


def test_evidence_stands_in_lists_that_go_side_by_side(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 3)
    desk.evidence.add(claim, "refutes", url="https://a.example", quote="a | b \\ c", locator="p. 2")
    desk.evidence.add(claim, "context", title="A | book")
    desk.evidence.add(claim, "supports", quote="said so", locator="")
    (row,) = rows_of(exported(desk))
    assert row["evidence_stances"] == "refutes | context | supports"
    assert row["evidence_sources"] == "https://a.example | A \\| book | "
    assert row["evidence_passages"] == "a \\| b \\\\ c |  | said so"
    assert row["evidence_locators"] == "p. 2 |  | "
    bare = {name: cell for name, cell in row.items() if name not in ("record", "claim_id")}
    with another_desk(desk) as other:
        imported(other, file_of([bare]))
        (made,) = other.claims.of(article.id)
        told = [
            (e.stance, e.quote, e.locator, (e.source.url, e.source.title) if e.source else "")
            for e in other.evidence.of(made)
        ]
        assert told == [
            ("refutes", "a | b \\ c", "p. 2", ("https://a.example", "")),
            ("context", "", "", ("", "A | book")),
            ("supports", "said so", "", ""),
        ]


def test_an_edit_of_a_cell_about_evidence_is_refused_by_name_and_older_files_without_them_are_read(
    desk: Desk, claim: Claim
) -> None:
    (row,) = rows_of(exported(desk))
    lists = ("evidence_stances", "evidence_sources", "evidence_passages", "evidence_locators", "evidence_urls")
    with another_desk(desk) as other:
        for name in lists:
            with pytest.raises(ImportRefused) as refused:
                imported(other, file_of([row | {name: "supports | more"}]))
            (bad,) = refused.value.rows
            assert (bad.number, bad.column) == (2, name) and "put it back as it was" in bad.reason
        older = {name: cell for name, cell in row.items() if name not in lists}
        imported(other, file_of([older]))
        assert exported(other) == exported(desk)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"evidence_stances": "maybe"}, "evidence_stances"),
        ({"evidence_stances": "supports", "evidence_passages": "a | b"}, "evidence_passages"),
    ],
)
def test_evidence_by_hand_that_does_not_fit_is_named(desk: Desk, article: Article, cells: Row, column: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        imported(desk, file_of([by_hand("Kursk", **cells)]))
    assert refused.value.rows[0].column == column


# -- what does not fit ------------------------------------------------------------------------------------------------


def test_the_rest_comes_in_when_that_is_asked_for(desk: Desk, article: Article) -> None:
    words = [("Kursk", ""), ("October", "urgent"), ("Two prisoners", "high"), ("Kursk", "")]
    rows = [by_hand(quote, priority=priority) for quote, priority in words]
    with pytest.raises(ImportRefused) as refused:
        imported(desk, file_of(rows))
    assert desk.claims.of(article) == [] and refused.value.fit == 2
    told = imported(desk, file_of(rows), skip_bad=True)
    assert (told.claims, [(bad.number, bad.column) for bad in told.refused]) == (2, [(3, "priority"), (5, "quote")])
    assert [claim.quote for claim in desk.claims.of(article)] == ["Two prisoners", "Kursk"]


def test_one_bad_byte_is_named_by_line_and_column_and_the_rest_can_come_in(desk: Desk) -> None:
    article = desk.articles.add("Das Café schloß. Ende.", title="Café")
    good = "article_title,quote,claimant\r\nCafé,Café,Jürgen\r\n".encode()
    data = good + b'Caf\xc3\xa9,schlo\xc3\x9f,"J\xfcrgen\nMeier"\r\nCaf\xc3\xa9,Ende,Anna\r\n'
    with pytest.raises(ImportRefused) as refused:
        imported(desk, data)
    (bad,) = refused.value.rows
    assert str(bad) == "row 3, column claimant: It has the byte 0xFC, which is not UTF-8: type that cell again."
    told = imported(desk, data, skip_bad=True)
    assert [claim.quote for claim in desk.claims.of(article)] == ["Café", "Ende"] and len(told.refused) == 1
    data += b'Caf\xc3\xa9,Das,"=\xff"\r\n'
    assert str(imported(desk, data, skip_bad=True).refused[1]).startswith("row 5 (line 6), column claimant: ")


def test_a_file_of_the_last_century_is_read_and_says_so(desk: Desk) -> None:
    desk.articles.add("Das Café schloß. Ende.", title="Café")
    rows = "article_title,quote,claimant\r\nCafé,schloß,Jürgen\r\nCafé,Ende,x\r\n".encode("cp1252")
    told = imported(desk, rows.replace(b",x", b",\x81"), skip_bad=True)
    assert told.notes == ("The file is not UTF-8: it was read as windows-1252.",)
    assert "0x81, which is not windows-1252" in told.refused[0].reason
    with pytest.raises(Refused, match="encoding that cannot be recognised"):
        imported(desk, "article_title,quote\r\n彼,言った\r\n".encode("cp932"))


# -- in blocks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(desk: Desk) -> Iterator[tuple[Article, list[Row]]]:
    """An article with very many claims, one of them by somebody else."""
    text = " ".join(f"Fact {n}." for n in range(60))
    article = desk.articles.add(text, title="Facts")
    yield (
        article,
        [
            {"article_title": "Facts", "quote": f"Fact {n}.", "checker": "Bo" if n == 40 else "Ana", "verdict": "mixed"}
            for n in range(60)
        ],
    )


def in_blocks_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of that many claims, however slow the machine is."""
    for name, value in (("_FIRST", size), ("_MOST", size), ("_SECONDS", 1e9)):
        monkeypatch.setattr(blocks, name, value)


@pytest.mark.parametrize("together", [1, 7, 300])
def test_two_rows_that_are_the_same_are_named_however_far_apart_they_stand(
    desk: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    _, rows = many
    monkeypatch.setattr(blocks, "_TOGETHER", together)
    doubled = [*rows, rows[0], rows[58]]
    with pytest.raises(ImportRefused, match="2 of 62 rows do not fit; nothing was imported"):
        imported(desk, file_of(doubled))
    brought = imported(desk, file_of(doubled), skip_bad=True)
    assert brought.claims == 60
    assert [str(row) for row in brought.refused] == [
        "row 62, column quote: “Fact 0.” is already tagged in row 2.",
        "row 63, column quote: “Fact 58.” is already tagged in row 60.",
    ]


@pytest.mark.parametrize("size", [1, 7, 500])
def test_the_desk_is_the_same_whatever_the_blocks_and_one_undo_takes_it_all_back(
    desk: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    article, rows = many
    in_blocks_of(size, monkeypatch)
    saved: list[int] = []
    assert imported(desk, file_of(rows), saved=lambda done, _: saved.append(done)).claims == 60
    assert saved[:-1] == list(range(size, 60, size)) and saved[-1] == 60
    assert [claim.name for claim in desk.claims.of(article)] == [f"C{n}" for n in range(1, 61)]
    assert desk.upkeep.verify() == []
    desk.history.undo()
    assert desk.claims.of(article) == []
    desk.history.redo()
    assert len(desk.claims.of(article)) == 60


def test_a_set_submitted_between_two_blocks_keeps_its_rows_out_and_they_are_listed(
    desk: Desk, bob: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    article, rows = many
    rows = [row | {"checker": "Bob" if row["checker"] == "Bo" else "Ana"} for row in rows]
    in_blocks_of(20, monkeypatch)

    def between(done: int, _: int) -> None:
        if done == 20:
            bob.verdicts.give(bob.claims.tag(article, 0, 6, own=True), "not_checkable", "A number.")
            bob.submissions.submit(article, "checker")

    told = imported(desk, file_of(rows), saved=between)
    assert told.claims == 59
    (bad,) = told.refused
    assert bad.number == 42 and "Bob's set on “Facts” is submitted" in bad.reason
    assert imported(desk, file_of([row for row in rows if row["checker"] == "Ana"])).known == 59


def test_what_somebody_else_brings_in_meanwhile_is_here_already(
    desk: Desk, bob: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    article, rows = many
    with another_desk(desk) as other:
        imported(other, file_of(rows))
        data = exported(other)
    in_blocks_of(20, monkeypatch)
    once = iter([bob])
    told = imported(desk, data, saved=lambda *_: [imported(one, data) for one in once])
    assert (told.claims, told.known, told.refused) == (20, 40, ())
    assert len(desk.claims.of(article)) == 60 and desk.upkeep.verify() == []


def test_a_desk_that_fails_on_the_way_says_what_is_in(
    desk: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    article, rows = many
    in_blocks_of(20, monkeypatch)

    def fail(done: int, _: int) -> None:
        monkeypatch.setattr(desk.imports, "bring", full)

    def full(*_: Any) -> None:
        raise Busy("The desk is held by another program; nothing was changed: close it there or try again.")

    with pytest.raises(Busy) as busy:
        imported(desk, file_of(rows), saved=fail)
    assert "; 20 of 60 claims are in and stay: close it there" in str(busy.value)
    monkeypatch.undo()
    assert imported(desk, file_of(rows)) == Imported(40, 20, ())
    assert len(desk.claims.of(article)) == 60


def test_killed_in_the_middle_it_goes_on_where_it_was(
    desk: Desk, many: tuple[Article, list[Row]], tmp_path: Path
) -> None:
    article, rows = many
    file = tmp_path / "facts.csv"
    file.write_bytes(file_of(rows).getvalue())
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom store.desk import Desk\n"
        "from store.formats.csv import blocks, claim_import\n"
        "blocks._FIRST, blocks._MOST, blocks._SECONDS = 10, 10, 1e9\n"
        "def saved(done, total):\n    print(done, flush=True)\n    time.sleep(1_000 if done == 30 else 0)\n"
        "with Desk.open(sys.argv[1], 'Ana') as desk:\n    claim_import.read(desk, Path(sys.argv[2]), saved=saved)\n"
    )
    arguments = [sys.executable, "-c", code, str(desk.path), str(file)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        while running.stdout.readline().strip() not in ("30", ""):
            time.sleep(0)
        os.kill(running.pid, signal.SIGKILL)
    assert len(desk.claims.of(article)) == 30
    assert imported(desk, file.read_bytes()) == Imported(30, 30, ())
    assert len(desk.claims.of(article)) == 60 and desk.upkeep.verify() == []


@pytest.mark.parametrize(("seconds", "wanted"), [(0.0, [100] + [50] * 12), (1e9, [100, 500, 100])])
def test_a_block_has_at_most_500_claims_and_even_on_a_busy_machine_50(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seconds: float, wanted: list[int]
) -> None:
    article = desk.articles.add("a" * 800, title="Many")
    rows = [{"article_title": "Many", "start": str(n), "end": str(n + 3), "quote": "aaa"} for n in range(700)]
    monkeypatch.setattr(blocks, "_SECONDS", seconds)
    saved = [0]
    imported(desk, file_of(rows), saved=lambda done, _: saved.append(done))
    assert [after - before for before, after in itertools.pairwise(saved)] == wanted
    assert len(desk.claims.of(article)) == 700


def test_claims_that_come_in_while_somebody_is_blind_to_all_are_hidden_from_them(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    with another_desk(desk, "Mara") as other:
        mine = other.articles.get(article.id)
        other.claims.tag(mine, *SPANS[0])
        other.sweeps.add(mine, *SPANS[1])
        data = exported(other)
    assert imported(desk, data).claims == 1
    bob.verdicts.give(bob.claims.tag(article, *SPANS[2]), "not_checkable", "So.")
    bob.submissions.submit(article, "reviewer")
    mara = open_desk("Mara")
    for one, name in ((bob, "Bob"), (mara, "Mara")):
        assert [claim.checker for claim in one.claims.of(article)] == [name], "one of the two is not done"
    assert len(desk.claims.of(article)) == 2
    desk.history.undo()
    assert [one.reviewer for one in desk.assignments.of(article)] == ["Bob"]


def test_a_verdict_that_the_scheme_forbids_is_found_before_anything_is_written(
    desk: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    article, rows = many
    desk.schemes.use(BLOCKING)
    in_blocks_of(7, monkeypatch)
    rows = [row | {"verdict": "open"} for row in rows]
    rows[50] |= {"verdict": "refuted"}
    with pytest.raises(ImportRefused, match="1 of 60 rows does not fit; nothing was imported"):
        imported(desk, file_of(rows))
    assert desk.claims.of(article) == []
    brought = imported(desk, file_of(rows), skip_bad=True)
    assert brought.claims == 59
    assert [str(row) for row in brought.refused] == [
        "row 52: It cannot have that verdict yet: refuted needs 1 piece of evidence that refutes; "
        "refuted needs a justification."
    ]
    rows[50] |= {"evidence_stances": "refutes", "evidence_sources": "https://a.example", "justification": "So."}
    assert imported(desk, file_of([rows[50]])).claims == 1


def test_a_verdict_that_the_scheme_forbids_meanwhile_is_a_row_that_no_longer_fits(
    desk: Desk, many: tuple[Article, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    article, rows = many
    rows = [row | {"verdict": "open"} for row in rows]
    rows[50] |= {"verdict": "refuted"}
    write = blocks.Blocks.write

    def chosen_meanwhile(self: blocks.Blocks, *details: Any) -> None:
        desk.schemes.use(BLOCKING)
        write(self, *details)

    monkeypatch.setattr(blocks.Blocks, "write", chosen_meanwhile)
    brought = imported(desk, file_of(rows))
    assert (brought.claims, [row.number for row in brought.refused]) == (59, [52])
    assert len(desk.claims.of(article)) == 59
