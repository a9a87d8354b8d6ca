"""Zip archives of articles, read where they are: nothing is unpacked onto the disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from store.errors import Refused
from store.formats import zips
from store.formats.articles.files import named, natural
from store.formats.articles.plaintext import ARTICLE_LIMIT_BYTES
from store.formats.articles.reader import LISTED, SUFFIXES, Arrived, ArticleFile, ReadOptions, articles_of


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    """The articles of an archive in natural order. Raises Refused when it cannot be opened, or holds none."""
    with zips.archive_in(file.stream, file.where) as archive:
        found = sorted(
            (one for one in archive.infolist() if _is_wanted(one)), key=lambda one: natural(PurePosixPath(one.filename))
        )
        if not found:
            raise Refused(f"{file.where}: no article is in this archive; articles end in {', '.join(SUFFIXES)}.")
        for member in found:
            where = f"{file.where}, {named(PurePosixPath(member.filename))}"
            try:
                inner = ArticleFile(io.BytesIO(_unpacked(archive, member, where)), where, member.filename)
                yield from _inside(inner, options)
            except Refused as refusal:
                yield refusal


def _inside(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    file.stream.seek(0)
    if file.name.lower().endswith(".zip"):
        raise Refused(f"{file.where}: this is an archive in an archive; unpack it first.")
    for one in articles_of(file, options):
        yield one if isinstance(one, Refused) or one.where else one._replace(where=file.where)


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    hidden = zips.is_hidden(member.filename)
    return not member.is_dir() and not hidden and member.filename.lower().endswith((*SUFFIXES, *LISTED))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> bytes:
    if zips.leads_out(member.filename):
        raise Refused(f"{where}: its name leads out of the archive; pack it again from within its folder.")
    if member.flag_bits & 1:
        raise Refused(f"{where}: it is locked with a password; unpack it first.")
    try:
        with archive.open(member) as packed:
            data = packed.read(ARTICLE_LIMIT_BYTES + 1)
    except (*zips.DAMAGE, zlib.error, EOFError):
        raise Refused(f"{where}: it is damaged or packed in a way that is not known; pack it again.") from None
    if len(data) > ARTICLE_LIMIT_BYTES:
        raise Refused(f"{where}: an article has at most {ARTICLE_LIMIT_BYTES // 1_000_000} MB; split the file.")
    return data
