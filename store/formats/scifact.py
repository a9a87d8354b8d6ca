"""SciFact: ``claims.jsonl`` with a claim per line and the documents that bear on it, and ``corpus.jsonl`` with those.

A document is a source; its passages are the sentences of its abstract. Evidence that gives context is a cited document
without a label. It is only written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Text, Unit
from store.formats.files import Out

name = "scifact"
says = "SciFact: claims with the documents that support or contradict them, and the corpus"
extensions: tuple[str, ...] = (".jsonl",)
many = True
unit: Unit = "none"
carries = frozenset({"claim", "claim_text"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}

_LABELS = {"supports": "SUPPORT", "refutes": "CONTRADICT"}


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    corpus: dict[tuple[str, str], dict[str, Any]] = {}
    number = 0
    with out.file("claims.jsonl") as file:
        for text in texts:
            for spot in text.spots:
                number += 1
                evidence: dict[str, list[dict[str, Any]]] = {}
                cited: list[int] = []
                for one in spot.evidence:
                    document = corpus.setdefault(
                        (one.url, one.title),
                        {"doc_id": len(corpus) + 1, "title": one.title or one.url, "abstract": [], "structured": False},
                    )
                    cited += [document["doc_id"]] if document["doc_id"] not in cited else []
                    if one.stance not in _LABELS:
                        continue
                    if one.quote and one.quote not in document["abstract"]:
                        document["abstract"].append(one.quote)
                    sentences = [document["abstract"].index(one.quote)] if one.quote else []
                    said = {"sentences": sentences, "label": _LABELS[one.stance]}
                    evidence.setdefault(str(document["doc_id"]), []).append(said)
                line = {
                    "id": number,
                    "claim": spot.claim_text or spot.quote,
                    "evidence": evidence,
                    "cited_doc_ids": cited,
                }
                file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    lines = (json.dumps(document, ensure_ascii=False) + "\n" for document in corpus.values())
    out.write("".join(lines), "corpus.jsonl")
    return []
