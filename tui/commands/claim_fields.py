"""The options that fill the fields of a claim, for the commands that tag and edit."""

from __future__ import annotations

import click

from store.vocabulary import Attribution, Priority
from tui.commands.command import together

claim_fields = together(
    click.option(
        "--claim-text", metavar="TEXT", help="The statement to check, in words that make sense without the article."
    ),
    click.option("--claimant", metavar="NAME", help="Who makes the claim."),
    click.option(
        "--attribution",
        metavar="HOW",
        help=f"How the article presents it: {Attribution.listed()}.",
    ),
    click.option(
        "--check-target",
        metavar="WHAT",
        help="What is to be verified: content, attribution (that it was said) or both.",
    ),
    click.option("--type", "types", multiple=True, metavar="TYPE", help="A claim type of the scheme; may be repeated."),
    click.option("--priority", metavar="LEVEL", help=f"{Priority.listed()}."),
    click.option("--tag", "tags", multiple=True, metavar="WORD", help="A word of your own; may be repeated."),
)
"""The options that fill the fields of a claim."""
