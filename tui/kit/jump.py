"""Jump mode: letters on all that can be gone to on the screen; pressing them goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from tui.kit.line_widget import Lines
from tui.kit.screen import DeskScreen

if TYPE_CHECKING:
    from typing import Any

ALPHABET = "asdfjklghewioruncmvptbyqxz"
"""By reach: the first letters lie under the fingers."""
MOST = len(ALPHABET) ** 2


class Target(NamedTuple):
    """A place to go to: the cell of the screen that it begins in, and what goes there.

    ``take`` is told whether to select up to it.
    """

    x: int
    y: int
    take: Callable[[bool], object]


@runtime_checkable
class HasTargets(Protocol):
    """A widget that can be jumped into."""

    def jump_targets(self, few: bool) -> Sequence[Target]:
        """What there is to go to in it, the nearest first; ``few``: only what is most worth a letter."""


def labels(count: int) -> list[str]:
    """As many labels, all different, the shortest first: no label of one letter begins one of two.

    ``count`` is at most `MOST`.
    """
    letters = len(ALPHABET)
    short = min(count, letters) if count <= letters else max((MOST - count) // (letters - 1), 0)
    long = (one + other for one in ALPHABET[short:] for other in ALPHABET)
    return [*ALPHABET[:short], *(label for label, _ in zip(long, range(count - short), strict=False))]


def jump(screen: DeskScreen[Any]) -> None:
    """Label what can be gone to on a screen, what has the focus first, and go where the answer leads."""
    nodes = [node for node in screen.query("*") if isinstance(node, HasTargets) and node.display and node.region]
    nodes.sort(key=lambda node: not node.has_focus)
    found: list[Target] = []
    for few in (False, True):
        found = _apart([target for node in nodes for target in node.jump_targets(few)])
        if len(found) <= MOST:
            break
    found = [one for one in found if screen.size.region.contains(one.x, one.y)][:MOST]
    if not found:
        screen.app.bell()
        return

    def go(answer: tuple[Target, bool] | None) -> None:
        if answer is not None:
            target, select = answer
            target.take(select)

    screen.app.push_screen(JumpScreen(screen.drawn(), found), go)


def _apart(targets: Sequence[Target]) -> list[Target]:
    """The targets without those whose label would cover another's."""
    taken: set[tuple[int, int]] = set()
    found = []
    for target in targets:
        cells = {(target.x, target.y), (target.x + 1, target.y)}
        if not cells & taken:
            taken |= cells
            found.append(target)
    return found


class JumpScreen(DeskScreen["tuple[Target, bool] | None"], ModalScreen["tuple[Target, bool] | None"]):
    """The screen as it was drawn, with the labels over it. A key that is not a label leaves and does nothing else."""

    DEFAULT_CSS = """
    JumpScreen { background: transparent; }
    """

    def __init__(self, drawn: Sequence[Strip], targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(labels(len(targets)), targets, strict=True))
        self._typed = ""
        self._picture = _Labels(drawn, self._targets)

    def body(self) -> ComposeResult:
        yield self._picture

    def on_mount(self) -> None:
        super().on_mount()
        self.hint_line.show(left=[(" ", ""), ("letters go there", "bold"), (" · capital last: select · Esc", "muted")])

    def take_first(self, key: str) -> bool:
        if key == "ctrl+q" or (len(key) == 1 and not key.isascii()):
            return False  # a letter of another script is read by its place
        if key == "backspace" and self._typed:
            self._type(self._typed[:-1])
            return True
        typed = self._typed + key.lower()
        if len(key) == 1 and typed in self._targets:
            self.dismiss((self._targets[typed], key.isupper()))
        elif len(key) == 1 and any(label.startswith(typed) for label in self._targets):
            self._type(typed)
        else:
            self.dismiss(None)
        return True

    def _type(self, typed: str) -> None:
        self._typed = typed
        self._picture.narrow(typed)


class _Labels(Lines):
    """What was drawn, dimmed, and the labels that begin with what is typed."""

    DEFAULT_CSS = """
    _Labels { width: 1fr; height: 1fr; }
    """

    def __init__(self, drawn: Sequence[Strip], targets: dict[str, Target]) -> None:
        super().__init__()
        self._drawn = drawn
        self._targets = targets
        self._typed = ""

    def narrow(self, typed: str) -> None:
        self._typed = typed
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y >= len(self._drawn):
            return Strip.blank(self.size.width)
        strip = self._drawn[y]
        width, done, parts = strip.cell_length, 0, []
        dim, bright = Style(dim=True), Style(bold=True, reverse=True)
        here = [(one.x, label) for label, one in self._targets.items() if one.y == y and label.startswith(self._typed)]
        for x, label in sorted(here):
            left = label[len(self._typed) :]
            parts.append(strip.crop(done, x).apply_style(dim))
            parts.append(Strip([Segment(left, bright)], len(left)))
            done = x + len(left)
        parts.append(strip.crop(done, width).apply_style(dim))
        return Strip.join(parts).crop(0, self.size.width)
