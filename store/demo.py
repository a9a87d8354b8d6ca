"""The demo desk: the sample article as two people checked it apart, and a third has begun to review.

Its verdicts and sources are made up to show how the work looks; they say nothing about the world.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from store import sample
from store.desk import Desk
from store.errors import Refused
from store.formats.articles import files as articles
from store.records import Claim
from store.vocabulary import Blind, Decision, Role

MARA, TOMAS, INES = "Mara", "Tomas", "Ines"
"""Mara checks, Tomas tags alone without seeing anything of hers; both have submitted. Ines has begun to review Mara."""


class _Tag(NamedTuple):
    """One person's claim: its words in the article, a key of the scheme, and why."""

    quote: str
    verdict: str
    why: str = ""
    types: tuple[str, ...] = ()
    claim_text: str = ""
    claimant: str = ""
    evidence: tuple[tuple[str, str, str], ...] = ()
    """Stance, page of the sample sources, and the source's own words."""


_CAPTURED = "Two North Korean prisoners of war captured by the Ukrainian Defense Forces in Kursk"
_BUREAU = "Both said they were connected to the North Korean Main Intelligence Bureau"
_DRONES = "all the Ukrainian drone operators were actually South Korean soldiers"
_ARRIVAL = "he was brought to Russia on October 10, 2024"
_FRONT = (
    "Ukrainian intelligence reported on October 24, 2024, that the first soldiers from the DPRK had already "
    "arrived at the front"
)
_STRENGTH = "There are approximately 12 000 soldiers, including 500 officers and three generals."
_LOSSES = "more than 3 000 soldiers from the DPRK have already been killed or wounded"
_BUDANOV = "as of February 2025, 8 000 North Korean fighters are still fighting in Kursk"

_SEARCHED = "Sample: looked in the interview and in two agencies' archives; neither settles it."

_MARAS = (
    _Tag(_CAPTURED, "supported", "Sample: the interview names both men.", ("event",),
         evidence=(("supports", "interview", "The two men were taken in Kursk."),)),
    _Tag(_BUREAU, "not_enough_evidence", _SEARCHED, ("identity",), claimant="the two prisoners"),
    _Tag(_DRONES, "refuted", "Sample: the ministry's statement leaves no room for it.", ("identity",),
         "South Korean soldiers flew the Ukrainian drones.", "intelligence agents",
         (("refutes", "statement", "No soldier of ours has been sent there."),)),
    _Tag(f"{_ARRIVAL}, along with 2 500 other soldiers", "mostly_supported",
         "Sample: the day is borne out, the number is his alone.", ("date_time", "quantity"),
         "Ri reached Russia on 10 October 2024 together with 2,500 other soldiers.", "Ri",
         (("supports", "interview", "We came on 10 October, 2,500 of us."),)),
    _Tag(_FRONT, "supported", "Sample: the report carries that date.", ("date_time",),
         evidence=(("supports", "report", "First units seen at the front, 24 October."),)),
    _Tag(_STRENGTH, "supported", "Sample: the overview has all three numbers.", ("quantity",),
         evidence=(("supports", "overview", "12,000 men, 500 officers, three generals."),)),
    _Tag(_LOSSES, "supported", "Sample: the address has the number.", ("quantity",), claimant="Volodymyr Zelensky",
         evidence=(("supports", "address", "More than 3,000 killed or wounded."),)),
    _Tag(_BUDANOV, "not_enough_evidence", _SEARCHED, ("quantity", "date_time"), claimant="Kyrylo Budanov"),
    _Tag("At one point, he and two other soldiers were caught by a drone.", "not_enough_evidence",
         "Sample: only he tells of it; no other account was found.", ("event",), claimant="Ri"),
)  # fmt: skip
_TOMAS = (
    _Tag(_CAPTURED, "supported", "Sample: the interview shows them.", ("event",),
         evidence=(("supports", "interview", "The two men were taken in Kursk."),)),
    _Tag(_BUREAU, "not_enough_evidence", "Sample: their word alone; no list of names was found.", ("identity",)),
    _Tag(_DRONES, "not_enough_evidence", "Sample: one statement by a party is not enough.", ("identity",),
         claimant="intelligence agents", evidence=(("context", "statement", "No soldier of ours has been sent."),)),
    _Tag(_ARRIVAL, "mostly_supported", "Sample: the day is borne out, the way there is not.", ("date_time",),
         claimant="Ri", evidence=(("supports", "interview", "We came on 10 October, 2,500 of us."),)),
    _Tag(_FRONT, "supported", "Sample: the report says so.", ("date_time",),
         evidence=(("supports", "report", "First units seen at the front, 24 October."),)),
    _Tag(_STRENGTH, "supported", "Sample: the numbers are those of the overview.", ("quantity",),
         evidence=(("supports", "overview", "12,000 men, 500 officers, three generals."),)),
    _Tag(_LOSSES, "mostly_supported", "Sample: the address counts prisoners in.", ("quantity",),
         evidence=(("supports", "address", "More than 3,000 killed, wounded or taken."),)),
    _Tag(_BUDANOV, "not_enough_evidence", "Sample: the office published no such count.", ("quantity",)),
    _Tag("Russia has assembled a group of 50 000 soldiers for an offensive in the Kursk region",
         "not_enough_evidence", "Sample: the paper names no source that can be looked up.", ("quantity",),
         claimant="The New York Times"),
)  # fmt: skip
_SWEPT = (
    "Prisoners Ri and Baek spoke about this in an interview with Chosun Ilbo.",
    'If I had had a grenade, I might have tried to commit suicide," he stressed.',
    "And he added that in the North Korean army, surrendering means treason.",
    "Participation of the DPRK military in the war in Ukraine",
)
_TITLES = {
    "interview": "Sample interview",
    "statement": "Sample statement of a ministry",
    "report": "Sample report",
    "overview": "Sample overview of the troops",
    "address": "Sample address",
}


