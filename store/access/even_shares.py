"""Work spread evenly over people: who of those able does what, so that nobody has more than need be."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise


def spread(
    jobs: Sequence[Sequence[str]], held: Sequence[Collection[str]], each: int, load: Mapping[str, int]
) -> list[list[str]]:
    """Who does each job: ``each`` people of those able.

    Anyone who ``held`` a job already keeps it. The rest goes where the load is least, counted with the ``load`` that
    people have to begin with, in such a way that no other choice would be more even. Of equals, who stands first.

    Args:
        jobs: for each, who is able to do it, at least ``each`` of them.
        held: for each, who has it already.
    """
    loads = {person: load.get(person, 0) for able in jobs for person in able}
    chosen: list[list[str]] = []
    for able, having in zip(jobs, held, strict=True):
        order = sorted(range(len(able)), key=lambda at: (able[at] not in having, loads[able[at]], at))
        chosen.append([able[at] for at in order[:each]])
        for person in chosen[-1]:
            loads[person] += person not in having
    _even_out(jobs, held, chosen, loads)
    return chosen


def _even_out(
    jobs: Sequence[Sequence[str]], held: Sequence[Collection[str]], chosen: list[list[str]], loads: dict[str, int]
) -> None:
    """Pass jobs on, from one to the next and further, as long as that takes one from who has two more than another."""
    passable: dict[tuple[str, str], dict[int, None]] = {}

    def note(job: int) -> None:
        for giver in chosen[job]:
            for taker in jobs[job]:
                if giver not in held[job] and taker not in chosen[job]:
                    passable.setdefault((giver, taker), {})[job] = None

    def forget(job: int) -> None:
        for giver in jobs[job]:
            for taker in jobs[job]:
                passable.get((giver, taker), {}).pop(job, None)

    for job in range(len(jobs)):
        note(job)
    givers = sorted(loads, key=lambda person: -loads[person])
    while givers:
        giver = givers[0]
        way = _way(giver, loads, passable)
        if way is None:
            givers.pop(0)
            continue
        for one, other in pairwise(way):
            job = next(iter(passable[one, other]))
            forget(job)
            chosen[job][chosen[job].index(one)] = other
            note(job)
        loads[way[0]] -= 1
        loads[way[-1]] += 1
        givers = sorted(loads, key=lambda person: -loads[person])


def _way(
    giver: str, loads: Mapping[str, int], passable: Mapping[tuple[str, str], Mapping[int, None]]
) -> list[str] | None:
    """From whom to whom jobs are passed on so that the giver has one less, and one who has two less gets it."""
    before: dict[str, str] = {giver: ""}
    waiting = deque([giver])
    while waiting:
        person = waiting.popleft()
        if loads[person] <= loads[giver] - 2:
            way = [person]
            while before[way[0]]:
                way.insert(0, before[way[0]])
            return way
        for other in loads:
            if other not in before and passable.get((person, other)):
                before[other] = person
                waiting.append(other)
    return None
