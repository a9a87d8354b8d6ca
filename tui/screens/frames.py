"""Which lines of which widgets a frame asks for."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class Frames(Compositor):
    """Asks only for lines that may be in the frame.

    Textual's own asks for all lines of every widget on the screen, however little has changed.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        rows = self.size.region if crop is None else crop
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            if shown and shown.overlaps(rows):
                # Cut by rows alone: by columns the lines are cut where the widgets meet.
                band = shown.intersection(Region(shown.x, rows.y, shown.width, rows.height))
                yield region, band, widget.render_lines(band.translate(-region.offset))
