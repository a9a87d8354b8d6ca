"""Questions and answers in plain lines: no colours, no boxes, nothing that moves on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, TextIO

from store.errors import Refused
from store.text.shorten import shorten
from tui.text.safe import safe

_UNSEEN = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What a program or a keyboard for another script may put around an answer, which nobody sees."""

_ECHOED = 40
"""Code points. No more of an answer is said again."""

_SHORT = 30
"""Code points. Things to choose from that are all shorter are told on one line."""

_DIGITS = 9
"""The digits of the longest number that is looked at."""

SUBMITTED = "Your set is submitted: say reopen to change it."
"""Said where nothing of your own can be changed."""


class Over(Exception):
    """There is nobody left to answer."""


class Done(Exception):
    """A conversation within another is over."""


class Reply(NamedTuple):
    """A word that answers, and what it does. ``more`` names what may follow it."""

    word: str
    help: str
    more: str = ""


EVER = (
    Reply("undo", "undoes your last change"),
    Reply("redo", "does again what you undid"),
    Reply("help", "explains the answers"),
    Reply("quit", "leaves; everything is saved"),
)
"""What answers in every conversation."""


class Conversation:
    """Says lines and asks for lines. Every answer is one line; a prompt ends in ``> ``."""

    def __init__(self, hear: TextIO, speak: TextIO) -> None:
        self._hear = hear
        self._speak = speak
        self._typed = hear.isatty()
        """Whether the line end of an answer is seen: that of a person at a terminal is."""

    def say(self, words: str) -> None:
        """Say something on a line of its own. Nothing in it acts on a terminal."""
        self._write(safe(" ".join(words.split())) + "\n")

    def ask(self, question: str) -> str:
        """Ask, and give the line that answers.

        Raises:
            Over: the input has ended.
        """
        self._write(safe(" ".join(question.split())) + "> ")
        line = self._hear.readline()
        if not self._typed or not line:
            self._write("\n")
        if not line:
            raise Over
        return line.strip().strip(_UNSEEN).strip()

    def words(self, question: str) -> str:
        """Have something said in your own words; empty where nothing is to be written.

        Raises:
            Over: the input has ended, or somebody quits.
        """
        while True:
            line = self.ask(question)
            said = line.casefold()
            if said == "help":
                self.say("Write it in your own words, on one line. An empty line writes nothing; quit leaves.")
            elif said in ("undo", "redo"):
                self.say(f"Answer this first, or with an empty line; then say {said}.")
            else:
                _leave_at_quit(said)
                return "" if said in ("none", "nothing") else line

    def wanted(self, said: str, question: str) -> str:
        """What was said already, or else what the question is answered with.

        Raises:
            Over: the input has ended.
            Refused: it is answered with nothing.
        """
        words = said or self.words(question)
        if not words:
            raise Refused("Nothing was changed.")
        return words

    def carry_on(self, begin: Callable[[], None], turn: Callable[[], None], lost: Callable[[], str]) -> None:
        """Begin, and take turn after turn until somebody quits or nobody answers. What is refused is said.

        ``lost`` says what became of the file, where nothing can be saved any more.
        """
        try:
            self._turns(begin, turn)
        except Over:
            self.say(_saved(lost()))
        except KeyboardInterrupt:
            self._write("\n")
            raise KeyboardInterrupt(f"interrupted. {_saved(lost())}") from None

    def within(self, begin: Callable[[], None], turn: Callable[[], None]) -> None:
        """Begin another conversation in the middle of this one, and come back when it is done.

        Raises:
            Over: the input has ended.
        """
        with suppress(Done):
            self._turns(begin, turn)

    def _turns(self, begin: Callable[[], None], turn: Callable[[], None]) -> None:
        begin()
        while True:
            try:
                turn()
            except Refused as refusal:
                self.say(str(refusal))

    def explain(self, empty: str, replies: Sequence[Reply]) -> None:
        """Say what each answer does; ``empty`` is what no answer at all does."""
        self.say(f"Answer with a word, or with its first letters. An empty line {empty}.")
        for reply in replies:
            self.say(f"{reply.word}{reply.more and ' ' + reply.more}: {reply.help}")

    def choose(self, what: str, shown: Sequence[str], chosen: str = "") -> tuple[int, int] | None:
        """Have one or several of some things chosen by their numbers: the first and the last, from 0, or None.

        Without ``chosen``, which is what was answered already, they are told and asked for, until there is an answer.

        Raises:
            Over: the input has ended.
            Refused: there is nothing to choose, or ``chosen`` is none of the numbers.
        """
        if not shown:
            raise Refused(f"There is no {what} here.")
        if chosen and not _asks_for_help(chosen):
            return _places(chosen, len(shown))
        while True:
            answer = chosen or self._which(what, shown)
            chosen = ""
            if _asks_for_help(answer):
                several = "two with a hyphen between them, as in 1-2, mean all from the one to the other"
                self.say(
                    f"A number from 1 to {len(shown)} chooses one; {several}. An empty line, or none, chooses nothing."
                )
                continue
            _leave_at_quit(answer)
            try:
                return _places(answer, len(shown))
            except Refused as refusal:
                self.say(str(refusal))

    def _which(self, what: str, shown: Sequence[str]) -> str:
        numbered = [f"{number} {words}" for number, words in enumerate(shown, 1)]
        for line in [", ".join(numbered)] if all(len(words) < _SHORT for words in shown) else numbered:
            self.say(line)
        return self.ask(f"Which {what}? a number, 1-2 for several, none")

    def one_of(self, question: str, choices: Sequence[str], none: str = "none") -> int | None:
        """Have one of a few words chosen by its number or its first letters: its place, from 0, or None.

        ``none`` is what no answer at all means. Any other answer is asked for again.

        Raises:
            Over: the input has ended.
        """
        asked = ", ".join(f"{number} {choice}" for number, choice in enumerate(choices, 1))
        while True:
            answer = self.ask(f"{question} {asked}, {none}").casefold()
            if not answer or answer == none.casefold():
                return None
            if (number := whole(answer)) is not None and 1 <= number <= len(choices):
                return number - 1
            fits = _fitting(answer, (*choices, none))
            if len(fits) == 1:
                return fits[0] if fits[0] < len(choices) else None
            if fits:
                several = [(*choices, none)[at] for at in fits]
                may = f"{', '.join(several[:-1])} or {several[-1]}"
                self.say(f"“{answer}” may be {may}: say more letters, or a number.")
            elif _asks_for_help(answer):
                self.say(f"Answer with a number or with first letters. An empty line means: {none}.")
            else:
                _leave_at_quit(answer)
                numbered = f"a number from 1 to {len(choices)}" if len(choices) > 1 else choices[0]
                self.say(f"“{shorten(answer, _ECHOED)}” is not an answer here: say {numbered}, or {none}.")

    def _write(self, words: str) -> None:
        self._speak.write(words)
        self._speak.flush()


