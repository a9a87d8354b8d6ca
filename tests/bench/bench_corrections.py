"""Corrections: planning one against a single word difference of the two texts, and how often spans are put wrong.

python -m tests.bench.bench_corrections
"""

from __future__ import annotations

import time
from collections.abc import Callable

from rapidfuzz.distance import Indel

from store.text.reanchor import reanchor
from store.text.tokens import Tokens, Vocabulary
from tests.bench.corrections import KINDS, case, measured
from tests.bench.ratios import Ratio, print_ratios


def _least(of: Callable[[], object], rounds: int = 5) -> float:
    """Processor seconds, the smallest of some rounds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        of()
        times.append(time.process_time() - began)
    return min(times)


def ratios(quick: bool = False) -> list[Ratio]:
    """Where the claims of a corrected article go."""
    spans, sentences = (500, 260) if quick else (5000, 2600)
    found = []
    for kind in ("moved", "all"):
        one = case(kind, "bench", spans, sentences)

        def one_difference(old: str = one.old, new: str = one.new) -> object:
            words = Vocabulary()
            return Indel.opcodes(Tokens(old, words).numbers, Tokens(new, words).numbers)

        ratio = _least(lambda one=one: reanchor(one.old, one.new, one.spans)) / _least(one_difference)  # type: ignore[misc]
        what = f"plan {len(one.old) // 1000} kB, {spans:,} claims ({kind}) against a word difference"
        found.append(Ratio(what, ratio, 3))
    for kind in KINDS:
        figures = measured(kind, seeds=range(31, 33 if quick else 36))
        found.append(Ratio(f"silently wrong after {kind}", figures.silently_wrong, 0.5, "%"))
        found.append(Ratio(f"asked although the words stand, after {kind}", 100 - figures.moved_unasked, 5, "%"))
    return found


def main() -> None:
    print_ratios(ratios())


if __name__ == "__main__":
    main()
