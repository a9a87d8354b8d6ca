"""UIMA CAS, what INCEpTION exports and imports, as XMI: a file for each article, and one type system.

A claim is an annotation of the layer ``webanno.custom.Claim`` with text features; the article's title, address and id
are those of DKPro's document metadata. Of a file of others every layer of spans is read, but for words, sentences and
grammar: a feature called ``verdict``, ``value`` or ``label`` is the label, ``note`` or ``comment`` the justification,
``statement`` the statement, any other text a tag. Offsets are UTF-16 units.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import Files, Out, Problem, Wrong, name_for
from store.formats.offsets import Ruler
from store.formats.timestamps import from_iso, to_iso
from store.formats.xml_text import ILLEGAL, legal

name = "uima-xmi"
says = "UIMA CAS XMI, as INCEpTION reads and writes it: a file for each article, and the type system"
extensions: tuple[str, ...] = (".xmi", ".xml")
many = True
unit: Unit = "utf-16"
loses = frozenset({"span", "discontinuous", "types", "tags", "details", "evidence", "reviews", "comments", "sweeps",
                   "lines", "markup", "publication", "waits", "judge", "settled"})  # fmt: skip
carries = frozenset(FIELDS) - loses
partly = frozenset({"span"})
needs = "factdesk[inception]"
options: Mapping[str, str] = {}

LAYER = "webanno.custom.Claim"
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_FEATURES = {"verdict": "verdict", "note": "note", "statement": "claim_text", "claimant": "claimant",
             "person": "person", "name": "name", "key": "key"}  # fmt: skip
_ROLES = {"verdict": "label", "value": "label", "label": "label", "note": "note", "comment": "note",
          "statement": "claim_text"}  # fmt: skip
_GRAMMAR = re.compile(
    r"uima\.tcas\.DocumentAnnotation|.*\.type\.(Token|Sentence|Paragraph|Heading|Lemma|Stem|DocumentMetaData|"
    r"TagsetDescription|SurfaceForm|MorphologicalFeatures|CoreferenceLink|pos\..+|POS\w*|constituent\..+|"
    r"dependency\..+|chunk\..+|xml\..+)|org\.dkpro\.core\.api\.xml\.type\..+"
)
_TYPES = "TypeSystem.xml"


def sniff(head: bytes) -> bool:
    return b"<xmi:XMI" in head and b"uima" in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    types = type_system()
    for number, text in enumerate(texts, 1):
        for spot in text.spots:
            if ILLEGAL.search(spot.quote):
                tally.lost("span", spot, "XML cannot hold all of its characters")
        words = text._replace(text=legal(text.text), title=legal(text.title))
        out.write(cas(words, types, legal).to_xmi(), f"{name_for(number, text.title)}.xmi")
    out.write(types.to_xml(), _TYPES)
    return tally.losses()


def type_system() -> Any:
    """The types that a desk writes."""
    from cassis import TypeSystem

    types = TypeSystem()
    claim = types.create_type(LAYER, "uima.tcas.Annotation")
    for feature in (*_FEATURES, "created"):
        types.create_feature(claim, feature, "uima.cas.String")
    about = types.create_type(_METADATA, "uima.tcas.DocumentAnnotation")
    for feature in ("documentTitle", "documentId", "documentUri"):
        types.create_feature(about, feature, "uima.cas.String")
    return types


def cas(text: Text, types: Any, plain: Callable[[str], str] = str) -> Any:
    """An article with its claims as a CAS; ``plain`` makes words such as the file can hold."""
    from cassis import Cas

    ruler = Ruler(text.text, unit)
    made = Cas(typesystem=types)
    made.sofa_string, made.sofa_mime = text.text, "text/plain"
    about = types.get_type(_METADATA)
    made.add(
        about(
            begin=0, end=len(text.text), language=text.language or "x-unspecified", documentTitle=text.title,
            documentId=text.key, documentUri=text.url,
        )
    )  # fmt: skip
    claim = types.get_type(LAYER)
    for spot in text.spots:
        said = {feature: plain(value) for feature, field in _FEATURES.items() if (value := getattr(spot, field))}
        said |= {"created": to_iso(spot.at)} if to_iso(spot.at) else {}
        made.add(claim(begin=ruler.code_point(spot.start), end=ruler.code_point(spot.end), **said))
    return made


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    from cassis import load_cas_from_xmi, load_typesystem

    types: dict[str, Any] = {}
    documents = []
    for file in files:
        try:
            data = file.data()
            if b"typeSystemDescription" in data[:4096]:
                types[str(PurePosixPath(file.name).parent)] = loaded(load_typesystem, data, "a type system")
            else:
                documents.append(file)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
    ours = type_system()
    otherwise = next(iter(types.values()), ours)
    for file in documents:
        known = types.get(str(PurePosixPath(file.name).parent), otherwise)
        load = partial(load_cas_from_xmi, typesystem=known, lenient=True)
        try:
            yield from document(loaded(load, file.data(), "a CAS"), file.name)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


def loaded(load: Callable[[io.BytesIO], Any], data: bytes, what: str) -> Any:
    """What a library makes of a file. Raises Wrong when it cannot, or when an offset is not a place in the text."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", data):
        raise Wrong("it declares XML entities, which are not read")
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            made = load(io.BytesIO(data))
    except Exception as error:  # a parser of others, on a file of others
        raise Wrong(f"it cannot be read as {what} ({type(error).__name__}): export it again") from None
    for one in told:
        if found := re.search(r"offset \[(.{1,20})\]", str(one.message)):
            raise Wrong(f"the offset {found[1]} lies outside its text, or inside a character")
    return made


