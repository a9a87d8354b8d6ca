"""FEVER: a JSON object per line for each claim, with its label and its evidence in sets.

Labels are those that the scheme gives for ``fever``; a claim whose verdict has none is left out. Each piece of evidence
is a set of its own: its page is the address or title of its source, its sentence is not known. It is only written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import Out

name = "fever"
says = "FEVER: one JSON object per line for each claim, with label and evidence"
extensions: tuple[str, ...] = (".jsonl",)
many = False
unit: Unit = "none"
carries = frozenset({"claim_text"})
partly = frozenset({"claim", "verdict"})
loses = frozenset(FIELDS) - carries
needs = ""
options: Mapping[str, str] = {}

_LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    number = 0
    with out.file() as file:
        for text in texts:
            for spot in text.spots:
                number += 1
                if label := _label(spot, options, tally):
                    line = json.dumps(_claim(number, spot, label), ensure_ascii=False)
                    file.write(f"{line}\n".encode())
    return tally.losses()


def _label(spot: Spot, options: Options, tally: Tally) -> str:
    """The label of a claim; empty when its verdict has none, which is counted."""
    label = options.scheme.verdict(spot.verdict).export.get("fever", "") if spot.verdict else ""
    if label not in _LABELS:
        tally.lost("claim", spot, "its verdict has no label there")
        return ""
    if options.verdict_key(label, "fever") != spot.verdict:
        tally.lost("verdict", spot, "several verdicts have one label there")
    return label


def _claim(number: int, spot: Spot, label: str) -> dict[str, Any]:
    known = label != _LABELS[2]
    pages = [cited.url or cited.title for cited in spot.evidence if known] if known else []
    sets = [[[number, nth, page or None, None]] for nth, page in enumerate(pages, 1)]
    return {
        "id": number, "verifiable": "VERIFIABLE" if known else "NOT VERIFIABLE", "label": label,
        "claim": spot.claim_text or spot.quote, "evidence": sets or [[[number, None, None, None]]],
    }  # fmt: skip
