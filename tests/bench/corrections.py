"""Made corrections with known outcomes: how often spans are put wrong in silence, and how often asked for nothing.

Sentences are made of words that each have a number of their own. The number survives every edit, and so says where the
words of a span really stand afterwards.

python -m tests.bench.corrections [FIRST_SEED LAST_SEED]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from store.text.reanchor import MOVED, Landing, reanchor

KINDS = ("replaced", "inserted", "deleted", "moved", "all")
_AROUND = 60
_FUNCTION = (
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "on", "was", "with", "as", "by", "at", "from",
    "his", "her", "they", "be", "this", "which", "or", "had", "not", "are", "but", "have", "an", "were", "their",
    "been", "has", "its", "who", "will", "more", "when", "there", "one", "all", "would", "said", "if", "about",
    "into", "than", "up", "other",
)  # fmt: skip
_FREQUENT = [f"{a}{b}" for a in ("ma", "ri", "sto", "le", "pra", "ken", "do") for b in ("ter", "nal", "ves", "ding")]
_RARE = [f"{a}{b}{c}" for a in "bdgklmnprstv" for b in ("ale", "ori", "uni", "esta", "ica") for c in ("n", "st", "ld")]

Word = tuple[int, str]
Sentence = list[Word]


class Case(NamedTuple):
    """A text before and after, and spans of it with where they really stand afterwards, or None."""

    old: str
    new: str
    spans: list[tuple[int, int]]
    truth: list[tuple[int, int] | None]


class Figures(NamedTuple):
    """Counts over spans. ``together`` are those whose words still stand together."""

    spans: int = 0
    wrong: int = 0  # moved, and not to where they stand
    together: int = 0
    unasked: int = 0  # of those together, moved to where they stand

    @property
    def silently_wrong(self) -> float:
        """Per cent of all spans."""
        return 100 * self.wrong / max(1, self.spans)

    @property
    def moved_unasked(self) -> float:
        """Per cent of the spans whose words stand together."""
        return 100 * self.unasked / max(1, self.together)

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return Figures(*(one + another for one, another in zip(self, other, strict=True)))


class Maker:
    """Makes one text, and corrected versions of it."""

    def __init__(self, seed: str, sentences: int = 60) -> None:
        self.chance = random.Random(seed)
        self._numbers = 0
        self.sentences = [self._sentence() for _ in range(sentences)]
        for _ in range(round(sentences * 0.05)):
            self._say_again(0)
        for _ in range(round(sentences * 0.07)):
            self._say_again(1)

    def word(self, text: str = "") -> Word:
        """A new word with a number of its own."""
        self._numbers += 1
        return self._numbers, text or self._text()

    def _text(self) -> str:
        dice = self.chance.random()
        if dice < 0.42:
            return self.chance.choice(_FUNCTION)
        if dice < 0.47:
            return self.chance.choice([f"{self.chance.randint(2, 99)}", f"{self.chance.randint(1, 9)},000", "5.2"])
        if dice < 0.55:
            return self.chance.choice(_RARE).title()
        return self.chance.choice(_FREQUENT if dice < 0.8 else _RARE)

    def _sentence(self) -> Sentence:
        return [self.word() for _ in range(max(3, round(self.chance.gauss(19, 8))))]

    def copy(self, sentence: Sentence) -> Sentence:
        """The same words, said once more."""
        return [self.word(text) for _, text in sentence]

    def _say_again(self, changed: int) -> None:
        copy = self.copy(self.chance.choice(self.sentences))
        if changed:
            copy[self.chance.randrange(len(copy))] = self.word()
        self.sentences.insert(self.chance.randrange(len(self.sentences) + 1), copy)

    def corrected(self, kind: str) -> list[Sentence]:
        """The sentences after one kind of edit, or all of them."""
        made = [list(sentence) for sentence in self.sentences]
        if kind in ("moved", "all"):
            self._move(made)
        if kind in ("deleted", "all"):
            for _ in range(12):
                del made[self.chance.randrange(len(made))]
        if kind in ("inserted", "all"):
            for _ in range(12):
                again = self.chance.random() < 0.15
                new = self.copy(self.chance.choice(made)) if again else self._sentence()
                made.insert(self.chance.randrange(len(made) + 1), new)
        if kind in ("replaced", "all"):
            self._replace(made)
        return made

    def _move(self, made: list[Sentence]) -> None:
        for _ in range(2):
            size = self.chance.randint(3, 7)
            at = self.chance.randrange(len(made) - size)
            block = made[at : at + size]
            del made[at : at + size]
            to = self.chance.randrange(len(made))
            made[to:to] = block

    def _replace(self, made: list[Sentence]) -> None:
        for sentence in made:
            for at, (_, text) in enumerate(sentence):
                if self.chance.random() < 0.06:
                    other = self.word()
                    while other[1] == text:
                        other = self.word()
                    sentence[at] = other


class Written(NamedTuple):
    """Sentences as a text, with the place of each word by its number, and its rank in the text."""

    text: str
    places: dict[int, tuple[int, int]]
    ranks: dict[int, int]

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Written:
        text, places = "", {}
        for k, sentence in enumerate(sentences):
            for number, word in sentence:
                places[number] = (len(text), len(text) + len(word))
                text += word + " "
            text = text[:-1] + ("." if (k + 1) % 5 else ".\n\n") + (" " if (k + 1) % 5 else "")
        return cls(text.rstrip(), places, {number: rank for rank, number in enumerate(places)})

    def place(self, numbers: Sequence[int], stop: bool) -> tuple[int, int] | None:
        """Where words stand, when they stand together; with the full stop after them."""
        ranks = [self.ranks.get(number, -1) for number in numbers]
        if ranks[0] < 0 or ranks != list(range(ranks[0], ranks[0] + len(ranks))):
            return None
        return self.places[numbers[0]][0], self.places[numbers[-1]][1] + stop


def _spans(maker: Maker, count: int) -> list[tuple[list[int], bool]]:
    """Spans as the numbers of their words, and whether the full stop belongs to them."""
    chance, sentences = maker.chance, maker.sentences
    words = [number for number, _ in chain.from_iterable(sentences)]
    found: list[tuple[list[int], bool]] = []
    for _ in range(count):
        dice = chance.random()
        if dice < 0.45:
            length = chance.randint(1, 20)
            at = chance.randrange(len(words) - length)
            found.append((words[at : at + length], False))
        elif dice < 0.85 or not found:
            found.append(([number for number, _ in chance.choice(sentences)], True))
        elif dice < 0.93:
            outer = chance.choice(found)[0]
            begin = chance.randrange(len(outer))
            found.append((outer[begin : chance.randint(begin + 1, len(outer))], False))
        else:
            outer = chance.choice(found)[0]
            at = min(words.index(outer[len(outer) // 2]), len(words) - 2)
            found.append((words[at : at + chance.randint(2, 20)], False))
    return found


def case(kind: str, seed: str, spans: int = 60, sentences: int = 60) -> Case:
    """A text, a correction of it of one kind, and spans with their true places."""
    maker = Maker(f"{kind} {seed}", sentences)
    old, chosen = Written.of(maker.sentences), _spans(maker, spans)
    new = Written.of(maker.corrected(kind))
    before = [old.place(*one) for one in chosen]
    return Case(old.text, new.text, [span for span in before if span], [new.place(*one) for one in chosen])


def judged(one: Case, landings: Sequence[Landing]) -> Figures:
    """How right landings are."""
    wrong = together = unasked = 0
    for span, truth, landing in zip(one.spans, one.truth, landings, strict=True):
        place = (landing.start, landing.end)
        together += truth is not None
        if landing.outcome != MOVED:
            continue
        if place == truth or _read_alike(one, span, place, truth):
            unasked += truth is not None
        else:
            wrong += 1
    return Figures(len(one.spans), wrong, together, unasked)


def _read_alike(one: Case, span: tuple[int, int], place: tuple[int, int], truth: tuple[int, int] | None) -> bool:
    """Whether two places are the same with all around them, so that either is right."""
    if truth is None:
        return False

    def around(at: tuple[int, int]) -> str:
        return one.new[max(0, at[0] - _AROUND) : at[1] + _AROUND]

    return around(place) == around(truth)


def measured(kind: str, seeds: Sequence[int], texts: int = 15, spans: int = 60) -> Figures:
    """The figures of one kind of correction: so many spans in each of so many texts a seed."""
    total = Figures()
    for seed in seeds:
        for text in range(texts):
            one = case(kind, f"{seed} {text}", spans)
            total = total.plus(judged(one, reanchor(one.old, one.new, one.spans)))
    return total


def main() -> None:
    first, last = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (1, 3)
    for kind in KINDS:
        found = measured(kind, range(first, last + 1))
        print(
            f"{kind:10} {found.spans:6} spans  silently wrong {found.silently_wrong:5.2f} %  "
            f"moved unasked {found.moved_unasked:6.2f} %  ({found.together} together)",
            flush=True,
        )


if __name__ == "__main__":
    main()
