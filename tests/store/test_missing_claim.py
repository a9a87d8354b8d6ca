"""A claim that the checker missed: reported by a reviewer, and taken back as one."""

from __future__ import annotations

from pathlib import Path

from store.desk import Desk


def test_taking_a_missing_claim_back_takes_its_tag_with_it_as_one_step(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.add_article("It fell. Nobody was hurt.")
        desk.tag(article, 0, 8)
        desk.be("Ben")
        review = desk.missing(article, 9, 25)
        desk.take_back(review)
        assert [claim.quote for claim in desk.claims(article)] == ["It fell."]
        desk.undo()
        assert [claim.quote for claim in desk.claims(article)] == ["It fell.", "Nobody was hurt."]
        assert desk.my_review(review.claim) is not None
