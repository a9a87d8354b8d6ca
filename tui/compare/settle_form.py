"""The forms for a merged outcome, whose span, verdict and words are to stand, and for your own; each asks why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.errors import Refused
from store.settle.comparison_groups import Group, Take
from store.text.units import Span
from tui.compare.open_comparison import letter
from tui.kit.choice_editor import ChoiceEditor, Option
from tui.kit.form import Field, Question
from tui.kit.styled_text import shorten


class Answer(NamedTuple):
    """Why, and the values that are to stand; None for what is left as the first has it."""

    why: str
    span: Span | None = None
    verdict: str | None = None
    claim_text: str | None = None


class _SettleForm(Question[Answer]):
    """Ends with a rationale of one line; Enter in the empty line takes the last one again, Esc settles nothing."""

    def __init__(self, title: str, fields: Sequence[Field], *, about: str, last: str, intro: str) -> None:
        again = f"Enter takes again: {shorten(last, 44)}" if last else "in one line"
        why = Field("why", "Why", placeholder=again)
        super().__init__(
            title, [*fields, why], intro=f"{intro}\nEnter settles it. Esc leaves it as it is.", about=about,
            verb="Settle",
        )  # fmt: skip
        self._last = last

    def _typed(self, name: str) -> str:
        editor = self._editors.get(name)
        return editor.typed.strip() if editor else ""

    def answer(self, why: str) -> Answer:
        """What is settled, with that rationale."""
        raise NotImplementedError

    def close_form(self) -> None:
        why = self._typed("why") or self._last
        if why:
            for editor in self._editors.values():
                editor.keep()  # until it is settled, which may be refused
            self.dismiss(self.answer(why))
            return
        editor = self.editor("why")
        self.set_focus(editor)
        editor.begin()
        raise Refused("Say why in one line: settling a dispute needs a reason.")


class OwnForm(_SettleForm):
    """Asks for the adjudicator's own claim text; span and verdict were chosen before."""

    def __init__(
        self, title: str, span: Span | None, verdict: str | None, *, about: str, last: str, intro: str
    ) -> None:
        text = Field("claim_text", placeholder="as it is, unless you write another")
        super().__init__(title, [text], about=about, last=last, intro=intro)
        self._span = span
        self._verdict = verdict

    def answer(self, why: str) -> Answer:
        return Answer(why, self._span, self._verdict, self._typed("claim_text") or None)


class MergeForm(_SettleForm):
    """Asks whose span, whose verdict and whose claim text are to stand."""

    def __init__(self, group: Group, people: Sequence[str], *, about: str, last: str, said: str) -> None:
        self._takes = {letter(k): take for k, take in enumerate(group.takes) if take and not take.rejects}
        self._people = people
        first = next(iter(self._takes))
        judged = [key for key, take in self._takes.items() if take.verdict] or [first]
        worded = [key for key, take in self._takes.items() if take.claim_text]
        choices = {"span": list(self._takes), "verdict": judged, "claim_text": worded}
        labels = {"span": "Span of", "verdict": "Verdict of", "claim_text": "Words of"}
        chosen = {name: keys[0] for name, keys in choices.items() if keys}
        fields = [Field(name, labels[name], key) for name, key in chosen.items()]
        super().__init__("Merged: whose version stands?", fields, about=about, last=last, intro=said)
        for name, key in chosen.items():
            options = [Option(other, self._takes[other].person, other.lower()) for other in choices[name]]
            also = [(other, other) for other in choices[name]]
            self._editors[name] = ChoiceEditor(key, options, also=also)

    def answer(self, why: str) -> Answer:
        def of(name: str) -> Take | None:
            return self._takes.get(self._typed(name))

        span, verdict, words = of("span"), of("verdict"), of("claim_text")
        return Answer(
            why,
            (span.start, span.end) if span else None,
            verdict.verdict if verdict else None,
            words.claim_text if words else None,
        )
