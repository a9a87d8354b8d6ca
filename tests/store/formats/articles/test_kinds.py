"""Each kind of file that articles are read from: what people see comes in, and what is left out is told."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from store.errors import Refused
from store.formats.articles.reader import READERS, Arrived, ArticleFile, ReadOptions, articles_of, reader_of
from store.text.article_draft import Draft
from tests.kit.pdf_files import column, pdf
from tests.kit.word_files import deleted, inserted, word

LONG = (
    "The council met on Monday and said that it will close forty-one schools in the city by the end of the year. " * 3
)


def arrived(data: bytes | str, name: str, **how: object) -> list[Arrived]:
    raw = data.encode() if isinstance(data, str) else data
    return list(articles_of(ArticleFile(io.BytesIO(raw), name, name), ReadOptions(**how)))  # type: ignore[arg-type]


def one(data: bytes | str, name: str, **how: object) -> Draft:
    (draft,) = arrived(data, name, **how)
    assert isinstance(draft, Draft), draft
    return draft


def refusal(data: bytes | str, name: str) -> str:
    with pytest.raises(Refused) as caught:
        arrived(data, name)
    said = str(caught.value)
    assert said.startswith(name) and said.endswith(".") and "\n" not in said
    return said


# -- web pages ------------------------------------------------------------------------------------------------

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Schools close | The Paper</title>
<meta property="og:site_name" content="The Paper"><meta name="author" content="Ana Example">
<meta property="article:published_time" content="2024-05-01T10:00:00Z">
<link rel="canonical" href="https://paper.example/schools"><script>var a = 1;</script></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Schools close</h1>
<p>{LONG}He said so on Monday.<sup>1</sup> In 2019<sup><a href="#n">3</a></sup> it was 10 km<sup>2</sup>.</p>
<h2>Why</h2><ul><li>One thing</li><li>Another <b>thing</b></li></ul><ol><li>First</li><li>Second</li></ol>
<table><tr><th>Year</th><th>Schools</th></tr><tr><td>2019</td><td>41</td></tr></table>
<figure><img src="a.jpg"><figcaption>A school in the rain</figcaption></figure><p>{LONG}</p></article>
<footer>All rights reserved.</footer></body></html>"""


def test_a_page_gives_its_article_in_paragraphs_with_what_it_says_of_itself() -> None:
    draft = one(PAGE, "page.html")
    said = (draft.title, draft.author, draft.publisher, draft.published, draft.language, draft.url)
    assert said == (
        "Schools close", "Ana Example", "The Paper", "2024-05-01", "en-GB", "https://paper.example/schools",
    )  # fmt: skip
    assert "He said so on Monday. In 2019 it was 10 km².\n\nWhy\n\n• One thing\n• Another thing" in draft.text
    assert "\n1. First\n2. Second\n\nYear | Schools\n2019 | 41\n\n" in draft.text
    assert not any(words in draft.text for words in ("Home", "All rights", "rain", "<", "var a"))
    assert "2 footnote marks left out" in draft.notes
    assert "1 caption of pictures left out (--captions keeps them)" in draft.notes
    assert draft.original and draft.original.data == PAGE.encode() and draft.original.settings.startswith("trafilatura")
    assert one(PAGE, "page.html", captions=True).text.endswith("\n\nCaptions\n• A school in the rain")
    assert one(PAGE, "page.html") == draft


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<html><script>document.write('all of it')</script></html>", "scripts may make it"),
        ("<html><body></body></html>", "there is no article in the page"),
        ('<html><script>{"isAccessibleForFree": false}</script><p>Subscribe to read.</html>', "for subscribers"),
        ("<html>" + "<div>" * 5000 + "</html>", "there is no article in the page"),
        (
            "<html><meta http-equiv=Refresh content='0; url=https://a.example/x'><script></script>Wait.</html>",
            "leads on to https://a.example/x; import that address",
        ),
    ],
)
def test_a_page_without_an_article_is_refused_with_the_reason(page: str, says: str) -> None:
    assert says in refusal(page, "page.html")


@pytest.mark.parametrize("said", ["cp1251", "utf-8", "shift_jis", "nonsense", ""])
def test_a_page_in_another_encoding_is_read_whatever_it_says(said: str) -> None:
    words = "Совет собрался в понедельник и решил закрыть сорок одну школу в городе до конца года. " * 5
    page = f"<html><head><meta charset='{said}'><title>Школы</title></head><body><p>{words}</p></body></html>"
    draft = one(page.encode("cp1251"), "page.html")
    assert "закрыть сорок одну школу" in draft.text and draft.title == "Школы"
    assert ("read as" in " ".join(draft.notes)) == (said != "cp1251")


