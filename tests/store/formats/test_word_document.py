"""Word documents: what the writer does to the comments comes back, and what others wrote are suggestions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.formats.contract import Spot, Text
from tests.kit import exchange
from tests.kit.desks import desk_at, put_a_filled_desk
from tests.kit.word_files import deleted, inserted, word

WORD = FORMATS["docx"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    put_a_filled_desk(tmp_path / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path) as desk:
        yield desk


def written(desk: Desk, to: Path) -> Any:
    WORD.write(desk, to, [one for one in desk.articles.all() if one.title.startswith("Schools")])
    return docx.Document(str(to))


def saved(document: Any, to: Path) -> Path:
    document.save(to)
    return to


def test_another_programs_library_reads_a_comment_for_each_claim(desk: Desk, tmp_path: Path) -> None:
    document = written(desk, tmp_path / "draft.docx")
    comments = list(document.comments)
    assert [one.author for one in comments] == ["Ana", "Ana", "Bo Ek", "Ana", "Ana", "Bo Ek"]
    assert [one.paragraphs[0].text for one in comments][:3] == ["C1 · Supported", "C2 · no verdict", "C5 · Refuted"]
    assert "Why: Ana counted them:\n“41” | tab\t." in comments[0].text
    assert "Source, supports: The list; all\nAddress: https://city.example/list" in comments[0].text
    assert [one.text for one in document.paragraphs][1] == "“Nobody was asked”, Bea wrote."
    assert "Schools | 41" in document.sections[0].header.paragraphs[0].text


def test_a_verdict_changed_in_a_comment_changes_your_own_claim(desk: Desk, tmp_path: Path) -> None:
    document = written(desk, tmp_path / "draft.docx")
    first = next(iter(document.comments)).paragraphs[0]
    first.runs[0].text = "C1 · Outdated"
    back = WORD.read(desk, saved(document, tmp_path / "back.docx"))
    assert (back.articles, back.claims, back.known, back.changed, back.refused) == (0, 0, 6, 1, ())
    article = next(one for one in desk.articles.all() if one.title.startswith("Schools"))
    assert desk.claims.get("C1", article).verdict == "outdated"


def test_comments_of_others_are_suggestions_by_them(desk: Desk, tmp_path: Path) -> None:
    document = written(desk, tmp_path / "draft.docx")
    run = document.paragraphs[1].runs[0]
    document.add_comment(run, text="Who says so?", author="Wri Ter", initials="W")
    back = WORD.read(desk, saved(document, tmp_path / "back.docx"))
    assert (back.claims, back.changed, back.suggestions) == (0, 0, 1)
    article = next(one for one in desk.articles.all() if one.title.startswith("Schools"))
    (said,) = desk.suggestions.of(article)
    assert (said.quote, said.note, str(said.by)) == ("“", "Who says so?", "Wri Ter")


def test_a_reply_to_a_claim_is_a_comment_on_it(desk: Desk, tmp_path: Path) -> None:
    written(desk, tmp_path / "draft.docx")
    answered = replied(tmp_path / "draft.docx", tmp_path / "back.docx")
    with_reply = [spot for text in exchange.found(WORD.module, {"a.docx": answered}) for spot in text.spots]  # type: ignore[arg-type,union-attr]
    assert [(one.words, one.person) for one in with_reply[0].comments] == [("I have the list.", "Wri Ter")]
    assert not any(spot.machine for spot in with_reply)
    article = next(one for one in desk.articles.all() if one.title.startswith("Schools"))
    done = WORD.read(desk, tmp_path / "back.docx")  # type: ignore[misc]
    assert (done.claims, done.known, done.changed) == (0, 6, 0) and "came in (1)" in " ".join(done.notes)
    comments = desk.threads.of(desk.claims.get("C1", article))
    assert (comments[-1].body, str(comments[-1].by)) == ("I have the list.", "Wri Ter")
    assert WORD.read(desk, tmp_path / "back.docx").notes == ()  # type: ignore[misc]
    assert len(desk.threads.of(desk.claims.get("C1", article))) == len(comments)


def replied(draft: Path, to: Path) -> bytes:
    """The document with a reply to its first comment, as Word writes one."""
    w = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    out = io.BytesIO()
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name).decode()
            if name == "word/comments.xml":
                body = body.replace("<w:p>", f'<w:p {w} w14:paraId="0A">', 1)
                reply = '<w:comment w:id="90" w:author="Wri Ter" w:initials="W"><w:p '
                reply += f'{w} w14:paraId="0B"><w:r><w:t>I have the list.</w:t></w:r></w:p></w:comment></w:comments>'
                body = body.replace("</w:comments>", reply)
            elif name == "word/document.xml":
                body = body.replace('<w:commentReference w:id="0"/>', '<w:commentReference w:id="0"/></w:r><w:r>'
                                    '<w:commentReference w:id="90"/>')  # fmt: skip
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
                part = f'<Override PartName="/word/commentsExtended.xml" ContentType="{kind}"/></Types>'
                body = body.replace("</Types>", part)
            elif name == "word/_rels/document.xml.rels":
                kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
                part = f'<Relationship Id="rId9" Type="{kind}" Target="commentsExtended.xml"/></Relationships>'
                body = body.replace("</Relationships>", part)
            new.writestr(name, body)
        w15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
        new.writestr(
            "word/commentsExtended.xml",
            f'<w15:commentsEx {w15}><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A" w15:done="0"/>'
            "</w15:commentsEx>",
        )
    to.write_bytes(out.getvalue())
    return out.getvalue()


def test_a_draft_with_comments_comes_in_with_suggestions(tmp_path: Path) -> None:
    draft = word(
        ["The city closes ", inserted("41"), deleted("40"), " schools. ", ("Nobody was asked", "Bo", "Source?")]
    )
    (tmp_path / "draft.docx").write_bytes(draft)
    with desk_at(tmp_path) as desk:
        back = WORD.read(desk, tmp_path / "draft.docx")
        assert (back.articles, back.claims, back.suggestions) == (1, 0, 1)
        (said,) = desk.suggestions.of(desk.articles.all()[0])
        assert (said.quote, said.note, str(said.by)) == ("Nobody was asked", "Source?", "Bo")


def test_several_articles_need_a_folder(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="name a folder"):
        WORD.write(desk, tmp_path / "all.docx")
    assert not (tmp_path / "all.docx").exists()


def test_what_a_document_cannot_hold_is_told_and_moves_nothing() -> None:
    body = "A\x1bB\ufeffC\x0c says 41.\n\n\n  Then\ttwo. "
    at = body.index("41")
    spots = (Spot("a", 0, 4, body[:4]), Spot("b", at, at + 2, "41"), Spot("c", at, at + 8, body[at : at + 8]))
    (back,) = exchange.found(WORD.module, exchange.written(WORD.module, [Text("t", body, spots=spots)]))  # type: ignore[arg-type]
    assert isinstance(back, Text) and len(back.text) == len(body)
    assert [(spot.start, spot.end) for spot in back.spots] == [(spot.start, spot.end) for spot in spots]


def test_the_documents_of_many_claims_grow_with_their_number() -> None:
    def size(claims: int) -> int:
        spots = tuple(Spot(f"{n}", 10 * n, 10 * n + 4, "word") for n in range(claims))
        return len(exchange.written(WORD.module, [Text("t", "word and. " * claims, spots=spots)])["0001.docx"])  # type: ignore[arg-type]

    assert size(2000) < 2.3 * size(1000)
