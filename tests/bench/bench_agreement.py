"""Agreement of two people over many articles, against reading the same rows.

python -m tests.bench.bench_agreement [CLAIMS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from store.desk import Desk
from store.errors import Duplicate
from store.measure.figures_as_data import as_json
from tests.bench.bench_import import texts
from tests.bench.ratios import Ratio, print_ratios

EACH = 100  # claims an article, of both people together
ROUNDS = 3
_READ = (
    'SELECT c.id, c.article, c."by", c.start, c."end", c.quote, c.claim_text, c.types FROM claims c'
    " WHERE c.deleted = 0",
    'SELECT v.claim, v."by", v.verdict, v.justification FROM verdicts v WHERE v.deleted = 0',
    'SELECT e.claim, e."by", e.source FROM evidence e WHERE e.deleted = 0',
    'SELECT r.claim, r."by", r.decision, r.start, r."end", r.seen FROM reviews r WHERE r.deleted = 0',
)


_SCHEME = "\n".join(
    ["[scheme]", 'id = "bench"', "version = 1"]
    + [f'[[verdict]]\nkey = "v{n}"\nlabel = "V{n}"\nglyph = "{n}"\norder = {n}' for n in range(1, 6)]
    + [f'[[type]]\nkey = "t{n}"\nlabel = "T{n}"' for n in range(1, 5)]
)


def make(path: Path, claims: int) -> None:
    """A desk on which two people have each checked the same articles: mostly the same spans, often the same verdict."""
    chance = random.Random(11)
    with Desk.open(path, "Ana") as desk:
        desk.schemes.use(_SCHEME)
        articles = [desk.articles.add(text, title=f"Article {n}") for n, text in enumerate(texts(claims // EACH))]
        kinds, types = [kind.key for kind in desk.scheme.active], [kind.key for kind in desk.scheme.types]
        for article in articles:
            first = [chance.choice(kinds) for _ in range(EACH // 2)]
            for name in ("Ana", "Ben"):
                desk.be(name)
                with desk.together():
                    for n, verdict in enumerate(first):
                        start = 60 * n
                        if name == "Ben":
                            start += chance.choice((0, 0, 0, 7))
                            verdict = verdict if chance.random() < 0.7 else chance.choice(kinds)
                        try:
                            claim = desk.claims.tag(article, start, start + 50, types=[chance.choice(types)])
                        except Duplicate as twin:
                            # Two people cannot both own a span that each can see, so the second reviews it.
                            desk.reviews.decide(twin.claim, "change_verdict", verdict=verdict)
                            continue
                        desk.verdicts.give(claim, verdict)
                        if n % 5 == 0:
                            desk.evidence.add(claim, "context", url=f"https://source.example/{chance.randrange(9)}")
        with desk.together():
            desk.assignments.assign(articles, ["Ana"], "checker")
        for article in articles:
            for name, role in (("Ana", "checker"), ("Ben", "reviewer")):
                desk.be(name)
                if role == "reviewer":
                    for claim in desk.claims.of(article):
                        if claim.checker == "Ana" and desk.reviews.mine(claim) is None:
                            desk.reviews.decide(claim, "comment", comment="seen")
                desk.submissions.submit(article, role)


def ratios(quick: bool = False, count: int = 100_000) -> list[Ratio]:
    """All figures of agreement with their intervals, against reading the rows they are made of."""
    count = min(count, 5_000) if quick else count
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "desk.db"
        make(path, count)
        read, made = [], []
        with Desk.open(path, "Eve") as desk:
            for _ in range(ROUNDS):
                began = time.process_time()
                for sql in _READ:
                    desk.session.log.conn.execute(sql).fetchall()
                read.append(time.process_time() - began)
                began = time.process_time()
                as_json(desk.agreement.report().report)
                made.append(time.process_time() - began)
    what = f"agreement of two people on {count:,} claims against reading their rows"
    return [Ratio(what, median(made) / median(read), 10)]


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))


if __name__ == "__main__":
    main()