def make_demo(path: str | Path, third: str = "") -> None:
    """Make the demo desk in a new file.

    Args:
        path: where; nothing may be there yet.
        third: the name of somebody who is to review Mara's set and settle what is open; empty for nobody.

    Raises:
        Refused: there is a file of that name already, or it cannot be made.
    """
    where = Path(path)
    if where.exists():
        raise Refused(f"{where}: there is a file of that name already, and the demo makes a new one; name another.")
    try:
        _fill(where, third)
    except BaseException:
        for end in ("", "-wal", "-shm"):
            Path(f"{where}{end}").unlink(missing_ok=True)
        raise


def _fill(where: Path, third: str) -> None:
    with Desk.open(where, MARA) as mara, Desk.open(where, TOMAS) as tomas, Desk.open(where, INES) as ines:
        mara.articles.add_many([articles.read(sample.path())])
        mara.assignments.assign(["1"], [MARA], Role.CHECKER)
        mara.assignments.assign(["1"], [TOMAS], Role.REVIEWER, blind=Blind.ALL, whose=MARA)
        for desk, tags, role in ((mara, _MARAS, Role.CHECKER), (tomas, _TOMAS, Role.REVIEWER)):
            with desk.together():
                _check(desk, tags)
            desk.submissions.submit("1", role)
        mara.assignments.assign(["1"], [INES], Role.REVIEWER, whose=MARA)
        _talk(mara, tomas)
        _review(mara, ines)
        if third and not mara.people.has(third):
            mara.assignments.assign(["1"], [third], Role.REVIEWER, whose=MARA)
            mara.assignments.assign(["1"], [third], Role.ADJUDICATOR)


def _check(desk: Desk, tags: tuple[_Tag, ...]) -> None:
    article = desk.articles.get("1")
    text = desk.articles.text(article)
    for tag in tags:
        start = text.index(tag.quote)
        claim = desk.claims.tag(
            article, start, start + len(tag.quote),
            types=list(tag.types), claim_text=tag.claim_text, claimant=tag.claimant,
            attribution="paraphrase" if tag.claimant else "own_voice",
        )  # fmt: skip
        for stance, page, quote in tag.evidence:
            url = f"https://example.org/sample/{page}"
            desk.evidence.add(claim, stance, url=url, title=_TITLES[page], quote=quote, locator="first paragraph")
        desk.verdicts.give(claim, tag.verdict, tag.why)
    for words in _SWEPT:
        start = text.index(words)
        desk.sweeps.add(article, start, start + len(words))


def _of(desk: Desk, person: str, quote: str) -> Claim:
    """A person's claim that begins with these words."""
    return next(c for c in desk.claims.of("1") if c.checker == person and c.quote.startswith(quote))


def _talk(mara: Desk, tomas: Desk) -> None:
    """Two threads: one still open, one done with."""
    arrival = _of(mara, MARA, _ARRIVAL)
    asked = mara.threads.comment(arrival, "Is the number his, or the paper's?")
    tomas.threads.comment(arrival, "His, by the interview. I would tag it as a claim of its own.", asked)
    captured = _of(mara, MARA, _CAPTURED)
    asked = tomas.threads.comment(captured, "Do both names stand in the interview?")
    mara.threads.comment(captured, "Yes, in its first paragraph.", asked)
    tomas.threads.resolve(asked)


def _review(mara: Desk, ines: Desk) -> None:
    """The beginning of a review: two claims agreed with, evidence looked at, one dispute, and an answer to it."""
    for quote in (_CAPTURED, _BUREAU):
        claim = _of(ines, MARA, quote)
        for piece in ines.evidence.of(claim):
            ines.ticks.tick(piece, "seen")
        ines.reviews.decide(claim, Decision.AGREE)
    strength = _of(ines, MARA, _STRENGTH)
    for piece in ines.evidence.of(strength):
        ines.ticks.tick(piece, "doubted", "secondary_source", "It repeats a count by somebody else.")
    said = ines.reviews.decide(
        strength, Decision.DISAGREE, reason="secondary_source",
        comment="An overview repeats the number. Who counted, and when?",
    )  # fmt: skip
    mara.threads.comment(strength, "I have asked the agency and wait for their answer.", said.id)
