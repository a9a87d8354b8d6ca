"""The words of a desk: each enumeration that records and files hold, with what every word means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Words(str, Enum):
    """An enumeration whose members are their own stored text."""

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def listed(cls) -> str:
        """All of them as a sentence lists them: high, normal or low."""
        *others, last = map(str, cls)
        return f"{', '.join(others)} or {last}"


class Attribution(Words):
    """How the article makes the claim; the empty string in a record means "not said"."""

    OWN_VOICE = "own_voice"
    DIRECT_QUOTE = "direct_quote"
    PARAPHRASE = "paraphrase"
    ANONYMOUS = "anonymous"
    HEADLINE = "headline"


class CheckTarget(Words):
    """What is to be verified: that it is so, that it was said, or both."""

    CONTENT = "content"
    ATTRIBUTION = "attribution"
    BOTH = "both"


class Priority(Words):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Stance(Words):
    """What a piece of evidence does to its claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class Tier(Words):
    """How close a source stands to the fact."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Status(Words):
    """Where a claim stands in the work. Derived, never stored."""

    TAGGED = "tagged"  # it lacks a verdict, or something that its verdict requires
    CHECKED = "checked"  # it has a verdict and all that the verdict requires
    REVIEWED = "reviewed"  # it is checked, as many reviews agree as the scheme asks for, and none is in dispute
    DISPUTED = "disputed"  # a reviewer objects, and neither the checker's acceptance nor an adjudicator has ended it
    SETTLE_AGAIN = "settle_again"  # it was settled, and a correction has changed its words since
    SETTLED = "settled"  # by an adjudicator
    WITHDRAWN = "withdrawn"


class Left(Words):
    """What keeps a set from being submitted."""

    NO_VERDICT = "no_verdict"
    LACKS = "lacks"  # what its verdict requires
    NOT_REVIEWED = "not_reviewed"
    CHANGED = "changed"  # since you reviewed it
    NOT_LOOKED_AT = "not_looked_at"  # the verdict on a claim that you reported missing
    DISPUTED = "disputed"
    ALL_DISPUTED = "all_disputed"  # several claims of one place
    APART = "apart"  # sets differ
    NOT_SETTLED = "not_settled"  # though all agree
    AGAIN = "again"  # a correction has changed the words it was settled with


class Decision(Words):
    """What a second reader says of a claim."""

    AGREE = "agree"
    DISAGREE = "disagree"
    CHANGE_SPAN = "change_span"
    CHANGE_VERDICT = "change_verdict"
    CHANGE_CLAIM_TEXT = "change_claim_text"
    REJECT_CLAIM = "reject_claim"  # nothing here to check
    MISSING_CLAIM = "missing_claim"  # tagged where the checker did not
    NEEDS_EVIDENCE = "needs_evidence"
    COMMENT = "comment"  # seen, and neither agreed nor objected

    @property
    def says(self) -> str:
        """What the history says that somebody did, with blanks for the claim, the proposed quote and text."""
        return _DECIDED[self]

    @property
    def on_a_claim(self) -> bool:
        """Whether it is given on a claim that somebody else has tagged."""
        return self is not Decision.MISSING_CLAIM

    @property
    def objects(self) -> bool:
        """Whether it disputes the claim, until the checker accepts it or somebody settles it."""
        return self.on_a_claim and self is not Decision.AGREE and self not in NOTES

    @property
    def proposes(self) -> bool:
        """Whether it says what should stand instead: other edges, words or another verdict, or no claim at all."""
        return self in _PROPOSALS


_PROPOSALS = (Decision.CHANGE_SPAN, Decision.CHANGE_VERDICT, Decision.CHANGE_CLAIM_TEXT, Decision.REJECT_CLAIM)
_DECIDED: Mapping[Decision, str] = {
    Decision.AGREE: "agreed with {about}",
    Decision.DISAGREE: "disagreed with {about}",
    Decision.CHANGE_SPAN: "proposed {quote} as the span of {about}",
    Decision.CHANGE_VERDICT: "proposed another verdict on {about}",
    Decision.CHANGE_CLAIM_TEXT: "proposed {text} as the claim text of {about}",
    Decision.REJECT_CLAIM: "found nothing to check in {about}",
    Decision.MISSING_CLAIM: "reported {about} as missing",
    Decision.NEEDS_EVIDENCE: "asked for evidence on {about}",
    Decision.COMMENT: "reviewed {about}",
}

NOTES = (Decision.COMMENT,)
"""What neither agrees nor objects: it disputes nothing, and no claim is reviewed by it."""

OBJECTIONS = tuple(decision for decision in Decision if decision.objects)
"""What disputes a claim."""

BARE_OBJECTIONS = tuple(decision for decision in OBJECTIONS if not decision.proposes)
"""What disputes a claim and leaves it to the checker what to change: accepted, it waits until that is done."""


class Blind(Words):
    """What is hidden from a reviewer until they have said what they think themselves."""

    OPEN = "open"  # nothing
    VERDICT = "verdict"  # the checker's verdict on a claim, until the reviewer has given theirs
    ALL = "all"  # everything of the others', until both have submitted


class Role(Words):
    CHECKER = "checker"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"


class Outcome(Words):
    """How an adjudicator settles a claim."""

    FIRST_CORRECT = "first_correct"  # the checker's values
    SECOND_CORRECT = "second_correct"  # somebody else's; ``chosen`` says whose
    BOTH_CORRECT = "both_correct"  # as good as each other: the checker's stand; where they tagged two spans, both
    BOTH_WRONG = "both_wrong"  # worth checking, but nobody's verdict holds
    MERGED = "merged"  # one's span, another's verdict or words
    OWN = "own"  # the adjudicator's
    NOTHING_HERE = "nothing_here"  # there is nothing to check in this place


_SETTLED: Mapping[str, str] = {
    Outcome.FIRST_CORRECT: "{chosen} is right",
    Outcome.SECOND_CORRECT: "{chosen} is right",
    Outcome.BOTH_CORRECT: "all are right",
    Outcome.BOTH_WRONG: "worth checking, but nobody’s verdict is right",
    Outcome.MERGED: "merged",
    Outcome.OWN: "the adjudicator’s own",
    Outcome.NOTHING_HERE: "nothing to check here",
}


def outcome_words(outcome: str, chosen: str) -> str:
    """How a claim was settled, in words; ``chosen`` is whose values were taken, where they are one person's.

    An outcome that only a newer factdesk knows is told by its name.
    """
    known = _SETTLED.get(outcome)
    return known.format(chosen=chosen or "somebody") if known else outcome.replace("_", " ")


class Lines(Words):
    """How the line ends of an article are meant; the empty string leaves it to the lengths of its lines."""

    LINES = "lines"  # each ends a sentence
    WRAPPED = "wrapped"  # they end none, but before headings, items, speakers and rows of tables


class Markup(Words):
    """How the text of an article is marked up; the empty string shows it as it is stored."""

    MARKDOWN = "markdown"


LEFT_WORDS: Mapping[Left, str] = {
    Left.NO_VERDICT: "{name} has no verdict",
    Left.LACKS: "{name}: {how}",
    Left.NOT_REVIEWED: "{name} is not reviewed",
    Left.CHANGED: "{name} was changed after your review",
    Left.NOT_LOOKED_AT: "{name}: you have not looked at its verdict",
    Left.DISPUTED: "{name} is in dispute",
    Left.ALL_DISPUTED: "{name} are in dispute",
    Left.APART: "{name}: {how}",
    Left.NOT_SETTLED: "{name}: agreed by all who looked, but not settled",
    Left.AGAIN: "{name}: settled, but a correction has changed its words: settle it again",
}
"""What keeps a set from being submitted, in words about a claim by its name; ``how`` says more."""

LACK_WORDS: Mapping[str, str] = {
    "verdict": "a verdict",
    "evidence": "evidence",
    "justification": "a justification",
    "again": "another look",
    "known_verdict": "a verdict of the scheme",
}
"""What a claim may lack to be checked, in words."""

FIELD_WORDS: Mapping[str, str] = {
    "claim_text": "claim text",
    "claimant": "claimant",
    "attribution": "attribution",
    "check_target": "check target",
    "types": "types",
    "priority": "priority",
    "tags": "tags",
    "title": "title",
    "url": "address",
    "publisher": "publisher",
    "author": "author",
    "published": "date",
    "language": "language",
    "lines": "lines",
    "markup": "mark-up",
    "archive_url": "archived copy",
    "retrieved": "retrieval date",
    "tier": "tier",
    "origin": "origin",
    "pieces": "pieces",
    "stance": "stance",
    "quote": "passage",
    "locator": "place in the source",
    "note": "note",
    "source": "source",
    "body": "words",
    "justification": "justification",
    "label": "label",
    "confidence": "confidence",
}
"""What the fields of claims, articles, sources and what is said of claims are called."""

SHORT_FIELD_WORDS: Mapping[str, str] = {"claim_text": "claim", "attribution": "said as", "check_target": "check"}
"""What those of a claim are called in its panel, whose labels have nine cells."""


def field_words(name: str) -> str:
    """What a field is called: its own name in words where nothing else is said."""
    return FIELD_WORDS.get(name) or name.replace("_", " ")
