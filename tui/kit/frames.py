"""Which lines of which widgets a frame asks for."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class Frames(Compositor):
    """Asks only for the lines that a frame is to hold.

    Textual's own asks for every line of every widget on the screen, however little of it has changed.
    """

    _changed: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = bands(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        asked = self._changed or (self.size.region if crop is None else crop,)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            for band in asked:
                if shown and shown.overlaps(band):
                    # Cut by rows alone: by columns the lines are cut where the widgets meet.
                    part = shown.intersection(Region(shown.x, band.y, shown.width, band.height))
                    yield region, part, widget.render_lines(part.translate(-region.offset))


def bands(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Regions that have rows in common taken together, from top to bottom."""
    found: list[Region] = []
    for region in sorted(regions, key=lambda region: region.y):
        if found and region.y < found[-1].bottom:
            found[-1] = found[-1].union(region)
        else:
            found.append(region)
    return tuple(found)