# -- Word -----------------------------------------------------------------------------------------------------


def test_a_document_is_read_as_accepted_with_its_comments_at_their_words() -> None:
    data = word(
        ["The city will close ", ("41", "Bo", "41 or 43?"), " schools 😀.", inserted(" It said so."), deleted(" No.")],
        ["The mayor", ("", "", "Who is that?"), " agreed. Others did not."],
        heading="Schools close",
        items=["One", "Two"],
        table=[["Year", "Schools"], ["2019", ""]],
        author="Ana Writer",
    )
    draft = one(data, "draft.docx")
    assert draft.text == (
        "Schools close\n\nThe city will close 41 schools 😀. It said so.\n\nThe mayor agreed. Others did not.\n\n"
        "• One\n• Two\n\nYear | Schools\n2019"
    )
    assert (draft.title, draft.author) == ("Schools close", "Ana Writer")
    assert [(draft.text[r.start : r.end], r.author, r.words) for r in draft.remarks] == [
        ("41", "Bo", "41 or 43?"),
        ("The mayor agreed.", "Unknown", "Who is that?"),
    ]
    assert draft.notes == ("2 tracked changes taken as accepted", "2 comments read")


_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def document(body: str, **parts: str) -> bytes:
    """A Word document of a body and other parts, such as ``footnotes``, in Word's own XML."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "".join(
        f'<Relationship Id="r{n}" Type="{kinds}/{name}" Target="{name}.xml"/>' for n, name in enumerate(parts)
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
            f'"application/xml"/><Override PartName="/word/document.xml" ContentType="{word_type}.document.main+xml"/>'
            + "".join(f'<Override PartName="/word/{name}.xml" ContentType="{word_type}.{name}+xml"/>' for name in parts)
            + "</Types>",
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{kinds}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{rels}</Relationships>',
            "word/document.xml": f"<w:document {_NS} {_MC}><w:body>{body}</w:body></w:document>",
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def par(words: str, about: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}<w:r><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>"


def item(words: str, level: int = 0) -> str:
    return par(words, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')


def test_a_document_shows_numbers_boxes_and_notes_and_what_is_left_once_changes_are_accepted() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for n, (form, words, start) in enumerate([("decimal", "%1.", 3), ("lowerLetter", "%1%2)", 1)])
    )
    box = "<mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent>" + par("A box.")
    box += "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>" + par("A box.")
    box += "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    deleted_row = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc>{par('gone')}</w:tc></w:tr>"
    body = (
        item("First") + item("inner", 1) + item("inner", 1) + item("Second") + item("inner", 1)
        + par("It fell", "<w:rPr><w:del w:id='2'/></w:rPr>") + par(" in May.")
        + f"<w:p><w:r><w:t>Words</w:t><w:footnoteReference w:id='2'/>{box}<w:endnoteReference w:id='4'/></w:r></w:p>"
        + f"<w:tbl><w:tr><w:tc>{par('Year')}</w:tc><w:tc>{par('Sum')}</w:tc></w:tr>{deleted_row}</w:tbl>"
    )  # fmt: skip
    data = document(
        body,
        numbering=f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>',
        footnotes=f"<w:footnotes {_NS}><w:footnote w:id='2'>{par('A foot.')}</w:footnote></w:footnotes>",
        endnotes=f"<w:endnotes {_NS}><w:endnote w:id='4'>{par('An end.')}</w:endnote></w:endnotes>",
        header=f"<w:hdr {_NS}>{par('Page 7')}</w:hdr>",
        styles=f"<w:styles {_NS}/>",
    )
    draft = one(data, "a.docx")
    assert draft.text == (
        "3. First\n3a) inner\n3b) inner\n4. Second\n4a) inner\n\nIt fell in May.\n\nWords\n\nA box.\n\n"
        "Year | Sum\n\n1. A foot.\n2. An end."
    )
    assert draft.notes == ("2 tracked changes taken as accepted", "2 footnotes at the end")


def test_a_document_with_an_entity_bomb_or_links_outside_is_told_or_read_without_them(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    for inside in (entities, f'<!ENTITY e11 SYSTEM "{secret.as_uri()}">'):
        data = document(par("Words."))
        evil = zipped_with(data, "word/document.xml", f"<!DOCTYPE d [{inside}]>", "Words.", "Words &e11;.")
        with contextlib.suppress(Refused):
            text = one(evil, "a.docx").text
            assert "SECRET" not in text and len(text) < 1_000


def zipped_with(data: bytes, part: str, head: str, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[part] = head + parts[part].replace(old, new)
    return zipped(parts)


def test_a_document_that_is_none_is_refused() -> None:
    good = word(["Words."])
    assert "has no text" in refusal(word([""]), "a.docx")
    assert "damaged" in refusal(good[:200], "a.docx")
    assert "this is a spreadsheet; save it as CSV" in refusal(zipped({"[Content_Types].xml": "", "xl/a": ""}), "a.xlsx")
    assert "OpenDocument" in refusal(zipped({"mimetype": "", "content.xml": ""}), "a.odt")
    bomb = zipped({"[Content_Types].xml": "", "word/document.xml": "\0" * 30_000_000})
    assert "it would unpack to far more than it is (30 MB)" in refusal(bomb, "a.docx")
    entity = '<!DOCTYPE a [<!ENTITY b "words"><!ENTITY c "&b;&b;">]>'
    evil = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                head, rest = part.split(b"?>", 1)
                part = head + b"?>" + entity.encode() + rest.replace(b"Words.", b"Words. &c;")
            new.writestr(name, part)
    assert one(evil.getvalue(), "a.docx").text == "Words."


# -- PDF ------------------------------------------------------------------------------------------------------

BODY = (
    "the council met again and said that it will close some\nschools in the city by the end of the year. The may-\n"
    "or did not say why it was so late, but the long-term plan\nis for the whole of the city.\n\n"
    "A second paragraph begins here, and it is about the long-\nterm plan once more."
)


def test_a_pdf_gives_its_paragraphs_without_the_edges_of_its_pages() -> None:
    pages = [
        [("The Daily", 72, 760, 9.0), *column(f"On {day}, {BODY}\nPart {day}."), (f"{n}", 300, 40, 9.0)]
        for n, day in enumerate(("Monday", "Tuesday", "Friday", "Sunday"))
    ]
    draft = one(pdf(*pages, title="untitled", author="Ana"), "report.pdf")
    first = draft.text.split("\n\n")[:2]
    assert first[0].startswith("On Monday, the council") and "late, but the long-term plan is for" in first[0]
    assert first[1] == "A second paragraph begins here, and it is about the long-term plan once more. Part Monday."
    assert "Daily" not in draft.text and (draft.author, draft.heading) == ("Ana", "")
    assert draft.notes == ("4 words divided at the end of a line put together", "8 lines at the edge of pages left out")
    assert draft.original is not None and len(draft.original.leaves) == 4
    assert {draft.text[place:].split(" ")[0] for place in draft.original.leaves} == {"On"}


def test_the_items_of_a_list_stay_lines_of_their_own() -> None:
    items = "• First trams on 15 May, if\nall goes well\n• Cyclists on 14 May"
    body = f"On Monday the dates of the\nnew trams were given:\n{items}"
    text = one(pdf(column(body)), "report.pdf").text
    assert text.split("\n") == [
        "On Monday the dates of the new trams were given:", "• First trams on 15 May, if all goes well",
        "• Cyclists on 14 May",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other_however_they_were_written() -> None:
    words = (
        "The council met on Monday\nand said that it will close\nforty-one schools in the\ncity by the end of May.\n\n"
        "Nobody was hurt when the\nold bridge fell in spring,\nthe mayor said at noon.",
        "It is being rebuilt for\nthree million euros, says\nthe report of the office.\nSome people crossed daily.\n\n"
        "A second cause is the rain\nthat fell in the hills and\nmade the river rise again.",
    )
    left, right = column(words[0], x=72, y=600), column(words[1], x=320, y=600)
    title = [("A headline that runs over both of the columns here", 72, 700, 18.0)]
    last = [("A last line that runs over both columns of the page, from one edge to the other one.", 72, 300, 11.0)]
    across = [line for pair in zip(left, right, strict=True) for line in pair]
    wanted = [title[0][0], *(" ".join(part.split()) for one in words for part in one.split("\n\n")), last[0][0]]
    for lines in (left + right, across):
        assert one(pdf([*title, *lines, *last]), "report.pdf").text.split("\n\n") == wanted
    table = [(f"{words}", x, 700 - 14.0 * n, 11.0) for n in range(6) for x, words in ((72, f"{2019 + n}"), (200, "41"))]
    assert one(pdf(table), "report.pdf").text.startswith("2019 41"), "the rows of a table stay rows"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (pdf(None, None), "this PDF is scanned, its pages are pictures"),
        (pdf([]), "it has no text"),
        (pdf(column(BODY), password="x"), "this PDF is locked"),
        (pdf(column(BODY))[:300], "this PDF is damaged"),
        (b"%PDF-1.7", "this PDF is damaged"),
    ],
)
def test_a_pdf_without_an_article_is_refused_with_the_reason(data: bytes, says: str) -> None:
    assert says in refusal(data, "report.pdf")


# -- lists ----------------------------------------------------------------------------------------------------

RECORD = {"text": "It rained.", "title": "Rain", "link": "https://a.example/1", "date": "Wed, 01 May 2024 10:00:00 GMT"}


def table(*rows: dict[str, str], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (table(RECORD), "a.csv"),
        (table(RECORD, delimiter="\t"), "a.tsv"),
        (table(RECORD, delimiter=";").encode("utf-16"), "a.csv"),
        (json.dumps(RECORD), "a.jsonl"),
        (json.dumps([RECORD], indent=1), "a.json"),
        (json.dumps({"items": [RECORD]}), "a.json"),
        ("\ufeff" + json.dumps(RECORD) + "\n\n", ""),
    ],
)
def test_a_list_gives_an_article_for_each_record(data: bytes | str, name: str) -> None:
    draft = one(data, name)
    assert (draft.text, draft.title, draft.url, draft.published) == (
        "It rained.", "Rain", "https://a.example/1", "2024-05-01",
    )  # fmt: skip
    assert draft.where.startswith(f"{name}, ")


def test_columns_of_other_names_can_be_named() -> None:
    row = {"Body": "It rained.", "text": "", "When": "2024"}
    draft = one(table(row), "a.csv", columns={"text": "body", "published": "When"})
    assert (draft.text, draft.published) == ("It rained.", "2024")
    with pytest.raises(Refused, match=r"there is no “x” to take for the title; there are body, text, when\."):
        arrived(table(row), "a.csv", columns={"title": "x"})


def test_addresses_alone_are_fetched_only_when_asked_for() -> None:
    rows = table({"url": "https://a.example/1", "title": "Ours"}, {"url": "", "title": "Nothing"})
    first, second = arrived(rows, "links.csv")
    assert str(first) == "links.csv, row 2: it has no text, only an address; --fetch fetches it."
    assert str(second) == "links.csv, row 3: it has no text and no address; give it one of them."
    draft = arrived(rows, "links.csv", follow=lambda address: Draft("Fetched.", "Theirs", url=address))[0]
    assert isinstance(draft, Draft)
    assert (draft.text, draft.title, draft.url) == ("Fetched.", "Ours", "https://a.example/1")


def test_a_json_feed_and_one_in_xml_give_their_whole_texts() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [
        {"content_html": "<p>One.</p><p>Two.</p>", "url": "https://a.b/1", "authors": [{"name": "A"}, {"name": "B"}]}
    ]}  # fmt: skip
    draft = one(json.dumps(feed), "feed.json")
    assert (draft.text, draft.author) == ("One.\n\nTwo.", "A; B")
    rss = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>The Paper</title><language>de</language><item><title>Regen &amp; Wind</title><link>https://a.example/2</link>
    <pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate><content:encoded>
    &lt;p&gt;Es regnete.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Eins&lt;/li&gt;&lt;/ul&gt;</content:encoded></item><item><link>https://a.example/3</link><description>Short.</description>
    </item><item><description>{LONG * 2}</description></item></channel></rss>"""
    whole, short, long = arrived(rss, "feed.xml")
    assert isinstance(whole, Draft) and isinstance(long, Draft)
    assert (whole.text, whole.title, whole.publisher) == ("Es regnete.\n\n• Eins", "Regen & Wind", "The Paper")
    assert (whole.published, whole.language, whole.url) == ("2024-05-01", "de", "https://a.example/2")
    assert str(short) == "feed.xml, entry 2: it has no text, only an address; --fetch fetches it."
    assert long.text == (LONG * 2).strip()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        ("quote,verdict\nx,y\n", "a.csv", "this is a table of claims; `factdesk import csv` brings them in"),
        ("a,b\n1,2\n", "a.csv", "has no column that holds texts or addresses"),
        ("", "a.csv", "a.csv is empty"),
        ("", "a.jsonl", "it has no records"),
        ("not json", "a.json", "it is not JSON (line 1, column 1: Expecting value)"),
        ("[" * 100_000, "a.json", "its JSON is nested too deeply"),
        ("<a>no feed", "a.rss", "this is not a feed, or it is damaged"),
        ("<rss version='2.0'><channel></channel></rss>", "a.rss", "it has no entries"),
    ],
)
def test_a_list_without_articles_is_refused_with_the_reason(data: str, name: str, says: str) -> None:
    assert says in refusal(data, name)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "it is not JSON (column 2: Expecting property name"),
        ("[1]", "it is not an object with named fields"),
        ('{"text": 5.5, "title": {}}', "its title is not text"),
        ('{"a": 1}', "it has no text and no address among its fields (a); say which it is with --column text=NAME"),
        ('{"text": " "}', "it has no text and no address"),
        ('{"a": ' + "[" * 99_999, "its JSON is nested too deeply"),
        ('{"text": ' + "9" * 5_000 + "}", "a number that is too long"),
        ('{"text": "' + "x" * 33_000_000 + '"}', "a line has at most 32 MB"),
    ],
    ids=range(8),
)
def test_a_record_that_does_not_fit_is_told_by_its_line_and_the_others_come(line: str, says: str) -> None:
    first, bad, last = arrived(f'{{"text": "One."}}\n{line}\n{{"text": "Two."}}', "a.jsonl")
    assert isinstance(first, Draft) and isinstance(last, Draft) and isinstance(bad, Refused)
    assert str(bad).startswith("a.jsonl, line 2: ") and says in str(bad) and len(str(bad)) < 300


