"""Web pages: the article alone, without what stands around it, in paragraphs that a person would see."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree

from store.errors import Refused
from store.formats.articles import charset
from store.formats.articles.markup import Prose
from store.formats.articles.plaintext import day, known_language, mended, whole
from store.formats.articles.reader import ArticleFile, ReadOptions
from store.text.article_draft import Draft, Original, plain_title

LEAST_TEXT = 200
"""Code points: what is shorter, on a page with scripts or for subscribers, is not its article."""

for _name in ("trafilatura", "htmldate", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # what they complain of is told by what comes out

_EXTRACTION: dict[str, Any] = {
    "with_metadata": True,
    "include_comments": False,
    "include_tables": True,
    "include_formatting": True,
    "include_links": False,
    "deduplicate": False,  # it would remember pages that were read before
    "date_extraction_params": {"original_date": True, "extensive_search": False},  # a year in the text is not a date
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1|<[^>]*>", re.IGNORECASE | re.DOTALL)
_MARK = re.compile(r"\[?\d{1,3}\]?")
_UNIT = re.compile(r"(?:^|[^A-Za-z])(?:10|[kcdm]?m|ft|in|yd|mi|[A-Za-z])$")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CLOSED = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Draft]:
    """The article of a page. Raises Refused when the page holds none, with the reason."""
    data = whole(file)
    page, notes = page_text(data, file)
    tree = _tree(page, file.where)
    notes += _without_marks(tree)
    captions = _captions(tree)
    language, address = _language(tree, notes), _own_address(tree, file.address)
    has_script, closed = tree.find(".//script") is not None, _CLOSED.search(page) is not None
    try:
        found = trafilatura.bare_extraction(tree, url=address or None, **_EXTRACTION)
    except Exception as error:  # a parser of others, on a page of others
        raise Refused(
            f"{file.where}: its article cannot be made out ({type(error).__name__}); save its text."
        ) from None
    fields: Mapping[str, Any] = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    text, mends = mended(Prose.of(fields["body"]) if fields.get("body") is not None else "")
    onward = _onward(tree, address) if len(text) < LEAST_TEXT else ""
    if onward:
        raise Refused(f"{file.where}: this page holds no article and leads on to {onward}; import that address.")
    if not text or (len(text) < LEAST_TEXT and (has_script or closed)):
        raise Refused(f"{file.where}: {_no_article(closed, has_script)}")
    if captions:
        notes.append(_told(captions, options.captions))
        if options.captions:
            text += "\n\nCaptions\n" + "\n".join(f"• {caption}" for caption in captions)
    if closed:
        notes.append("the page says that it is for subscribers: a part of the article may be missing")
    site = plain_title(str(fields.get("sitename") or ""))
    settings = f"trafilatura {trafilatura.__version__}" + (", captions" if options.captions else "")
    yield Draft(
        text,
        _title(str(fields.get("title") or ""), site),
        url=address,
        publisher=site,
        author=plain_title(str(fields.get("author") or "")),
        published=day(str(fields["date"]), notes) if fields.get("date") else "",
        language=language,
        notes=(*notes, *mends),
        original=Original(
            data,
            file.content_type or "text/html",
            settings,
            name="" if file.address else PurePath(file.name).name,
            modified=_modified(page),
        ),
    )


def page_text(data: bytes, file: ArticleFile) -> tuple[str, list[str]]:
    """A page as text, and a note when it is not in the encoding that it is said to be in."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, "replace").removeprefix("\ufeff"), []
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]+)", file.content_type)
    meta = _CHARSET.search(data[:4096])
    said = [name for name in (header and header[1], meta and meta[1].decode("ascii", "ignore")) if name]
    for name in (*said, "utf-8"):
        try:
            # Browsers read what calls itself Latin 1 as windows-1252.
            codec = codecs.lookup(name).name
            text = data.decode("cp1252" if codec in ("iso8859-1", "ascii") and name != "utf-8" else codec)
        except (LookupError, ValueError):
            continue
        return text, [] if not said or name == said[0] else [f"read as {name.upper()}"]
    name = charset.codec_of(_MARKUP.sub(b" ", data)) or "cp1252"
    return data.decode(name, "replace"), [f"read as {charset.codec_words(name)}"]


def _tree(page: str, where: str) -> Any:
    try:
        tree = trafilatura.load_html(page)
    except Exception:
        tree = None
    if tree is None:
        raise Refused(f"{where}: there is no page in it; open it in a browser, and save it again.")
    return tree


