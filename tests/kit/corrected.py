"""An article that is corrected, with claims on it."""

from __future__ import annotations

from store.check.correction_fates import MoveCounts
from store.desk import Desk
from store.records import Article, Claim

RAIN = (
    "It rained on Monday in all of the city. The mayor said that 41 schools will close this year. Nobody saw it. "
    "The report is here."
)
SPANS = {
    "rain": "It rained on Monday in all of the city",
    "schools": "41 schools will close",
    "nobody": "Nobody saw it",
    "report": "The report is here",
}
NEW = "A new sentence. " + RAIN.replace("41", "43").replace(" Nobody saw it.", "").replace("report", "reports")


def tagged(desk: Desk, article: Article, quote: str) -> Claim:
    text = desk.articles.text(desk.articles.get(article.id))
    return desk.claims.tag(article.id, text.index(quote), text.index(quote) + len(quote))


def correct(desk: Desk, article: Article, text: str) -> MoveCounts:
    return desk.corrections.correct(desk.corrections.plan(article.id, text)).counts