# -- archives -------------------------------------------------------------------------------------------------


def zipped(files: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_an_archive_gives_its_articles_in_natural_order_and_nothing_leads_out_of_it() -> None:
    data = zipped(
        {"10.txt": "Ten.", "9.md": "# Nine", "a/list.jsonl": '{"text": "Listed."}', "__MACOSX/9.md": "x", ".b.txt": "x",
         "picture.png": "x", "inner.zip": zipped({"a.txt": "x"}), "../evil.txt": "x", "/etc/evil.txt": "x",
         "C:\\evil.txt": "x", "empty.txt": ""},
    )  # fmt: skip
    found = arrived(data, "a.zip")
    assert [draft.where for draft in found if isinstance(draft, Draft)] == [
        "a.zip, 9.md", "a.zip, 10.txt", "a.zip, a/list.jsonl, line 1",
    ] or [draft.where for draft in found if isinstance(draft, Draft)] == [
        "a.zip, 9.md", "a.zip, 10.txt", "a.zip, a/list.jsonl, record 1",
    ]  # fmt: skip
    said = sorted(str(refused) for refused in found if isinstance(refused, Refused))
    assert len(said) == 5 and sum("its name leads out of the archive" in one for one in said) == 3
    assert any("this is an archive in an archive" in one for one in said) and any(
        "it has no text" in one for one in said
    )


def test_an_archive_that_is_a_bomb_or_holds_nothing_is_refused() -> None:
    assert "would unpack to far more" in refusal(zipped({"a.txt": "\0" * 30_000_000}), "a.zip")
    assert "no article is in this archive" in refusal(zipped({"a.png": ""}), "a.zip")
    assert "damaged" in refusal(zipped({"a.txt": "words"})[:-10], "a.zip")


# -- the table ------------------------------------------------------------------------------------------------


def test_every_ending_is_read_by_one_kind_and_content_counts_more_than_names() -> None:
    endings = [ending for reader in READERS for ending in reader.extensions]
    assert len(endings) == len(set(endings))
    for data, name, kind in (
        (pdf(column(BODY)), "a.txt", "PDF"),
        (word(["x"]), "a.zip", "Word"),
        (PAGE.encode(), "", "web page"),
        (b"<?xml version='1.0'?><feed xmlns='x'>", "", "feed"),
        (b'{"text": 1}\n', "", "records"),
        (b"[a link](https://a.example) and words", "", "Markdown"),
        (b"{ braces } and words", "", "Markdown"),
        (PAGE.encode(), "a.txt", "text"),
        (b"x", "a.unknown", "text"),
    ):
        assert reader_of(ArticleFile(io.BytesIO(data), name, name)).name == kind


@pytest.mark.parametrize(
    ("name", "data", "blocked", "extra"),
    [("a.html", b"<p>x", "trafilatura", "web"), ("a.docx", word(["x"]), "docx", "documents"),
     ("a.pdf", pdf(column(BODY)), "pypdf", "documents"), ("a.rss", b"<rss>", "feedparser", "web")],
)  # fmt: skip
def test_a_missing_extra_names_its_one_command(
    monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, blocked: str, extra: str
) -> None:
    ours = {f"store.formats.articles.{kind}" for kind in ("html", "docx", "pdf", "feed")}
    for module in list(sys.modules):
        if module in ours or module.split(".")[0] == blocked:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, blocked, None)
    assert refusal(data, name).endswith(f"install 'factdesk[{extra}]'`.")