def _without_marks(tree: Any) -> list[str]:
    """Take the marks of footnotes out, which would run into the words before them; exponents become raised digits."""
    marks = 0
    for sup in list(tree.iter("sup")):
        words = "".join(sup.itertext()).strip()
        if not _MARK.fullmatch(words):
            continue
        before = _words_before(sup)
        exponent = words.isdigit() and sup.find(".//a") is None and _UNIT.search(before) is not None
        marks += not exponent
        tail = (words.translate(_RAISED) if exponent else "") + (sup.tail or "")
        previous, parent = sup.getprevious(), sup.getparent()
        if parent is None:
            continue
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(sup)
    return [f"{marks} footnote mark{'' if marks == 1 else 's'} left out"] if marks else []


def _words_before(element: Any) -> str:
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        return (parent.text or "") if parent is not None else ""
    return previous.tail or "".join(previous.itertext())


def _captions(tree: Any) -> list[str]:
    """The captions of the article's pictures, each once."""
    inside = "//article//figcaption | //main//figcaption"
    found = tree.xpath(inside) or tree.xpath("//figcaption") or []
    captions = (" ".join("".join(caption.itertext()).split()) for caption in found)
    return list(dict.fromkeys(caption for caption in captions if caption))


def _told(captions: list[str], kept: bool) -> str:
    some = f"{len(captions)} caption{'' if len(captions) == 1 else 's'} of pictures"
    return f"{some} at the end" if kept else f"{some} left out (--captions keeps them)"


def _language(tree: Any, notes: list[str]) -> str:
    """The language that a page says it is in; nothing when it says none, or one that nobody speaks."""
    said = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    for value in (said, *tree.xpath("//meta[@property='og:locale']/@content")):
        value = (value or "").strip().replace("_", "-")
        if value and value.lower() != "x-default" and (code := known_language(value, [])):
            return code
    return ""


def _own_address(tree: Any, came_from: str) -> str:
    """The address that a page gives itself, if it is one of the same site; else where it came from."""
    for said in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        try:
            address = urljoin(came_from, said.strip())
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and _same_site(parts.hostname, came_from):
            return str(address)
    return came_from


def _onward(tree: Any, address: str) -> str:
    """Where a page sends its readers by itself (``<meta http-equiv=refresh>``), if that is another address."""
    for meta in tree.xpath("//meta[@http-equiv and @content]"):
        said = re.match(r"\s*[\d.]+\s*[;,]\s*url\s*=\s*[\"']?\s*([^\"'\s]+)", meta.get("content"), re.IGNORECASE)
        if said and meta.get("http-equiv").strip().lower() == "refresh":
            try:
                onward = urljoin(address, said[1])
            except ValueError:
                continue
            return plain_title(onward)[:300] if onward != address else ""
    return ""


def _same_site(host: str, came_from: str) -> bool:
    return not came_from or host.removeprefix("www.") == (urlsplit(came_from).hostname or "").removeprefix("www.")


def _title(said: str, site: str) -> str:
    """The title without the name of the site, which many pages put behind it."""
    title = plain_title(said)
    before, between, after = title.rpartition(" | ") if " | " in title else title.rpartition(" - ")
    return before if between and site and after.casefold() == site.casefold() else title


def _modified(page: str) -> str:
    found = re.search(r'"dateModified"\s*:\s*"([^"]{4,40})"', page) or re.search(
        r'article:modified_time"\s+content="([^"]{4,40})"', page
    )
    return found[1] if found else ""


def _no_article(closed: bool, has_script: bool) -> str:
    if closed:
        return "the page is for subscribers and holds no article; open it as one, save its text, and import that."
    if has_script:
        return (
            "there is no article in the page as it was sent (scripts may make it); open it in a browser, and save its "
            "text or print it to PDF."
        )
    return "there is no article in the page; check that it is the right one."


def fragment(markup: str, where: str) -> str:
    """The text of a piece of HTML, as feeds hold it, in paragraphs. Raises Refused when it cannot be made out."""
    try:
        tree = etree.HTML(markup) if markup.strip() else None
    except (etree.LxmlError, ValueError):
        raise Refused(f"{where}: its HTML cannot be read; save it again.") from None
    return Prose.of(tree) if tree is not None else ""
