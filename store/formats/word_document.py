"""Word documents for the writer: each article with one comment per claim.

A comment is by who tagged the claim and says, a paragraph each, the claim's name and verdict, what it states, why, and
the sources; the last paragraph has the claim's id. By that id a document that comes back is known: its claims are the
same, with what was changed in the comment, and replies to it are comments on the claim. Every other comment of a
document is a suggestion by its author. The article's title and address stand in the head of each page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unicodedata import bidirectional
from xml.sax.saxutils import escape, quoteattr

from store.errors import Refused
from store.formats.contract import DETAILS, FIELDS, Cited, Loss, Options, Said, Spot, Tally, Text, Unit
from store.formats.files import Files, Out, Problem, Wrong, name_for, parsed
from store.formats.timestamps import to_iso
from store.formats.xml_text import ILLEGAL, legal

name = "docx"
says = "Word documents with one comment per claim: its verdict, why, the sources, and who tagged it"
extensions: tuple[str, ...] = (".docx",)
many = True
unit: Unit = "codepoint"
partly = frozenset({"span"})
loses = partly | {"discontinuous", "types", "tags", "details", "time", "reviews", "comments", "sweeps", "waits",
                   "judge", "settled"}  # fmt: skip
carries = frozenset(FIELDS) - loses
needs = "factdesk[documents]"
options: Mapping[str, str] = {}

_NO_VERDICT = "no verdict"
_MARK = "factdesk "
_SPOT = {"Claim": "claim_text", "Said by": "claimant", "Why": "note"}
_CITED = {
    "Address": "url", "Publisher": "publisher", "Published": "published", "Words": "quote", "Where": "locator",
    "Note": "note", "Kept at": "archive_url", "Seen": "retrieved", "Kind": "tier", "Origin": "origin",
}  # fmt: skip
_LABELLED = re.compile(rf"({'|'.join([*_SPOT, *_CITED])}): (.*)", re.DOTALL)
_SOURCE = re.compile(r"Source, (\w+):(?: (.*))?", re.DOTALL)
_HEAD = re.compile(r"(\S+) · (.+)", re.DOTALL)


def sniff(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04") and b"word/" in head


# -- out --------------------------------------------------------------------------------------------------------

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "comments": "comments", "styles": "styles", "header": "header"}
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in _PARTS.items()
    )
    + '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_TOP = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_R}/officeDocument" '
    f'Target="word/document.xml"/><Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_INNER = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{n}" Type="{_R}/{part}" Target="{part}.xml"/>' for n, part in enumerate([*_PARTS][1:], 1)
    )
    + "</Relationships>"
)
_STYLES = (
    f'{_XML}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" '
    'w:cs="Times New Roman"/><w:sz w:val="22"/><w:szCs w:val="22"/>{}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
    '<w:spacing w:after="160" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/>'
    '<w:rPr><w:color w:val="666666"/><w:sz w:val="17"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    '<w:rPr><w:sz w:val="20"/></w:rPr></w:style></w:styles>'
)
_PIECE = re.compile("[\t\n]|[^\t\n]+")
_PARAGRAPHS = re.compile(r"(?<=\S)\n\n(?=\S)")


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    for number, text in enumerate(texts, 1):
        with out.file(f"{name_for(number, text.title)}.docx") as file, Out.packed(file) as package:  # type: ignore[arg-type]
            for part, xml in _parts(text, options, tally).items():
                package.write(xml, part)
    return tally.losses()


def _parts(text: Text, options: Options, tally: Tally) -> dict[str, str]:
    for spot in text.spots:
        if ILLEGAL.search(spot.quote):
            tally.lost("span", spot, "a document cannot hold all of its characters")
    language = f"<w:lang w:val={quoteattr(legal(text.language))}/>" if text.language else ""
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _TOP,
        "docProps/core.xml": _core(text),
        "word/document.xml": _document(text),
        "word/comments.xml": f"{_XML}<w:comments {_W}>{''.join(_comments(text, options))}</w:comments>",
        "word/styles.xml": _STYLES.format(language),
        "word/header.xml": _header(text),
        "word/_rels/document.xml.rels": _INNER,
    }


def _core(text: Text) -> str:
    """What the document tells of itself. What no field of it takes stands in its description."""
    body = text.text
    edges = [body[: len(body) - len(body.lstrip())], body[len(body.rstrip()) :]] if body.strip() else ["", ""]
    own = {"article": text.key, **{field: getattr(text, field) for field in DETAILS}, "edges": edges}
    said = {"title": text.title, "creator": text.author, "language": text.language, "description": json.dumps(own)}
    told = "".join(f"<dc:{field}>{escape(legal(value))}</dc:{field}>" for field, value in said.items() if value)
    spaces = f'xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"{_XML}<cp:coreProperties {spaces}>{told}</cp:coreProperties>"


def _header(text: Text) -> str:
    words = " · ".join(filter(None, (text.title, text.author, text.publisher, text.published, text.url)))
    return f'{_XML}<w:hdr {_W}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{_runs(words)}</w:p></w:hdr>'


def _document(text: Text) -> str:
    """The text with the edges of its claims. Its paragraphs are as long as their edges can be told exactly."""
    edges: dict[int, list[str]] = {}
    for number, spot in reversed([*enumerate(text.spots)]):
        reference = f'<w:r><w:commentReference w:id="{number}"/></w:r>'
        edges.setdefault(spot.end, []).insert(0, f'<w:commentRangeEnd w:id="{number}"/>{reference}')
    for number, spot in enumerate(text.spots):
        edges.setdefault(spot.start, []).append(f'<w:commentRangeStart w:id="{number}"/>')
    breaks = {one.start() for one in _PARAGRAPHS.finditer(text.text) if one.start() + 1 not in edges}
    order = sorted({0, len(text.text), *edges, *breaks, *(at + 2 for at in breaks)})
    body: list[str] = [_begun(text.text, 0)]
    for at, until in zip(order, [*order[1:], len(text.text)], strict=True):
        body += edges.get(at, ())
        if at in breaks:
            body.append(f"</w:p>{_begun(text.text, at + 2)}")
        else:
            body.append(_runs(text.text[at:until]))
    section = (
        f'<w:sectPr><w:headerReference w:type="default" r:id="rId{[*_PARTS].index("header")}"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
        'w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    return f'{_XML}<w:document {_W} xmlns:r="{_R}"><w:body>{"".join(body)}</w:p>{section}</w:body></w:document>'


def _begun(text: str, at: int) -> str:
    """The beginning of a paragraph, from right to left if its first letter goes so."""
    strong = next((kind for kind in map(bidirectional, text[at : at + 200]) if kind in ("L", "R", "AL")), "L")
    return "<w:p>" if strong == "L" else "<w:p><w:pPr><w:bidi/></w:pPr>"


def _runs(words: str) -> str:
    if not words:
        return ""
    signs = {"\t": "<w:tab/>", "\n": "<w:br/>"}
    told = "".join(
        signs.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in _PIECE.findall(legal(words))
    )
    return f"<w:r>{told}</w:r>"


def _comments(text: Text, options: Options) -> Iterator[str]:
    for number, spot in enumerate(text.spots):
        moment = to_iso(spot.at)
        date = f' w:date="{moment[:19]}Z"' if moment else ""
        head = f'w:id="{number}" w:author={quoteattr(legal(spot.person))} w:initials={quoteattr(legal(spot.name))}'
        style = '<w:pPr><w:pStyle w:val="CommentText"/></w:pPr>'
        said = "".join(f"<w:p>{style}{_runs(line)}</w:p>" for line in _told(spot, options))
        yield f"<w:comment {head}{date}>{said}</w:comment>"


def _told(spot: Spot, options: Options) -> Iterator[str]:
    """What a comment says, a paragraph each."""
    yield f"{spot.name or 'Claim'} · {options.verdict_word(spot.verdict, name) or _NO_VERDICT}"
    yield from (f"{label}: {value}" for label, field in _SPOT.items() if (value := getattr(spot, field)))
    for one in spot.evidence:
        yield f"Source, {one.stance}: {one.title}" if one.title else f"Source, {one.stance}:"
        yield from (f"{label}: {value}" for label, field in _CITED.items() if (value := getattr(one, field)))
    yield f"{_MARK}{spot.key}"


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    from store.formats.articles.docx import word_file

    for file in files:
        try:
            found = word_file(file.data(), file.name)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
            continue
        except Refused as refusal:
            yield Problem(file.name, str(refusal).removeprefix(f"{file.name}: ").rstrip("."))
            continue
        own = _own(found)
        spots = tuple(_spots(found, len(own["edges"][0]), options))
        yield Text(
            own["article"], own["edges"][0] + found.text + own["edges"][1], own["title"] or found.title, own["url"],
            own["language"] or found.about.language or "", own["publisher"], found.about.author or "",
            own["published"], spots, where=file.name, markup=own["markup"], lines=own["lines"],
        )  # fmt: skip


def _own(found: Any) -> dict[str, Any]:
    """What a document of ours tells of its article, as `_core` wrote it; nothing of any other."""
    own: dict[str, Any] = dict.fromkeys(("article", *DETAILS), "") | {"edges": ["", ""]}
    said = parsed(found.about.comments or "")
    if isinstance(said, dict) and {"article", "edges"} <= said.keys():
        own |= {field: value for field in own if isinstance(value := said.get(field), str)}
        edges = said.get("edges")
        if isinstance(edges, list) and len(edges) == 2 and all(isinstance(one, str) for one in edges):
            own["edges"] = edges if not "".join(edges).strip() else own["edges"]
    return own


def _is_own(comment: Any) -> bool:
    """Whether a comment tells of a claim of a desk."""
    said = [line for line in comment.said if line.strip()]
    return len(said) > 1 and said[-1].startswith(_MARK) and _HEAD.fullmatch(said[0]) is not None


def _spots(found: Any, before: int, options: Options) -> Iterator[Spot]:
    from store.formats.articles.docx import about

    own = {one.id for one in found.comments if _is_own(one)}
    replies: dict[str, list[Said]] = {id: [] for id in own}
    for one in found.comments:
        if one.answers in own and one.id not in own and one.words:
            replies[one.answers].append(Said(one.words, one.author, at=one.at))
    for one in found.comments:
        if one.id in own and one.start < one.end:
            quote = found.text[one.start : one.end]
            yield _spot(one.said, options)._replace(
                start=before + one.start,
                end=before + one.end,
                quote=quote,
                person=one.author,
                at=one.at,
                comments=tuple(replies[one.id]),
            )
        elif one.id not in own and one.answers not in own and one.words and not one.resolved:
            start, end = about(found.text, one)
            yield Spot(
                f"comment {one.id}", before + start, before + end, found.text[start:end], note=one.words,
                person=one.author, machine=True, at=one.at,
            )  # fmt: skip


def _spot(said: Iterable[str], options: Options) -> Spot:
    """What a comment tells of a claim; a paragraph that begins with no word of ours goes on from the one before."""
    spot, last = Spot(), ""
    cited: list[Cited] = []
    for line in said:
        labelled, source = _LABELLED.fullmatch(line), _SOURCE.fullmatch(line)
        if line.startswith(_MARK):
            spot = spot._replace(key=line.removeprefix(_MARK).strip())
        elif source:
            cited.append(Cited(source[1], title=source[2] or ""))
            last = ""
        elif labelled and labelled[1] in _SPOT:
            last = _SPOT[labelled[1]]
            spot = _with(spot, last, labelled[2])
        elif labelled and cited:
            cited[-1] = cited[-1]._replace(**{_CITED[labelled[1]]: labelled[2]})
        elif not spot.name and (head := _HEAD.fullmatch(line)):
            word = "" if head[2].strip() == _NO_VERDICT else head[2].strip()
            spot = spot._replace(name=head[1], verdict=options.verdict_key(word, name) or word)
        elif last and not cited:
            spot = _with(spot, last, f"{getattr(spot, last)}\n{line}")
    return spot._replace(evidence=tuple(cited))


def _with(spot: Spot, field: str, value: str) -> Spot:
    said: dict[str, Any] = {field: value}
    return spot._replace(**said)
