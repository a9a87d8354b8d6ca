"""Records of articles or of addresses: JSONL, JSON and JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from store.errors import Refused
from store.formats.articles.entry import NAMES, article_of, columns
from store.formats.articles.plaintext import ARTICLE_LIMIT_BYTES, whole
from store.formats.articles.reader import Arrived, ArticleFile, ReadOptions
from store.optional_libraries import command_to_add

_LISTS = ("items", "articles", "entries", "records", "data")
_MORE = 1 << 20


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    """The articles of a file. Raises Refused when it holds no records."""
    any_record = False
    for number, record in enumerate(_records(file), 1):
        any_record = True
        place, value = record
        where = f"{file.where}, {place or f'record {number}'}"
        yield value if isinstance(value, Refused) else _article(value, where, options)
    if not any_record:
        raise Refused(f"{file.where}: it has no records; choose a file that holds articles.")


def _records(file: ArticleFile) -> Iterator[tuple[str, Any]]:
    """Each record with its place, or why it cannot be read."""
    file.stream.seek(0)
    lines = _lines(file)
    first = next(((number, line) for number, line in lines if isinstance(line, Refused) or line.strip()), None)
    if first is None:
        return
    number, line = first
    value = line if isinstance(line, Refused) else _parsed(line, "")
    if not isinstance(line, Refused) and isinstance(value, Refused | list):
        document = _parsed(whole(file), file.where)
        if not isinstance(document, Refused):
            yield from (("", record) for record in _listed(document))
            return
        if isinstance(value, Refused) and not file.name.lower().endswith((".jsonl", ".ndjson")):
            raise document
    following = next(((n, one) for n, one in lines if isinstance(one, Refused) or one.strip()), None)
    if isinstance(value, dict) and following is None:
        yield from (("", record) for record in _listed(value))
        return
    yield f"line {number}", _placed(value, file, number)
    if following is not None:
        yield f"line {following[0]}", _placed(_of_line(following[1]), file, following[0])
    for number, line in lines:
        if isinstance(line, Refused) or line.strip():
            yield f"line {number}", _placed(_of_line(line), file, number)


def _of_line(line: bytes | Refused) -> Any:
    return line if isinstance(line, Refused) else _parsed(line.strip(), "")


def _placed(value: Any, file: ArticleFile, number: int) -> Any:
    return Refused(f"{file.where}, line {number}: {value}") if isinstance(value, Refused) else value


def _lines(file: ArticleFile) -> Iterator[tuple[int, bytes | Refused]]:
    """The lines with their numbers; one that is too long is never held."""
    number = 0
    while line := file.stream.readline(ARTICLE_LIMIT_BYTES + 1):
        number += 1
        if len(line) > ARTICLE_LIMIT_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.stream.readline(_MORE)
            yield number, Refused(f"a line has at most {ARTICLE_LIMIT_BYTES // 1_000_000} MB; split it.")
        else:
            yield number, line


def _parsed(data: bytes, where: str) -> Any:
    """What JSON says, or a refusal: with ``where`` as its beginning, if that is given."""
    begin = f"{where}: " if where else ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Refused(f"{begin}it is not UTF-8 (byte {error.start}); save it as UTF-8.")
    try:
        return json.loads(text)
    except RecursionError:
        return Refused(f"{begin}its JSON is nested too deeply; save the articles as a flat list.")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if where else f"column {error.colno}"
        return Refused(f"{begin}it is not JSON ({place}: {error.msg}); correct it there.")
    except ValueError:  # a number of thousands of digits
        return Refused(f"{begin}its JSON has a number that is too long; correct it.")


def _listed(document: Any) -> list[Any]:
    """The records of a document: a list, what an object calls its items, or the object itself."""
    if isinstance(document, dict):
        return next((document[name] for name in _LISTS if isinstance(document.get(name), list)), [document])
    return document if isinstance(document, list) else [document]


def _article(record: Any, where: str, options: ReadOptions) -> Arrived:
    if not isinstance(record, dict):
        return Refused(f'{where}: it is not an object with named fields, such as {{"text": …}}.')
    try:
        known = columns(record, options)
        values = {field: _words(record[name], name) for field, name in known.items()}
    except Refused as refusal:
        return Refused(f"{where}: {refusal}.")
    if not {"text", "html", "url"} & set(known):
        names = ", ".join(list(record)[:8]) or "none"
        mend = "say which it is with --column text=NAME"
        return Refused(f"{where}: it has no text and no address among its fields ({names}); {mend}.")
    if not values.get("text", "").strip() and values.get("html", "").strip():
        try:
            from store.formats.articles.html import fragment

            values["text"] = fragment(values["html"], where)
        except ImportError:
            add = command_to_add("factdesk[web]")
            return Refused(f"{where}: its text is HTML; install what reads that with `{add}`.")
        except Refused as refusal:
            return refusal
    return article_of(values, where, options)


def _words(value: Any, name: str) -> str:
    """A field as text: several names are given one after the other."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return str(value["name"])
    if isinstance(value, list) and name.casefold() in NAMES["author"]:
        return "; ".join(one for one in (_words(each, name) for each in value) if one)
    raise Refused(f"its {name} is not text")
