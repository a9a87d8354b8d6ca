"""Asks for the address where a check is published: a ClaimReview must name it."""

from __future__ import annotations

import re

from store.errors import Refused
from tui.kit.form import Field, Question


class SiteForm(Question[str]):
    """Gives the address."""

    def __init__(self) -> None:
        intro = "A ClaimReview names the page on which readers find your check. Search engines ignore it without one."
        field = Field("site", "Published at", placeholder="https://desk.example/checks/41-schools")
        super().__init__("Copy as ClaimReview", [field], intro=intro, about="site")
        self._site = ""

    def save(self, name: str, value: str) -> None:
        self._site = value.strip()

    def close_form(self) -> None:
        if not re.match(r"https?://[^\s/]+\.[^\s]+", self._site):
            self.editor("site").begin()
            self.refuse(
                Refused("Give the address of the page, such as https://desk.example/checks; Esc copies nothing.")
            )
            return
        self.forget()
        self.dismiss(self._site)
