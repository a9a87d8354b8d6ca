"""A row that says the same as a claim of its checker's is here already."""

from __future__ import annotations

from store.desk import Desk
from store.formats.csv.claim_import import Imported
from store.log import clock
from store.records import Article, Claim
from tests.kit.csv_files import exported, file_of, imported, reasons, rows_of


def test_what_says_the_same_as_a_claim_of_ones_own_is_here_already_whatever_its_id(
    desk: Desk, article: Article, claim: Claim
) -> None:
    desk.threads.comment(claim, "Hm.")
    data = exported(desk)
    (row,) = rows_of(data)
    again = row | {"claim_id": clock.after(claim.id)}
    bare = {name: again[name] for name in ("article_id", "start", "end", "quote", "claim_text", "claim_id", "verdict")}
    for other in (again, bare | {"checker": "Ana"}):
        assert imported(desk, file_of([other])) == Imported(0, 1, ())
        assert exported(desk) == data
    record = again["record"].replace("Hm.", "Oh.")
    for wrong, what in (({"verdict": "mixed"}, "verdict"), ({"record": record}, "record (people")):
        assert f"C1 is already on this desk with another {what}" in reasons(desk, file_of([again | wrong]))[2]
    desk.submissions.submit(article, "checker")
    assert imported(desk, file_of([again])).known == 1
    fresh = bare | {"checker": "Ana", "claim_text": "Another claim on these words"}
    assert "submitted" in reasons(desk, file_of([fresh]))[2]
