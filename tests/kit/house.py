"""The house as it stands: what its modules import, define and are called, and what of it is against the plan.

Arrows point down the stairs of ``tests/kit/stairs.py``; every import is an arrow, also one for types
only and one inside a function.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from store.formats.contract import Format
from tests.kit.stairs import STORE, TUI

FLOORS = ("store", "tui")
STEPS = {f"store.{room}": step for step, rooms in enumerate(STORE) for room in rooms}
STEPS |= {f"tui.{room}": 100 + step for step, rooms in enumerate(TUI) for room in rooms}
STEPS |= {"store": 99, "tui.__main__": 199, "tui": 199}  # the store's public face is its top step

LINES = 500
"""So long may a module be."""
FUNCTION = 60
"""So many lines may a function have, its heading and its docstring included."""
TAKEN = re.compile(r"^\s*(?:from|import) tests(?:\.\w+)*(?:\.| import )(?:test_|conftest)", re.MULTILINE)
CONTRACT = {name for name in vars(Format) if not name.startswith("_")}
"""Names that every module of a format has."""


class Module(NamedTuple):
    name: str
    file: Path
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The package or the single module on the stair: ``store.log``, ``store.desk``."""
        return ".".join(self.name.split(".")[:2])


class House:
    """The modules below a folder. Each question gives the offences that it finds, by their place."""

    QUESTIONS = (
        "without_a_place", "arrows_up", "circles", "own_bases", "silenced", "set_from_outside", "called_after_a_doing",
        "too_long", "long_functions", "names_twice", "taken_from_tests",
    )  # fmt: skip

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        found = []
        for file in sorted(file for floor in FLOORS for file in (self.root / floor).rglob("*.py")):
            parts = file.relative_to(self.root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = file.read_text(encoding="utf-8")
            found.append(Module(name, file, text, ast.parse(text)))
        return tuple(found)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(module.name for module in self.modules)

    def floor(self, name: str) -> list[Module]:
        return [module for module in self.modules if module.name.split(".")[0] == name]

    def imported(self, module: Module) -> Iterator[str]:
        """Every module of ours that a module names in an import, wherever it stands."""
        package = module.name if module.file.name == "__init__.py" else module.name.rpartition(".")[0]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    above = package.split(".")
                    base = ".".join([*above[: len(above) - node.level + 1], *([node.module] if node.module else [])])
                wanted = [
                    f"{base}.{alias.name}" if f"{base}.{alias.name}" in self.names else base for alias in node.names
                ]
            elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func) and node.args:
                wanted = [re.split(r"[{.]*\{|\.$", ast.unparse(node.args[0]).strip("f'\""))[0]]
            else:
                continue
            yield from (name for name in wanted if name.split(".")[0] in ("store", "tui"))

    def arrows(self) -> Iterator[tuple[Module, str]]:
        for module in self.modules:
            for target in sorted(set(self.imported(module)) - {module.name}):
                yield module, target

    def without_a_place(self) -> Iterator[str]:
        """Packages and modules that stand on no stair."""
        rooms = {module.room for module in self.modules}
        yield from sorted(rooms - set(STEPS))

    def arrows_up(self) -> Iterator[str]:
        """Imports of what stands higher, or beside."""
        for module, target in self.arrows():
            here, there = module.room, room_of(target)
            if here != there and STEPS.get(there, 0) >= STEPS.get(here, 1000):
                yield f"{module.name} knows {target}"

    def circles(self) -> Iterator[str]:
        """Modules that know themselves by way of others."""
        knows: dict[str, set[str]] = defaultdict(set)
        for module, target in self.arrows():
            if target in self.names:
                knows[module.name].add(target)
        index: dict[str, int] = {}
        low: dict[str, int] = {}
        path: list[str] = []
        rings: list[list[str]] = []

        def visit(name: str) -> None:
            index[name] = low[name] = len(index)
            path.append(name)
            for target in knows[name]:
                if target not in index:
                    visit(target)
                    low[name] = min(low[name], low[target])
                elif target in path:
                    low[name] = min(low[name], index[target])
            if low[name] == index[name]:
                ring = path[path.index(name) :]
                del path[path.index(name) :]
                if len(ring) > 1:
                    rings.append(sorted(ring))

        for name in sorted(knows):
            if name not in index:
                visit(name)
        yield from sorted(name for ring in rings for name in ring)

    def own_bases(self) -> Iterator[str]:
        """Classes of the store that inherit from a class of the store, but for errors, enums and named tuples."""
        classes = {
            node.name: {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}
            for module in self.floor("store")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        }

        def is_a(name: str, kinds: re.Pattern[str]) -> bool:
            return bool(kinds.fullmatch(name)) or any(is_a(base, kinds) for base in classes.get(name, ()))

        allowed = re.compile(r"NamedTuple|\w*Enum|BaseException|Exception|\w+Error|KeyboardInterrupt")
        for module in self.floor("store"):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    for base in sorted(classes[node.name] & set(classes)):
                        if not is_a(base, allowed):
                            yield f"{module.name}.{node.name} is a {base}"

    def silenced(self) -> Iterator[str]:
        """Modules that tell the type checker to overlook what it cannot name."""
        for module in self.modules:
            if re.search(r"#\s*type:\s*ignore\[[^\]]*\bmisc\b", module.text):
                yield module.name

    def set_from_outside(self) -> Iterator[str]:
        """Modules that set attributes of their classes or of themselves at their foot."""
        for module in self.modules:
            foot = [node for node in module.tree.body if isinstance(node, (ast.Expr, ast.For, ast.If))]
            if any("setattr(" in ast.unparse(node) for node in foot):
                yield module.name

    def called_after_a_doing(self) -> Iterator[str]:
        """A file is a noun that the field knows; ``matching`` is one."""
        for module in self.modules:
            last = module.name.rpartition(".")[2]
            if last.endswith("ing") and last != "matching":
                yield module.name

    def too_long(self) -> Iterator[str]:
        """Modules of more lines than one can hold in one's head."""
        files = [module.file for module in self.modules]
        for file in (*files, *sorted((self.root / "tests").rglob("*.py"))):
            if len(file.read_text(encoding="utf-8").splitlines()) > LINES:
                yield file.relative_to(self.root).as_posix()

    def long_functions(self) -> Iterator[str]:
        """Functions of more lines than fit on a screen."""
        for module in self.modules:
            for node in ast.walk(module.tree):
                is_one = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                if is_one and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION:
                    yield f"{module.name}.{node.name}"

    def names_twice(self) -> Iterator[str]:
        """Public names that stand for two things on one floor."""
        for floor in FLOORS:
            where: dict[str, list[str]] = defaultdict(list)
            for module in self.floor(floor):
                for name in set(defined(module.tree.body)):
                    format_ = module.room == "store.formats" and name in CONTRACT
                    if not name.startswith("_") and not format_:
                        where[name].append(module.name)
            for name, places in sorted(where.items()):
                if len(places) > 1:
                    yield f"{floor}: {name}"

    def taken_from_tests(self) -> Iterator[str]:
        """Test modules that others take something from; what is shared stands in ``tests/kit``."""
        for file in sorted((self.root / "tests").rglob("*.py")):
            if TAKEN.search(file.read_text(encoding="utf-8")):
                yield file.relative_to(self.root).as_posix()


def room_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def defined(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The public names that statements at the head of a module define."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from (leaf.id for leaf in ast.walk(target) if isinstance(leaf, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from defined(node.body)
            yield from defined(getattr(node, "orelse", []))
