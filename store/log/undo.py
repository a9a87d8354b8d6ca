"""Undo and redo as new changes: nothing is erased, and both survive restarts because they are in the log.

An undo is an action that puts back, part by part, what stood before the action it reverses; a redo is the undo of
an undo. What can be undone is read from the log: the newest action of your own that is still in force.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Sequence

from store.errors import Refused
from store.log.fold import Entry, fold
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS, LISTS, PARENTS, Patch
from store.log.log import Edit, Log

MANY = 500
"""Changes that are reversed in one transaction; more, in several."""

SHARED = {"sources": ("evidence",)}
"""What stays when its maker undoes it while others use it, and what uses it."""


def _own(log: Log, reviewer: str) -> Iterator[tuple[str, str, str]]:
    """(action, undoes, what that action itself undid) of one person's actions, newest first."""
    before = "\uffff"
    while True:
        rows = log.rows(
            "SELECT c.action, coalesce(c.undoes, ''), coalesce(u.undoes, '') FROM main.changes c"
            " LEFT JOIN main.changes u ON u.id = c.undoes"
            " WHERE c.reviewer = ? AND c.id = c.action AND c.id < ? AND (c.kind <> 'reviewers' OR c.parents <> '[]')"
            " ORDER BY c.id DESC LIMIT 100",
            (reviewer, before),
        )
        yield from rows
        if len(rows) < 100:
            return
        before = rows[-1][0]


def undo_target(log: Log, reviewer: str) -> str | None:
    """The action an undo by this person reverses: their newest that is in force."""
    dead: set[str] = set()
    for action, undoes, undone in _own(log, reviewer):
        redo = bool(undoes) and bool(undone) and _is_undo(log, undoes)
        if undoes and not redo:
            dead.add(undoes)
        elif action not in dead:
            return action
        elif redo:
            dead.add(undoes)
    return None


def redo_target(log: Log, reviewer: str) -> str | None:
    """The undo that a redo by this person reverses; None once they have done anything else since."""
    used: set[str] = set()
    for action, undoes, undone in _own(log, reviewer):
        if not undoes:
            return None
        if undone and _is_undo(log, undoes):
            used.add(undoes)
        elif action not in used:
            return action
    return None


def _is_undo(log: Log, action: str) -> bool:
    """Whether an action that reverses something is an undo (reverses a doing) rather than a redo."""
    depth = 0
    current = action
    while current:
        rows = log.rows("SELECT undoes FROM main.changes WHERE id = ?", (current,))
        current = rows[0][0] if rows and rows[0][0] else ""
        depth += bool(current)
    return depth % 2 == 1


def size_of(log: Log, action: str) -> int:
    """How many changes an action has."""
    return int(log.rows("SELECT count(*) FROM main.changes WHERE action = ?", (action,))[0][0])


def broken_off(log: Log, reviewer: str, target: Callable[[Log, str], str | None]) -> tuple[str, str] | None:
    """A long reversal that this person began last and that did not come to its end: it, and what it reverses.

    ``target`` says which is meant: `undo_target` for an undo, `redo_target` for a redo.
    """
    last, undoes, _ = next(_own(log, reviewer), ("", "", ""))
    if not undoes or _is_undo(log, last) != (target is undo_target) or size_of(log, undoes) <= MANY:
        return None
    rest = log.rows(
        "SELECT 1 FROM main.changes c WHERE c.action = ?1 AND c.kind NOT IN ('reviewers', 'sources') AND NOT EXISTS"
        " (SELECT 1 FROM main.changes u WHERE u.item = c.item AND u.id > c.id) LIMIT 1",
        (undoes,),
    )
    return (last, undoes) if rest else None


def each_once(edits: list[Edit]) -> list[Edit]:
    """Edits with those of one item made one, so that a reversal can stop between any two of them."""
    merged: dict[str | None, Edit] = {}
    for edit in edits:
        before = merged.pop(edit.item, None)
        merged[edit.item] = edit._replace(values=before.values | edit.values) if before else edit
    return list(merged.values())


def reversal(log: Log, action: str, who: Callable[[Entry], str], done: Container[str] = ()) -> list[Edit]:
    """The edits that put back what stood before ``action``; ``who`` words a change's author and time if you may know.

    Items that are ``done`` are left out.

    Raises:
        Refused: somebody has since changed one of the same parts, or built on what would vanish.
    """
    edits: list[Edit] = []
    changes = log.entries(action=action)
    mend = _instead(log, changes)
    known = [change for change in reversed(changes) if change.kind in KINDS and change.item not in done]
    for change, history in _with_histories(log, known):
        kind = KINDS[change.kind]
        here = next(i for i, entry in enumerate(history) if entry.id == change.id)
        if change.kind == "reviewers" and not _renames(change, history[:here]):
            continue  # nobody leaves a desk
        parts = {part for column in change.patch if (part := kind.part_of(column))}
        values: Patch = {"deleted": 1}
        if here:
            before = fold(kind, history[:here]).row
            values = {column: _value(column, before[column]) for part in sorted(parts) for column in kind.parts[part]}
        vanishes = bool(values.get("deleted"))
        for later in standing(history[here + 1 :]):
            if later.action != action and (vanishes or parts & {kind.part_of(column) for column in later.patch}):
                if vanishes and change.kind in SHARED:
                    break
                did = f"answered what became of {_a(KINDS[str(change.patch['kind'])].one)}" if (
                    change.kind == "transfers" and "kind" in change.patch
                ) else f"changed the same {kind.one}"  # fmt: skip
                raise _refused(who(later), did, mend)
        else:
            edits.append(Edit(change.kind, change.item, values))
    gone = {edit.item for edit in edits if edit.values.get("deleted") or _leaves(edit)}
    return [edit for edit in edits if not edit.values.get("deleted") or not needed(log, edit, gone, action, who)]


