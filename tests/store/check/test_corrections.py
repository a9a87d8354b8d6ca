"""Corrections: a new text, and what becomes of all that lay on the old one."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path

import pytest

from store.check.correction_fates import MoveCounts
from store.check.transfers import Transfer
from store.desk import Desk
from store.errors import Refused, Unknown
from store.formats.csv.claim_columns import write
from store.records import Article, Claim
from store.review.suggestions import Suggested
from tests.kit.at_the_desk import conflicts_told_alike
from tests.kit.corrected import NEW, RAIN, SPANS, correct, tagged


@pytest.fixture
def article(desk: Desk) -> Article:
    return desk.articles.add(RAIN, title="Rain")


@pytest.fixture
def claims(desk: Desk, article: Article) -> dict[str, Claim]:
    return {name: tagged(desk, article, quote) for name, quote in SPANS.items()}


def quotes(desk: Desk, article: Article) -> list[str]:
    return [claim.quote for claim in desk.claims.of(article.id)]


def test_claims_go_with_their_words_and_what_changed_is_asked(
    desk: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    desk.verdicts.give(claims["schools"], "supported")
    plan = desk.corrections.plan(article, NEW)
    assert quotes(desk, article) == list(SPANS.values())  # nothing is written by a plan
    assert plan.counts == MoveCounts(moved=2, carried=1, to_check=1, gone=1)
    assert str(plan.counts) == "2 claims moved, 1 with small changes, 1 to check, 1 gone"
    desk.corrections.correct(plan)
    now = desk.claims.of(article.id)
    assert [claim.quote for claim in now] == [SPANS["rain"], "43 schools will close", "The reports is here"]
    assert [claim.id for claim in now] == [claims[name].id for name in ("rain", "schools", "report")]
    for claim in now:
        assert desk.articles.text(desk.articles.get(article.id))[claim.start : claim.end] == claim.quote
    schools = now[1]
    assert schools.verdict == "supported" and schools.status == "tagged"  # its verdict shows, and is to be checked
    assert desk.claims.lacks(schools)[-1] == "its words were changed: check it again"
    waiting = desk.transfers.waiting(article.id)
    assert [(one.name, one.outcome, one.reason, one.before, one.now) for one in waiting] == [
        ("C2", "changed", "number", "41 schools will close", "43 schools will close"),
        ("C3", "vanished", "", "Nobody saw it", "Nobody saw it"),
    ]
    assert [one.number for one in desk.corrections.versions(article.id)] == [1, 2]
    assert desk.upkeep.verify() == []
    (row,) = desk.library.shelf()
    assert (row.claims, row.lacking.again) == (3, 1)  # what is gone is in no count


def test_history_tells_a_correction_in_one_line(desk: Desk, article: Article, claims: dict[str, Claim]) -> None:
    correct(desk, article, NEW)
    said = [change.sentence for change in desk.history.of(article.id)]
    assert said[0] == "corrected the text of “Rain”: 2 claims moved, 1 with small changes, 1 to check, 1 gone"
    assert said[1].startswith("tagged C4")
    own = [change.sentence for change in desk.history.of(claim=claims["schools"])]
    assert "took C2 along to the corrected text: “43 schools will close”" in own
    assert desk.history.undo().sentence == f"Undid: {said[0]}"
    assert quotes(desk, article) == list(SPANS.values())
    assert desk.upkeep.verify() == []
    assert desk.history.of(article.id)[0].sentence == f"undid: {said[0]}"
    assert desk.history.redo().sentence == f"Redid: {said[0]}"
    assert quotes(desk, article)[1] == "43 schools will close" and desk.upkeep.verify() == []


def test_an_undo_that_would_hide_somebody_elses_work_is_refused(
    desk: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    correct(desk, article, NEW)
    desk.be("Bo")
    tagged(desk, article, "A new sentence")
    desk.be("Ana")
    with pytest.raises(Refused, match=r"Bo \(.*\) has tagged a claim on version 2 since.*update ARTICLE --version 1"):
        desk.history.undo()
    assert "A new sentence" in quotes(desk, article)
    correct(desk, article, RAIN)  # the old text is put back, and claims move with it
    assert quotes(desk, article) == list(SPANS.values())
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C5"]
    assert [one.number for one in desk.corrections.versions(article.id)] == [1, 2, 3]
    assert desk.upkeep.verify() == []


@pytest.mark.parametrize("did", ["sweep", "review", "keep"])
def test_an_undo_is_refused_once_somebody_has_worked_on_the_new_text(
    desk: Desk, article: Article, claims: dict[str, Claim], did: str
) -> None:
    correct(desk, article, NEW)
    desk.be("Bo")
    if did == "sweep":
        desk.sweeps.add(article.id, 0, 15)
    elif did == "review":
        desk.reviews.decide(claims["rain"].id, "agree")
    else:
        desk.transfers.keep(claims["schools"].id)
    desk.be("Ana")
    with pytest.raises(Refused, match=r"Bo .*--version 1"):
        desk.history.undo()
    assert desk.upkeep.verify() == []


def test_a_sweep_moves_whole_or_is_to_be_read_again(desk: Desk, article: Article) -> None:
    for quote in ("It rained on Monday in all of the city.", "The mayor said that 41 schools will close this year."):
        desk.sweeps.add(article, RAIN.index(quote), RAIN.index(quote) + len(quote))
    tally = correct(desk, article, NEW)
    assert tally.unread == 1 and str(tally) == "0 claims moved; 1 stretch to read again"
    text = desk.articles.text(desk.articles.get(article.id))
    assert [text[sweep.start : sweep.end] for sweep in desk.sweeps.of(article.id)] == [
        "It rained on Monday in all of the city."
    ]
    assert desk.upkeep.verify() == []


def test_what_waits_is_answered_by_what_people_do(desk: Desk, article: Article, claims: dict[str, Claim]) -> None:
    for name in ("schools", "nobody", "rain", "report"):
        desk.verdicts.give(claims[name], "supported")
    text = RAIN.replace("41", "43").replace("Nobody", "Everybody").replace("Monday", "Sunday").replace("is", "was")
    correct(desk, article, text)
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C2", "C3", "C1", "C4"]  # the gravest first
    desk.transfers.keep(claims["schools"].id)
    desk.verdicts.give(claims["rain"].id, "supported")  # the same verdict, given anew
    at = text.index("Everybody saw it")
    desk.claims.move(claims["nobody"].id, at, at + 9)
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C4"]
    assert desk.history.undo().sentence.startswith("Undid: moved C3")
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C3", "C4"]
    desk.delete(desk.claims.get(claims["report"].id))
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C3"]
    assert {one.answer for one in desk.transfers.of_claim(claims["schools"])} == {"kept"}
    with pytest.raises(Refused, match="C2 have not changed"):
        desk.transfers.keep(claims["schools"].id)


def test_a_second_correction_asks_with_the_first_words_and_falls_silent_when_they_are_back(
    desk: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    correct(desk, article, RAIN.replace("41", "43"))
    correct(desk, article, RAIN.replace("41", "45"))
    (one,) = desk.transfers.waiting(article.id)
    assert (one.before, one.now) == ("41 schools will close", "45 schools will close")
    correct(desk, article, RAIN)
    assert desk.transfers.waiting(article.id) == [] and quotes(desk, article) == list(SPANS.values())
    assert desk.upkeep.verify() == []


def test_what_cannot_be_corrected_is_refused(desk: Desk, article: Article) -> None:
    for text, said in ((RAIN, "as it stands"), (" \n", "empty"), ("a\0b", "cannot be stored")):
        with pytest.raises(Refused, match=said):
            desk.corrections.plan(article, text)
    with pytest.raises(Unknown, match="has no version 7: it has one version"):
        desk.corrections.version(article, 7)
    named = desk.articles.edit(article, title="Rain,\nfor " + "very " * 40 + "long")
    with pytest.raises(Unknown, match=r"^[^\n]{1,120}$"):
        desk.corrections.version(named, 7)
    plan, other = (desk.corrections.plan(article, RAIN + more) for more in (" More.", " Less."))
    desk.corrections.correct(other)
    with pytest.raises(Refused, match="has been corrected since you looked"):
        desk.corrections.correct(plan)


def test_what_changed_since_a_plan_is_planned_anew(desk: Desk, article: Article, claims: dict[str, Claim]) -> None:
    plan = desk.corrections.plan(article, NEW)
    later = tagged(desk, article, "The mayor said")
    desk.claims.move(claims["rain"], 0, 19)
    assert desk.corrections.correct(plan).counts.moved == 3
    assert desk.claims.get(later.id).quote == "The mayor said" and quotes(desk, article)[0] == "It rained on Monday"
    assert desk.upkeep.verify() == []


def test_who_says_where_in_a_text_means_the_text_that_they_read(
    desk: Desk, bob: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    desk.corrections.correct(desk.corrections.plan(article, "News. " + RAIN))
    before = desk.history.mark()
    for act in (
        lambda: desk.claims.chosen(article, 0, 4),
        lambda: desk.claims.tag(article, 0, 4),
        lambda: desk.sweeps.add(article, 0, 4),
        lambda: desk.sweeps.add_all(article, [(0, 4)]),
        lambda: bob.reviews.missing(article, 0, 4, whose=desk.reviewer),
    ):
        with pytest.raises(Refused, match="“Rain” was corrected after you read it, and nothing was changed"):
            act()
    assert desk.history.mark() == before
    assert desk.claims.tag(desk.articles.get(article), 0, 4).quote == "News"
    assert desk.claims.tag(article.id, 0, 5).quote == "News.", "an id means the text as it is"
    with pytest.raises(
        Refused, match="C1, as you read it, lies on an earlier version of “Rain”, and nothing was changed"
    ):
        desk.claims.move(claims["rain"], 0, 4)
    desk.claims.move(desk.claims.get(claims["rain"].id), 6, 12)


def test_where_a_claim_lies_on_an_earlier_version_is_nowhere_in_the_newest(desk: Desk, bob: Desk) -> None:
    rest = "Bridges fell in the south, and mayors wept"
    article = desk.articles.add(f"The rain fell in the north. Nobody saw it. {rest}.", title="Rain")
    claim = desk.claims.tag(article, 0, 26, claim_text="It rained.")
    desk.suggestions.add_many(article, [Suggested(28, 41, "Model")])
    (suggestion,) = desk.suggestions.of(article)
    desk.corrections.correct(desk.corrections.plan(article, f"Nobody saw it at all today. {rest} bitterly."))
    left = desk.claims.get(claim.id)
    assert left.version == claim.version and left.quote == "The rain fell in the north"
    before = desk.history.mark()
    for act in (
        lambda: desk.claims.move(left, 0, 6),
        lambda: desk.claims.split(left, ["It rained.", "It rained in the north."]),
        lambda: bob.claims.tag(left, left.start, left.end, own=True),
        lambda: desk.suggestions.amend(suggestion, 28, 35),
    ):
        with pytest.raises(Refused, match="as you read it, lies on an earlier version of “Rain”, and nothing was"):
            act()
    assert desk.history.mark() == before and desk.claims.get(claim.id) == left
    assert desk.claims.move(left.id, 0, 6).quote == "Nobody", "an id means the text as it is"
    assert desk.suggestions.accept(suggestion).quote == "Nobody saw it"


def test_submitted_sets_and_settled_claims_move_along(desk: Desk, article: Article, claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        desk.verdicts.give(claim, "supported", "It is so.")
        desk.evidence.add(claim, "supports", url="https://a.example")
    desk.submissions.submit(article.id, "checker")
    desk.be("Bo")
    assert correct(desk, article, NEW).to_check == 1
    ((changed,),) = [one.claims for one in desk.submissions.changed(article.id).values()]
    assert changed == claims["schools"].id  # all that only moved, or changed in nothing, is as it was submitted
    with pytest.raises(Refused, match="submitted"):
        desk.transfers.keep(claims["schools"].id)
    assert desk.history.undo().sentence.startswith("Undid: corrected")
    assert quotes(desk, article) == list(SPANS.values()) and desk.upkeep.verify() == []


def test_a_review_stays_as_long_as_the_words_do(desk: Desk, article: Article, claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        desk.verdicts.give(claim, "supported", "It is so.")
    desk.be("Bo")
    for claim in claims.values():
        desk.reviews.decide(claim.id, "agree")
    desk.be("Ana")

    def stale() -> set[str]:
        names = {claim.id: name for name, claim in claims.items()}
        return {names[one.claim] for claim in claims.values() for one in desk.reviews.of(claim.id) if one.stale}

    assert stale() == set()
    correct(desk, article, NEW)  # two slide, one of them with a small change; one says 43
    assert stale() == {"schools"}
    desk.claims.move(claims["rain"].id, 16, 35)
    assert stale() == {"schools", "rain"}
    desk.history.undo()
    correct(desk, article, RAIN)  # the old words again
    assert stale() == set() and desk.upkeep.verify() == []


def test_proposed_words_that_are_gone_cannot_be_accepted_in_place_of_others(
    desk: Desk, bob: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    start = RAIN.index("Nobody")
    review = bob.reviews.decide(claims["schools"].id, "change_span", span=(start, start + len("Nobody saw it")))
    correct(desk, article, NEW)
    with pytest.raises(Refused, match="proposed for C2, “Nobody saw it”, are not there in the corrected text"):
        desk.answers.answer(desk.reviews.of(claims["schools"].id)[0], "accepted")
    assert review.quote == "Nobody saw it" and desk.claims.get(claims["schools"].id).quote == "43 schools will close"


def test_what_is_hidden_moves_along_and_is_counted_nowhere(desk: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Ana", "Bo"], "checker", blind="all")
    mine = tagged(desk, article, SPANS["rain"])
    desk.be("Bo")
    theirs = tagged(desk, article, SPANS["schools"])
    desk.be("Ana")
    plan = desk.corrections.plan(article.id, NEW)
    assert plan.counts == MoveCounts(moved=1)
    desk.corrections.correct(plan)
    assert desk.transfers.of(article.id) == [] and desk.transfers.waiting(article.id) == []
    (told,) = [change.sentence for change in desk.history.of(article.id) if "corrected" in change.sentence]
    assert told.endswith(": 1 claim moved")
    assert all("43" not in change.sentence for change in desk.history.of())
    desk.be("Bo")
    assert quotes(desk, article) == ["43 schools will close"]
    (one,) = desk.transfers.waiting(article.id)
    assert (one.item, one.by) == (theirs.id, "Ana") and mine.id not in [one.item]
    desk.transfers.keep(theirs.id)
    desk.be("Ana")
    with pytest.raises(Refused) as refused:
        desk.history.undo()
    assert "Bo" not in str(refused.value) and "43" not in str(refused.value)
    assert desk.upkeep.verify() == []


def test_two_desks_that_enter_the_same_correction_meet(tmp_path: Path) -> None:
    ids = []
    for name in ("one.db", "other.db"):
        with Desk.open(tmp_path / name, "Ana") as desk:
            article = desk.articles.add(RAIN)
            correct(desk, article, NEW)
            ids.append([one.id for one in desk.corrections.versions(article.id)])
    assert ids[0] == ids[1] and len(set(ids[0])) == 2


def test_a_long_correction_is_one_step_in_short_transactions(desk: Desk, path: Path) -> None:
    text = " ".join(f"The town number {n} has {n + 7} houses of old stone." for n in range(700))
    article = desk.articles.add(text)
    with desk.together():
        for n in range(700):
            tagged(desk, article, f"number {n} has {n + 7} houses")
    new = text.replace("has 50 houses", "has 51 houses").replace("The town number 3 ", "A town number 3 ")
    seen: list[tuple[int, int]] = []

    def look(done: int, of: int) -> None:
        seen.append((done, of))
        with Desk.open(path, "Bo") as other:  # others see the old version until all is written
            assert other.articles.get(article.id).version_number == 1

    plan = desk.corrections.correct(desk.corrections.plan(article.id, new), look)
    assert plan.counts == MoveCounts(moved=699, to_check=1) and len(seen) > 1 and seen[-1] == (700, 700)
    assert desk.articles.get(article.id).version_number == 2 and len(desk.claims.of(article.id)) == 700
    assert len({change.action for change in desk.history.of(article.id, limit=2000)}) == 3  # added, tagged, corrected
    assert desk.upkeep.verify() == []
    desk.history.undo()
    assert desk.articles.get(article.id).version_number == 1 and len(desk.claims.of(article.id)) == 700
    assert desk.upkeep.verify() == []


def test_a_correction_that_was_broken_off_goes_on(desk: Desk) -> None:
    text = " ".join(f"The town number {n} has {n + 7} houses of old stone." for n in range(600))
    article = desk.articles.add(text)
    with desk.together():
        for n in range(600):
            tagged(desk, article, f"number {n} has {n + 7} houses")

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    new = "More. " + text
    with pytest.raises(KeyboardInterrupt):
        desk.corrections.correct(desk.corrections.plan(article.id, new), stop)
    assert desk.articles.get(article.id).version_number == 1
    assert any("broken off" in wrong for wrong in desk.upkeep.verify())
    with pytest.raises(Refused, match="interrupted"):
        desk.corrections.plan(article.id, "Other. " + text)
    desk.corrections.correct(desk.corrections.plan(article.id, new))
    assert len(desk.claims.of(article.id)) == 600 and desk.upkeep.verify() == []
    assert desk.history.undo().sentence.startswith("Undid: corrected")
    assert len(desk.claims.of(article.id)) == 600 and desk.upkeep.verify() == []


def test_verify_tells_what_lies_on_a_version_that_was_taken_back(
    desk: Desk, article: Article, claims: dict[str, Claim]
) -> None:
    correct(desk, article, NEW)
    version = desk.corrections.versions(article.id)[-1].id
    conn = desk.session.log.conn
    conn.execute("UPDATE versions SET deleted = 1 WHERE id = ?", (version,))
    conn.execute("UPDATE transfers SET before = 'never said' WHERE outcome = 'changed'")
    said = desk.upkeep.verify()
    assert any("lies on a version of the text that was taken back" in one for one in said)
    assert any("stand in no other version" in one for one in said)
    assert isinstance(desk.transfers.of_claim(claims["schools"]), list) and Transfer


def test_what_was_made_on_a_version_that_another_desk_took_back_waits_to_be_carried_over(tmp_path: Path) -> None:
    ana, bo = (Desk.open(tmp_path / f"{who}.db", who) for who in ("Ana", "Bo"))
    article = ana.articles.add(RAIN)
    bo.merges.merge([tmp_path / "Ana.db"])
    correct(bo, article, NEW)
    ana.merges.merge([tmp_path / "Bo.db"])
    tagged(ana, article, "43 schools will close")
    at = NEW.index("It rained")
    ana.sweeps.add(article.id, at, at + len("It rained"))
    bo.history.undo()
    ana.merges.merge([tmp_path / "Bo.db"])
    assert ana.upkeep.verify() == [] and ana.claims.of(article.id) == [] and ana.sweeps.of(article.id) == []
    (row,) = ana.library.shelf()
    assert (row.claims, ana.coverage.of(article.id).words_read) == (0, 0)  # its places are those of another text
    assert str(ana.corrections.behind(article.id)) == "1 claim and 1 sweep"
    ana.corrections.carry_over(article.id)
    assert quotes(ana, article) == ["41 schools will close"] and len(ana.sweeps.of(article.id)) == 1
    assert not ana.corrections.behind(article.id) and ana.upkeep.verify() == []
    assert {one.sentence for one in ana.history.of(article.id, limit=2)} == {
        "moved C1 from “43 schools will close” to “41 schools will close”",
        "carried a sweep over to the text as it stands: “It rained”",
    }
    bo.merges.merge([tmp_path / "Ana.db"])
    assert quotes(bo, article) == quotes(ana, article) and bo.upkeep.verify() == []


def test_csv_says_which_claims_to_check_again(
    desk: Desk, article: Article, claims: dict[str, Claim], tmp_path: Path
) -> None:
    correct(desk, article, NEW)
    file = tmp_path / "claims.csv"
    write(desk, file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = {row["claim"]: row for row in DictReader(opened)}
    assert {name: (row["version"], row["check_again"]) for name, row in rows.items()} == {
        "C1": ("2", "0"), "C2": ("2", "1"), "C3": ("1", "0"), "C4": ("2", "0"),
    }  # fmt: skip


def test_what_comes_in_on_an_earlier_text_is_told_and_carried_over_by_the_same_rule(
    desk: Desk, article: Article, tmp_path: Path
) -> None:
    with Desk.open(desk.backup(tmp_path / "bo.db"), "Bo") as bo:
        for name in ("rain", "schools", "nobody"):
            tagged(bo, article, SPANS[name])
        bo.sweeps.add(article.id, RAIN.index("The report"), len(RAIN))
    correct(desk, article, NEW)
    assert not desk.corrections.behind(article.id)
    desk.merges.merge([tmp_path / "bo.db"])
    assert desk.claims.of(article.id) == [] and desk.corrections.behind(article.id) == (3, 1)
    assert str(desk.corrections.carry_over(article.id).counts) == "1 claim moved, 1 to check, 1 gone"
    assert quotes(desk, article) == [SPANS["rain"], "43 schools will close"]
    assert [(one.name, one.outcome) for one in desk.transfers.waiting(article.id)] == [
        ("C2", "changed"), ("C3", "vanished"),
    ]  # fmt: skip
    assert not desk.corrections.behind(article.id) and len(desk.corrections.versions(article.id)) == 2
    with pytest.raises(Refused, match="nothing to correct"):
        desk.corrections.carry_over(article.id)
    desk.history.undo()
    assert desk.corrections.behind(article.id) == (3, 1) and desk.upkeep.verify() == []


def test_suggestions_go_with_their_words(desk: Desk, article: Article) -> None:
    desk.suggestions.add_many(
        article, [Suggested(RAIN.index(quote), RAIN.index(quote) + len(quote), by="Model") for quote in SPANS.values()]
    )
    correct(desk, article, NEW)
    text = desk.articles.text(desk.articles.get(article.id))
    found = desk.suggestions.of(article.id)
    assert [text[one.start : one.end] for one in found] == [one.quote for one in found]
    assert [one.quote for one in found] == [SPANS["rain"], "43 schools will close", "The reports is here"]
    assert desk.suggestions.accept(found[0]).quote == SPANS["rain"]
    desk.history.undo()
    desk.history.undo()
    assert [one.quote for one in desk.suggestions.of(article.id)] == list(SPANS.values())
    assert desk.upkeep.verify() == []


@pytest.mark.parametrize("whose", ["Ana", "Bo"])
def test_two_corrections_made_apart_are_one_conflict_and_a_person_chooses(
    desk: Desk, article: Article, claims: dict[str, Claim], tmp_path: Path, whose: str
) -> None:
    bos = "– → “News.”; “Monday” → “Sunday”"
    texts = {"Ana": RAIN.replace("41", "43"), "Bo": "News. " + RAIN.replace("Monday", "Sunday")}
    with Desk.open(desk.backup(tmp_path / "bo.db"), "Bo") as bo:
        correct(desk, article, texts["Ana"])
        theirs = tagged(desk, article, "The mayor said")
        correct(bo, article, texts["Bo"])
        late = tagged(bo, article, "News")
        desk.merges.merge([tmp_path / "bo.db"])
        bo.merges.merge([desk.path])
        (found,) = desk.conflicts.of()
        assert bo.conflicts.of() == [found] and conflicts_told_alike(desk) == {article.id: 1}
        assert (found.part, found.about) == ("correction", "Rain")
        assert [(one.by, one.words) for one in found.contenders] == [("Ana", "“41” → “43”"), ("Bo", bos)]
        shown = desk.articles.text(desk.articles.get(article.id))
        assert [one.by for one in found.contenders if texts[one.by] == shown] == [
            one.by for one in found.contenders if one.stands
        ]
        desk.conflicts.settle(found, next(one for one in found.contenders if one.by == whose))
        text = desk.articles.text(desk.articles.get(article.id))
        assert text == texts[whose] and desk.conflicts.of() == [] and desk.upkeep.verify() == []
        here = {claim.id: claim for claim in desk.claims.of(article.id)}
        assert theirs.id in here and (late.id in here) == (whose == "Bo")
        assert all(text[claim.start : claim.end] == claim.quote for claim in here.values())
        bo.merges.merge([desk.path])
        assert bo.conflicts.of() == [] and bo.articles.text(bo.articles.get(article.id)) == text
        desk.history.undo()
        assert desk.conflicts.of() == [found] and desk.upkeep.verify() == []