def document(made: Any, where: str) -> list[Text | Problem]:
    """What a CAS holds: its article with the spans of its layers, and the layers that are left out.

    Raises:
        Wrong: it has no text, or values of another kind than they should be.
    """
    body = made.sofa_string
    if not isinstance(body, str) or not body.strip():
        raise Wrong("it has no text")
    ruler = Ruler(body, unit)
    spots: list[Spot] = []
    left: dict[str, Problem] = {}
    said: dict[str, str] = {}
    for one in made.select_all_annotations():
        kind = one.type.name
        values = _texts(one)
        if kind == _METADATA:
            said |= values
        if _GRAMMAR.fullmatch(kind) or not hasattr(one, "begin"):
            said.setdefault("language", values.get("language", "") if kind.endswith("DocumentAnnotation") else "")
        elif hasattr(one, "Governor") or hasattr(one, "Dependent"):
            left[kind] = Problem(where, f"the relations of the layer {kind} were left out", mended=True)
        elif kind == LAYER and "key" in values:
            spots.append(_placed(_own(values), one, body, ruler))
        elif isinstance(one.begin, int) and isinstance(one.end, int) and one.begin < one.end:
            spots.append(_placed(_described(values, one, kind), one, body, ruler))
    language = said.get("language", "")
    text = Text(
        said.get("documentId", ""), body, said.get("documentTitle", ""), said.get("documentUri", ""),
        "" if language == "x-unspecified" else language, spots=tuple(spots), where=where,
    )  # fmt: skip
    return [*left.values(), text]


def _texts(one: Any) -> dict[str, str]:
    """The features of an annotation that are text."""
    found = {}
    for feature in one.type.all_features:
        value = getattr(one, feature.name, None)
        if isinstance(value, str) and value:
            found[feature.name] = value
    return found


def _own(values: Mapping[str, str]) -> Spot:
    said: dict[str, Any] = {field: values[feature] for feature, field in _FEATURES.items() if feature in values}
    return Spot(at=from_iso(values.get("created", "")), **said)


def _described(values: Mapping[str, str], one: Any, kind: str) -> Spot:
    words = {role: "" for role in ("label", "note", "claim_text")}
    tags = []
    for feature, value in values.items():
        role = _ROLES.get(feature.casefold(), "")
        if role and not words[role]:
            words[role] = value
        elif not role:
            tags.append(value)
    label = words["label"] or kind.rpartition(".")[2]
    key = f"{kind.rpartition('.')[2]} {one.xmiID}"
    return Spot(key, label=label, note=words["note"], claim_text=words["claim_text"], tags=tuple(tags))


def _placed(spot: Spot, one: Any, body: str, ruler: Ruler) -> Spot:
    """A spot with its place in the unit of the file; one outside the text keeps its offsets, and is refused for it."""
    start, end = one.begin, one.end
    if not (isinstance(start, int) and isinstance(end, int)):
        raise Wrong("an annotation has no whole numbers as its offsets")
    if not 0 <= start < end <= len(body):
        return spot._replace(start=start, end=end)
    return spot._replace(start=ruler.offset(start), end=ruler.offset(end), quote=body[start:end])
