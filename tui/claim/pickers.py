"""What is chosen of a claim: its verdict, its types, and the fields that hold one word."""

from __future__ import annotations

from store.access.fields import value_words
from store.vocabulary import Attribution, CheckTarget, Priority
from tui.claim.dossier import Dossier
from tui.claim.panel_content import OPEN_CIRCLE
from tui.kit.picker import Choice, Picker

WORDS: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "attribution": (
        "How does the article say it?",
        (
            (Attribution.OWN_VOICE, "o", "The article says it itself."),
            (Attribution.DIRECT_QUOTE, "q", "Someone's words in quotation marks."),
            (Attribution.PARAPHRASE, "p", "The article reports what someone said."),
            (Attribution.ANONYMOUS, "a", "Sources that are not named."),
            (Attribution.HEADLINE, "h", "It is in the headline or a caption."),
        ),
    ),
    "check_target": (
        "What is to be checked?",
        (
            (CheckTarget.CONTENT, "c", "That it is true."),
            (CheckTarget.ATTRIBUTION, "a", "That this person said it, and meant it so."),
            (CheckTarget.BOTH, "b", "That it was said, and that it is true."),
        ),
    ),
    "priority": (
        "How urgent is it?",
        (
            (Priority.HIGH, "h", "Check this first."),
            (Priority.NORMAL, "n", "Check this in its turn."),
            (Priority.LOW, "l", "Check this last."),
        ),
    ),
}
"""The fields that hold one word: what is asked, and the words with a key and their meaning."""
_NOT_SAID = Choice("", "not said", hotkey="0", description="Leave it empty.")


def pick_verdict(dossier: Dossier) -> Picker:
    """A picker of verdicts; the empty key takes your own back."""
    given = dossier.mine.verdict if dossier.mine else ""
    choices = [
        Choice(kind.key, kind.label, kind.glyph, kind.colour, kind.hotkey, _line(kind.description))
        for kind in dossier.scheme.active
    ]
    if given:
        choices.append(Choice("", "No verdict", OPEN_CIRCLE, "accent", "0", "Remove your verdict."))
    return Picker(f"Verdict on {dossier.claim.name}", choices, chosen=(given,))


def pick_types(dossier: Dossier) -> Picker:
    """A picker of several claim types; those the scheme has retired or does not know stay if the claim has them."""
    claim, scheme = dossier.claim, dossier.scheme
    kinds = [kind for kind in scheme.types if not kind.retired or kind.key in claim.types]
    kinds += [scheme.type(key) for key in claim.types if not scheme.type(key).known]
    choices = [Choice(kind.key, kind.label, description=_line(kind.description)) for kind in kinds]
    return Picker(f"Types of {claim.name}", choices, chosen=claim.types, multiple=True, finding=False)


def pick_word(name: str, given: str) -> Picker:
    """A picker of the words of a field; the empty key leaves it open."""
    title, words = WORDS[name]
    choices = [
        Choice(str(key), value_words(name, str(key)), hotkey=hotkey, description=does) for key, hotkey, does in words
    ]
    return Picker(title, [*choices, _NOT_SAID], chosen=(given,))


def _line(text: str) -> str:
    return " ".join(text.split())