def _saved(lost: str) -> str:
    """What is saved when a conversation ends; ``lost`` says what became of the file, if anything."""
    return f"{lost}. What you said since then is not saved." if lost else "Everything is saved."


def _places(answer: str, most: int) -> tuple[int, int] | None:
    """The first and the last of the things that an answer chooses, from 0; None where it chooses nothing.

    Raises:
        Refused: it is none of the numbers.
    """
    if not answer or "none".startswith(answer.casefold()):
        return None
    first, last = numbers(answer, most)
    return first - 1, last - 1


def _fitting(answer: str, choices: Sequence[str]) -> list[int]:
    """The places of the choices that an answer means: the one it spells, or all that begin with it."""
    small = [choice.casefold() for choice in choices]
    spelt = [at for at, choice in enumerate(small) if choice == answer]
    return spelt[:1] or [at for at, choice in enumerate(small) if choice.startswith(answer)]


def _leave_at_quit(answer: str) -> None:
    """
    Raises:
        Over: somebody quits in the middle of a question.
    """
    if answer.casefold() == "quit":
        raise Over


def _asks_for_help(answer: str) -> bool:
    return bool(answer) and "help".startswith(answer.casefold())


def understood(line: str, answers: Sequence[Reply]) -> tuple[str, str]:
    """The word that a line begins with, in full, and what follows it. The first letters of a word are enough.

    Raises:
        Refused: no answer begins so.
    """
    begun, *behind = line.split(maxsplit=1)
    small = begun.casefold()
    words = [answer.word for answer in answers]
    found = small if small in words else next((word for word in words if word.startswith(small)), "")
    if not found:
        raise Refused(f"“{shorten(begun, _ECHOED)}” is not an answer here: say {', '.join(words)}.")
    return found, behind[0] if behind else ""


def numbers(line: str, most: int) -> tuple[int, int]:
    """The first and the last of the numbers that a line such as ``3`` or ``3-7`` means, counted from 1.

    Raises:
        Refused: it means none, or one beyond ``most``.
    """
    first, _, last = line.replace("–", "-").partition("-")
    low, high = whole(first), whole(last or first)
    if low is None or high is None or not 1 <= low <= high <= most:
        raise Refused(
            f"“{shorten(line, _ECHOED)}” is not a number from 1 to {most}, or two with a hyphen between them."
        )
    return low, high


def whole(said: str) -> int | None:
    """The number that is said, if it is one and not longer than anything here is counted."""
    said = said.strip()
    return int(said) if said.isdecimal() and len(said) <= _DIGITS else None