def _with_histories(log: Log, changes: Sequence[Entry]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Changes, each with all changes of its item; they are read many at a time."""
    for start in range(0, len(changes), MANY):
        some = changes[start : start + MANY]
        histories: dict[str, list[Entry]] = {}
        for entry in log.entries(items=[*{change.item for change in some}]):
            histories.setdefault(entry.item, []).append(entry)
        yield from ((change, histories[change.item]) for change in some)


def _leaves(edit: Edit) -> bool:
    """Whether an item is hung on something else, or uses something else that is shared."""
    above = [PARENTS[edit.kind]] if edit.kind in PARENTS else []
    above += [kind for kind, users in SHARED.items() if edit.kind in users]
    return any(KINDS[kind].one in edit.values for kind in above)


def _renames(change: Entry, before: list[Entry]) -> bool:
    """Whether a change of a person gives them another name than they had."""
    names = [entry.patch["name"] for entry in before if "name" in entry.patch]
    return bool(names) and change.patch.get("name", names[-1]) != names[-1]


def standing(later: list[Entry]) -> list[Entry]:
    """The changes that still have force, in their order: an undo and what it undoes cancel out, newest first."""
    present = {entry.action for entry in later}
    cancelled: set[str] = set()
    for entry in reversed(later):
        if entry.undoes in present and entry.action not in cancelled:
            cancelled |= {entry.action, entry.undoes}
    return [entry for entry in later if entry.action not in cancelled]


def needed(log: Log, edit: Edit, gone: set[str | None], action: str, who: Callable[[Entry], str]) -> bool:
    """Whether a shared item about to vanish is used elsewhere.

    Raises:
        Refused: somebody has since put something on the item that would be hidden with it.
    """
    column = KINDS[edit.kind].one
    if edit.kind == "versions" and edit.item:
        _built_on(log, edit.item, action, who)
    for user in SHARED.get(edit.kind, ()):
        rows = log.rows(f'SELECT id FROM main.{user} WHERE "{column}" = ? AND deleted = 0', (edit.item,))
        if any(id not in gone for (id,) in rows):
            return True
    for child in CHILDREN.get(edit.kind, ()):
        rows = log.rows(f'SELECT id FROM main.{child} WHERE "{column}" = ? AND deleted = 0 ORDER BY born', (edit.item,))
        added = (id for (id,) in rows if id not in gone and (child not in JUDGEMENTS or _since(log, id, action)))
        orphan = next(added, None)
        if orphan:
            first = log.entries(items=[orphan])[0]
            raise _refused(who(first), f"added {_a(KINDS[child].one)} to that {column}")
    return False


def _instead(log: Log, changes: list[Entry]) -> str:
    """What to do where the undo of a correction is refused; empty for what is none."""
    versions = {change.item for change in changes if change.kind == "versions"}
    rows = log.held("versions", sorted(versions))
    old = log.held("versions", [str(row["parent"]) for row in rows.values() if row["parent"]])
    number = next((row["number"] for row in old.values()), None)
    return "" if number is None else (
        f" Put the old text back with `factdesk update ARTICLE --version {number}`; claims move with it."
    )  # fmt: skip


def _built_on(log: Log, version: str, action: str, who: Callable[[Entry], str]) -> None:
    """Refuse to take a version back on which somebody has worked since."""
    moved = "SELECT item FROM main.changes WHERE action = ?2"
    seen = "CASE WHEN json_valid(seen) THEN json_extract(seen, '$.version') END"
    row = log.row("versions", version) or {}
    for kind, did, where in (
        ("claims", "tagged a claim", "version = ?1"),
        ("sweeps", "swept", "version = ?1"),
        ("suggestions", "suggested a claim", "version = ?1"),
        ("reviews", "reviewed a claim", f"(version = ?1 OR {seen} = ?1)"),
    ):
        asked = (
            f"SELECT id FROM main.{kind} WHERE {where} AND deleted = 0 AND id NOT IN ({moved}) ORDER BY born LIMIT 1"
        )
        for (id,) in log.rows(asked, (version, action)):
            last = log.entries(items=[id])[-1]
            raise _refused(
                who(last), f"{did} on version {row.get('number')}", _instead(log, log.entries(action=action))
            )


def _since(log: Log, item: str, action: str) -> bool:
    """Whether an item was changed after an action; a judgement that was not has been hidden with its item before."""
    return any(entry.id > action and entry.action != action for entry in log.entries(items=[item]))


def _refused(who: str, did: str, mend: str = "") -> Refused:
    """Why nothing was reversed; of what is hidden from the person who asks, only that it is there."""
    return Refused(
        f"Nothing was undone or redone: {who} has {did} since.{mend}"
        if who
        else f"Nothing was undone or redone: others have built on it since.{mend}"
    )


def _a(noun: str) -> str:
    return noun if noun == "evidence" else f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _value(column: str, held: object) -> object:
    return json.loads(str(held)) if column in LISTS else held
