"""CSV back in: from another desk, from a spreadsheet, from somebody's hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats.csv import claim_import as csv_import
from store.records import Article, Claim
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import another_desk, exported, file_of, imported, reasons, rows_of


def test_everybodys_verdicts_evidence_and_comments_come_back_with_their_people(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    bob.verdicts.give(claim, "supported", "I was there")
    with another_desk(desk) as other:
        assert imported(other, exported(desk)).claims == 1
        back = other.claims.get(claim.id)
        assert [(v.by, v.verdict, v.justification) for v in other.verdicts.of(back)] == [
            (v.by, v.verdict, v.justification) for v in desk.verdicts.of(claim)
        ]
        strip = [
            (e.id, e.stance, e.quote, e.note, e.source and e.source.url, e.by, e.created)
            for e in other.evidence.of(back)
        ]
        assert strip == [
            (e.id, e.stance, e.quote, e.note, e.source and e.source.url, e.by, e.created)
            for e in desk.evidence.of(claim)
        ]
        assert [(c.id, c.body, c.reply_to, c.by) for c in other.threads.of(back)] == [
            (c.id, c.body, c.reply_to, c.by) for c in desk.threads.of(claim)
        ]
        assert (back.name, back.checker, back.created, back.updated) == (
            claim.name,
            "Ana",
            claim.created,
            claim.updated,
        )


def test_a_waiting_conflict_comes_back_as_a_conflict(desk: Desk, bob: Desk, claim: Claim) -> None:
    seen = bob.claims.get(claim.id)
    desk.claims.edit(claim, claimant="one")
    bob.claims.edit(seen, claimant="two")
    with another_desk(desk) as other:
        data = exported(desk)
        imported(other, data)
        assert exported(other) == data
        (conflict,) = other.conflicts.of()
        assert [(one.by, one.values) for one in conflict.contenders] == [
            ("Ana", {"claimant": "one"}), ("Bob", {"claimant": "two"}),
        ]  # fmt: skip
        other.conflicts.settle(conflict, conflict.contenders[0])
        assert other.claims.get(claim.id).claimant == "one"
        assert other.upkeep.verify() == []


def test_an_import_is_one_step_of_undo_of_whoever_imported(desk: Desk, claim: Claim) -> None:
    data = exported(desk)
    with another_desk(desk) as other:
        imported(other, data)
        other.history.undo()
        assert rows_of(exported(other)) == []
        other.history.redo()
        assert other.claims.get(claim.id).verdict == "refuted"
        other.history.undo()
        assert imported(other, data).claims == 1
        assert other.claims.get(claim.id).comment_count == 2
        assert other.upkeep.verify() == []


def test_what_is_here_already_is_passed_over_and_what_differs_is_listed(
    desk: Desk, claim: Claim, article: Article
) -> None:
    data = exported(desk)
    assert imported(desk, data) == csv_import.Imported(0, 1, ())
    desk.claims.edit(claim, claimant="Somebody", tags=[])
    desk.threads.comment(claim, "more")
    assert reasons(desk, data) == {
        2: "C1 is already on this desk with another claimant, tags, record (people, times, evidence,"
        " comments or reviews): it is not overwritten."
    }
    desk.delete(desk.claims.get(claim.id))
    assert imported(desk, data).claims == 1
    assert desk.claims.get(claim.id).claimant == "Ri | Baek"


def test_what_was_changed_in_a_spreadsheet_is_taken(desk: Desk, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    row |= {"claimant": "Baek", "tags": "x | y", "verdict": "mixed", "justification": "both", "priority": "low"}
    with another_desk(desk) as other:
        imported(other, file_of([row]))
        back = other.claims.get(claim.id)
        assert (back.claimant, back.tags, back.priority) == ("Baek", ("x", "y"), "low")
        assert [(v.by, v.verdict, v.justification) for v in other.verdicts.of(back)] == [("Ana", "mixed", "both")]


def test_a_verdict_typed_where_none_stood_is_the_checkers(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 3)
    desk.verdicts.justify(claim, "a first thought")
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as other:
        imported(other, file_of([row | {"verdict": "mixed"}]))
        (verdict,) = other.verdicts.of(claim.id)
        assert (verdict.by, verdict.verdict, verdict.justification) == ("Ana", "mixed", "a first thought")
    with another_desk(desk) as other:
        imported(other, file_of([row | {"verdict": "mixed", "justification": "a second"}]))
        assert [verdict.justification for verdict in other.verdicts.of(claim.id)] == ["a second"]


def test_a_file_made_by_hand_needs_only_the_place_and_the_words(desk: Desk, article: Article) -> None:
    data = (
        'article_title;start;end;quote;verdict;checker;evidence_urls;evidence_refutes\r\n'
        'Prisoners of war;0;13;Two prisoners;refuted;Dan;https://a.example | https://b.example;2\r\n'
        'Prisoners of war;48;61;2 500 soldiers;;;;\r\n'
    ).replace("48;61", f"{TEXT.index('2 500')};{TEXT.index('2 500') + 14}")  # fmt: skip
    assert imported(desk, data.encode()).claims == 2
    first, second = desk.claims.of(article)
    assert (first.checker, first.verdict, first.name, first.status) == ("Dan", "refuted", "C1", "checked")
    assert [(e.stance, e.source.url, e.by) for e in desk.evidence.of(first) if e.source] == [
        ("refutes", "https://a.example", "Dan"), ("refutes", "https://b.example", "Dan"),
    ]  # fmt: skip
    assert (second.quote, second.checker, second.name, second.suffix) == (
        "2 500 soldiers",
        "Ana",
        "C2",
        " arrived on October 10, 2024.\n\n“",
    )
    assert imported(desk, data.encode()).known == 2
    assert desk.upkeep.verify() == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("hint", [False, True])
def test_files_are_read_as_spreadsheets_save_them(desk: Desk, separator: str, encoding: str, hint: bool) -> None:
    article = desk.articles.add("Das Café „Fritz“ schloß 2024.", title="Café")
    desk.claims.tag(article, 4, 23, claimant="Jürgen; der, der", tags=["ä"])
    stream = io.StringIO(newline="")
    rows = rows_of(exported(desk))
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    text = (f"sep={separator}\r\n" if hint else "") + stream.getvalue() + separator * 43 + "\r\n"
    with another_desk(desk) as other:
        assert imported(other, text.encode(encoding)).claims == 1
        assert exported(other) == exported(desk)


def test_names_survive_and_new_ones_follow(desk: Desk, article: Article) -> None:
    for start, end in ((0, 3), (4, 13), (14, 18)):
        desk.claims.tag(article, start, end)
    rows = rows_of(exported(desk))
    for name in ("claim", "claim_id", "record"):
        rows[0] |= {name: ""}
    with another_desk(desk) as other:
        imported(other, file_of([rows[0], rows[2]]))
        assert [claim.name for claim in other.claims.of("Prisoners of war")] == ["C4", "C3"]
        notes = imported(other, file_of([rows[1] | {"claim": "C3"}])).notes
        assert [claim.name for claim in other.claims.of("Prisoners of war")] == ["C4", "C5", "C3"]
        assert notes == ("Renamed, because other claims here have that name: 1.",)
        same = {"claim": "C3", "claim_id": "", "record": "", "checker": "Dan"}
        assert imported(other, file_of([rows[2] | same])).notes == ()
        assert [claim.name for claim in other.claims.of("Prisoners of war")] == ["C4", "C5", "C3", "D3"]
        with another_desk(other) as third:
            imported(third, exported(other))
            assert exported(third) == exported(other)


def test_two_claims_that_are_the_very_same_come_back_as_two(desk: Desk, bob: Desk, article: Article) -> None:
    first = desk.claims.tag(article, 0, 3)
    bob.claims.edit(first, claim_text="Two came")
    second = desk.claims.tag(article, 0, 3, claim_text="Two soldiers came")
    desk.claims.edit(second, claim_text="")
    bob.history.undo()
    data = exported(desk)
    rows = rows_of(data)
    assert [row["claim_id"] for row in rows] == [first.id, second.id]
    with another_desk(desk) as other:
        assert imported(other, file_of(rows[1:])).claims == 1
        assert imported(other, file_of(rows[:1])) == csv_import.Imported(0, 1, ())
        assert imported(other, data) == csv_import.Imported(1, 1, ())
        assert exported(other) == data


def test_an_article_nobody_has_edited_takes_its_details_from_the_file(
    desk: Desk, claim: Claim, article: Article
) -> None:
    with another_desk(desk) as other, another_desk(desk) as edited:
        desk.articles.edit(article, title="Renamed", published="2024-10-11")
        edited.articles.edit(article.id, title="My own title")
        data = exported(desk)
        imported(other, data)
        assert exported(other) == data
        imported(edited, data)
        assert edited.articles.get(article.id).title == "My own title"


def test_an_article_is_found_by_its_text_when_its_id_is_another(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    data = exported(desk)
    with Desk.open(tmp_path / "other.db", "Cleo") as other:
        other.articles.add(TEXT, title="Something else")
        assert imported(other, data).claims == 1
    with Desk.open(tmp_path / "third.db", "Cleo") as third:
        third.articles.add(TEXT + " Corrected.", title="Prisoners of war", url="https://example.org/war")
        assert "has another text on this desk" in reasons(third, data)[2]


@pytest.mark.parametrize(
    ("text", "quote", "codec", "said"),
    [
        ("Rzeka podniosła się o trzy metry.", "podniosła się", "cp1250", "windows-1250"),
        ("Президент заявил журналистам в среду.", "заявил", "cp1251", "windows-1251"),
        ("川は三メートル上昇したと市長は語った。人々は去った。橋は落ちた。", "上昇した", "cp932", "cp932"),
    ],
)
def test_a_table_in_an_encoding_of_its_language_is_read_as_that(
    desk: Desk, text: str, quote: str, codec: str, said: str
) -> None:
    article = desk.articles.add(text, title="A")
    rows = f"article_title,quote,claim_text\r\nA,{quote},{text}\r\n" + f"A,{text},{text}\r\n" * 2
    told = imported(desk, rows.encode(codec), skip_bad=True)
    assert told.notes == (f"The file is not UTF-8: it was read as {said}.",)
    assert quote in [claim.quote for claim in desk.claims.of(article)]
