"""What a desk can be written as and read from: one table, one module per format.

``bundle``, ``csv``, ``settled`` and ``tables`` are made of the desk's own tables. All others are modules as
``store.formats.contract`` describes them; those of other programs are found by the entry point ``factdesk.formats``.
A format's module is imported when it is asked for by name.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from store.formats.contract import Format
    from store.formats.csv.claim_columns import Exported

ENTRY_POINTS = "factdesk.formats"
"""The group under which other programs name formats of their own."""


class Listed(NamedTuple):
    """A format of the table. ``says`` is what it is; ``write`` exports and ``read``, where there is one, imports.

    The first two arguments are the desk and the place: a path or binary stream, or the path of a folder. ``module`` is
    what describes it further, where it is one of those of ``store.formats.contract``; ``broken`` says why another
    program's cannot be used.
    """

    name: str
    says: str
    write: "Callable[..., Exported]"
    read: Callable[..., Any] | None = None
    folder: bool = False
    module: "Format | None" = None
    broken: str = ""


def _of(module: str, name: str) -> Callable[..., Any]:
    """A function of a format's module, which is imported once it is called: a format imports only itself."""

    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(import_module(f"store.formats.{module}"), name)(*arguments, **options)

    return call


_OWN = {
    format.name: format
    for format in (
        Listed(
            "csv",
            "one row per claim, for spreadsheets; `factdesk import csv` reads it back",
            _of("csv.claim_columns", "write"),
            _of("csv.claim_import", "read"),
        ),
        Listed("settled", "one row per settled claim, with everyone's labels beside it", _of("settled", "write")),
        Listed(
            "tables",
            "a folder with one CSV per table, every text and the scheme",
            _of("tables", "write"),
            _of("tables", "read"),
            folder=True,
        ),
        Listed(
            "bundle",
            "one file with everything and its whole history, for another desk: what `share` writes and `merge` reads",
            _of("bundle", "write"),
            _of("bundle", "read"),
        ),
    )
}

MODULES: Mapping[str, str] = {
    "jsonl": "jsonl",
    "w3c": "w3c",
    "proof": "proof",
    "proof-md": "proof_markdown",
    "sheet": "sheet",
    "docx": "word_document",
    "brat": "brat",
    "labelstudio": "labelstudio",
    "doccano": "doccano",
    "webanno": "webanno",
    "uima-xmi": "uima",
    "uima-json": "uima_json",
    "conll": "conll",
    "claimreview": "claimreview",
    "averitec": "averitec",
    "fever": "fever",
    "scifact": "scifact",
    "factscore": "factscore",
    "factcheckgpt": "factcheckgpt",
    "ragtruth": "ragtruth",
    "factgenie": "factgenie",
}
"""The formats of our own that follow the contract, by name: each with its module."""


class Formats(Mapping[str, Listed]):
    """All formats by name. Iterating, and asking for one that is not ours, looks for those of other programs."""

    def __getitem__(self, name: str) -> Listed:
        if name in _OWN:
            return _OWN[name]
        if name in MODULES:
            return _described(import_module(f"store.formats.{MODULES[name]}"))
        entry = _entries().get(name)
        if entry is None:
            raise KeyError(name)
        try:
            found = _described(entry.load())
        except Exception as error:  # it is not ours: whatever it raises, the others can be used
            return _broken(name, f"it cannot be loaded ({type(error).__name__}: {error})")
        return found if found.name == name else _broken(name, f"it calls itself {found.name}")

    def __iter__(self) -> Iterator[str]:
        yield from _OWN
        yield from MODULES
        yield from sorted(name for name in _entries() if name not in _OWN and name not in MODULES)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _entries() -> dict[str, Any]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}


_TO_READ = ("sniff", "read")
"""What a format that is only written does without."""
_MAY_LACK = (*_TO_READ, "statement")


def _described(module: Any) -> Listed:
    """A format of the contract as one of the table.

    Raises:
        TypeError: it lacks something, or does not say of every field whether it carries or loses it.
    """
    from store.formats.contract import FIELDS, Format

    wanted = [name for name in vars(Format) if not name.startswith("_") and name not in _MAY_LACK]
    absent = [name for name in wanted if not hasattr(module, name)]
    if absent:
        raise TypeError(f"it has no {', '.join(absent)}")
    carries, loses = module.carries, module.loses
    if carries | loses != set(FIELDS) or carries & loses or not module.partly <= loses:
        strange = sorted((carries | loses) ^ set(FIELDS) | carries & loses | (module.partly - loses))
        raise TypeError(f"it does not say whether it carries or loses {', '.join(strange)}")
    found = cast("Format", module)
    return Listed(
        found.name, found.says, partial(_export, found), partial(_bring, found) if _reads(found) else None,
        found.many, found,
    )  # fmt: skip


def _reads(module: Any) -> bool:
    """Whether a format can be read: one that is only written has no ``read``."""
    return all(hasattr(module, name) for name in _TO_READ)


def _export(module: "Format", desk: Any, to: Any, articles: Any = (), **options: Any) -> "Exported":
    from store.formats.export_to_any_format import export

    with _equipped(module):
        return export(desk, module, to, articles, **options)


def _bring(module: "Format", desk: Any, source: Any, **options: Any) -> Any:
    from store.formats.import_of_any_format import bring

    with _equipped(module):
        return bring(desk, module, source, **options)


@contextmanager
def _equipped(module: "Format") -> Iterator[None]:
    """Say what to install for a format, when what it needs is not there."""
    from store.errors import Refused
    from store.optional_libraries import command_to_add

    try:
        yield
    except ImportError as error:
        if not module.needs or (error.name or "").startswith("store"):
            raise
        raise Refused(
            f"The format {module.name} needs more libraries; install them with `{command_to_add(module.needs)}`."
        ) from None


def _broken(name: str, why: str) -> Listed:
    def refuse(*arguments: Any, **options: Any) -> Any:
        from store.errors import Refused

        raise Refused(f"The format {name} cannot be used: {why}. Update or remove the program that brings it.")

    return Listed(name, f"broken: {why}", refuse, refuse, broken=why)


FORMATS: Mapping[str, Listed] = Formats()
