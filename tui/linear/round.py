"""Going round what waits for you by plain questions, one after the other, within a conversation about an article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from store.desk import Desk
from store.errors import Refused
from tui.linear.conversation import EVER, Conversation, Done, Over, Reply, understood

Waiting = TypeVar("Waiting")

_ALWAYS = (
    Reply("next", "goes to the next that waits"),
    Reply("back", "goes to the one before"),
    Reply("done", "goes back to the article"),
    *EVER,
)


class Wording(NamedTuple):
    """How a round asks: the words for what waits, the question, and the answers."""

    one: str
    many: str
    question: str
    replies: tuple[Reply, ...]


class Round(Generic[Waiting]):
    """What waits for you, each with its id, until nothing does or somebody is done."""

    def __init__(
        self,
        desk: Desk,
        talk: Conversation,
        asked: Wording,
        read: Callable[[], Sequence[tuple[str, Waiting]]],
        tell: Callable[[Waiting], None],
        does: dict[str, Callable[[str], None]],
    ) -> None:
        self._desk = desk
        self._talk = talk
        self._asked = asked
        self._read = read
        self._tell = tell
        self._at = ""
        self._told: Waiting | None = None
        self._does = {
            **does, "next": lambda _: self._step(1), "back": lambda _: self._step(-1), "undo": self._undo,
            "redo": self._redo, "help": self._help, "done": self._done, "quit": self._quit,
        }  # fmt: skip

    def counted(self) -> str:
        """How much waits, in a sentence without its stop; empty where nothing does."""
        count = len(self._read())
        return f"{count} {self._asked.one if count == 1 else self._asked.many} for you" if count else ""

    def run(self) -> None:
        """Go round all that waits.

        Raises:
            Over: the input has ended.
        """
        self._talk.within(self._begin, self._turn)

    def _begin(self) -> None:
        self._talk.say(f"{self.counted()}.")
        self._take(self._read()[0])

    def _turn(self) -> None:
        words = ", ".join(reply.word for reply in (*self._asked.replies, *_ALWAYS[:2]))
        line = self._talk.ask(f"{self._asked.question} {words}, help, done")
        if line:
            word, rest = understood(line, (*self._asked.replies, *_ALWAYS))
            self._does[word](rest)
        else:
            self._take((self._at, self._newest()))

    def here(self) -> Waiting:
        """What is spoken of, as it was told: that is what an answer answers.

        Raises:
            Refused: it does not wait any more.
        """
        newest = self._newest()
        return newest if self._told is None else self._told

    def _newest(self) -> Waiting:
        found = dict(self._read()).get(self._at)
        if found is None:
            raise Refused("This waits no more: next goes on.")
        return found

    def _take(self, one: tuple[str, Waiting]) -> None:
        self._at, self._told = one
        self._tell(self._told)

    def answered(self, answer: Callable[[Waiting], str]) -> None:
        """Answer what is spoken of, say how, and go on to what comes behind it."""
        ids = [id for id, _ in self._read()]
        self._talk.say(answer(self.here()))
        at = ids.index(self._at)
        self._go([*ids[at + 1 :], *ids[: at + 1]])

    def _step(self, by: int) -> None:
        ids = [id for id, _ in self._read()]
        at = ids.index(self._at) if self._at in ids else -1 if by > 0 else 0
        self._go([ids[(at + by) % len(ids)]] if ids else [])

    def _go(self, ids: Sequence[str]) -> None:
        """Go to the first of some that still waits; where none does, the round is over."""
        waiting = dict(self._read())
        found = next((id for id in ids if id in waiting), "")
        if not found:
            self._talk.say("Nothing waits for you any more.")
            raise Done
        self._take((found, waiting[found]))

    def _undo(self, rest: str) -> None:
        self._talk.say(self._desk.history.undo().sentence)
        self._again()

    def _redo(self, rest: str) -> None:
        self._talk.say(self._desk.history.redo().sentence)
        self._again()

    def _again(self) -> None:
        """Begin again with what waits after something was taken back or done again."""
        self._go([id for id, _ in self._read()])

    def _help(self, rest: str) -> None:
        self._talk.explain("tells it again", (*self._asked.replies, *_ALWAYS))

    def _done(self, rest: str) -> None:
        raise Done

    def _quit(self, rest: str) -> None:
        raise Over
