"""What a field is likely to hold: the rest of it in faint letters while it is typed; the right arrow takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.suggester import Suggester

_LEAST_TYPED = 1


class Known(Suggester):
    """Suggests of what is known, in its order, the first that begins with what is typed."""

    def __init__(self, read: Callable[[], Sequence[str]]) -> None:
        """``read`` gives what is known; it is asked once, when something is typed."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._read = read
        self._known: Sequence[str] | None = None

    async def get_suggestion(self, value: str) -> str | None:
        if len(value) < _LEAST_TYPED:
            return None
        if self._known is None:
            self._known = self._read()
        typed = value.casefold()
        return next((one for one in self._known if one.casefold().startswith(typed) and len(one) > len(value)), None)
