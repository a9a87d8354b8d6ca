"""The words that factdesk uses in one sense each. README and the help screen show them from here."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    word: str
    meaning: str
    """One sentence."""


TERMS: tuple[Term, ...] = (
    Term("desk", "One SQLite file with articles, claims, verdicts, reviews and their whole history."),
    Term("article", "The text you check, stored exactly as you imported it."),
    Term("claim", "A piece of an article's text that states something to check."),
    Term("quote", "The words of a claim exactly as they are in the article."),
    Term("claim text", "The statement you check, in words that make sense without the article."),
    Term("claimant", "The person or organisation that makes the claim."),
    Term("verdict", "Your conclusion on whether a claim is true: one of the scheme's labels."),
    Term("justification", "Why the evidence leads to the verdict."),
    Term("evidence", "What a source says about a claim: it supports it, refutes it or gives context."),
    Term("scheme", "The desk's verdicts, claim types, review reasons and rules, in one TOML file."),
    Term("sweep", "A mark on text that you have read and that has nothing to check."),
    Term("read", "A word is read when a claim or a sweep covers it."),
    Term("open sentence", "A sentence of which no word is read."),
    Term("leftover", "Unread words of a partly read sentence that are enough to hide a fact: a digit, or a few words."),
    Term("checked", "A claim is checked when it has a verdict and everything that the verdict requires."),
    Term("checker", "The person who tagged a claim and gave its first verdict."),
    Term("review", "A second person's decision on a claim, such as agree, disagree or needs evidence."),
    Term(
        "suggestion", "What a tool, a model or a comment takes for a claim; it counts as nothing until you accept it."
    ),
    Term("proposal", "A change that a reviewer suggests and the checker accepts or rejects."),
    Term("dispute", "A reviewer's objection that nobody has settled yet."),
    Term("adjudicator", "The person who settles a dispute by deciding what stands."),
    Term("assignment", "An article given to a person to check, review or adjudicate."),
    Term("set", "All the work of one person on one article, locked once they submit it."),
    Term("blind", "Working without seeing others' verdicts, or any of their work, until your own is given."),
    Term("conflict", "Two people's changes to the same value that were made without seeing each other."),
)
"""From the file to the work of several people; at most 25."""
