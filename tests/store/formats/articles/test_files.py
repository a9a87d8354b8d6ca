"""Files and folders of articles: all of them are found, and what cannot be read is told in one sentence."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from store.errors import Refused
from store.formats.articles import plaintext
from store.formats.articles.batch import Batch
from store.formats.articles.files import find_files, read
from tests.kit.paths import SAMPLE


def test_paths_that_cannot_be_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, says in (
        (tmp_path / "absent.txt", "there is no such file or folder; check the path."),
        (SAMPLE / "below", "there is no such file or folder; check the path."),
        (tmp_path, "this is a folder; name a file in it."),
        (tmp_path / "a\0b", "it cannot be read (no such path is possible)"),
        (tmp_path / ("x" * 5000), "it cannot be read (File name too long)"),
    ):
        with pytest.raises(Refused) as caught:
            read(path)
        assert str(caught.value).startswith(str(path).replace("\0", "\ufffd")) and says in str(caught.value)

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(Refused, match=r"it cannot be read \(Permission denied\); make it readable"):
        read(SAMPLE)


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    monkeypatch.setattr(plaintext, "decoded", None)
    with pytest.raises(Refused, match=r"huge\.txt: an article has at most 32 MB"):
        read(path)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name in (
        "10.txt",
        "9.md",
        "B.MARKDOWN",
        "a.TXT",
        "notes.doc",
        ".hidden.txt",
        ".git/config.txt",
        "sub 2/x.txt",
        "sub 10/x.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Words.")
    return tmp_path


def test_a_folder_gives_its_articles_in_natural_order(shelf: Path) -> None:
    names = [file.relative_to(shelf).as_posix() for file in find_files([shelf])]
    assert names == ["9.md", "10.txt", "a.TXT", "B.MARKDOWN", "sub 2/x.txt", "sub 10/x.txt"]


def test_files_are_taken_as_given_whatever_they_are_called(shelf: Path) -> None:
    given_files = [shelf / "notes.doc", shelf / ".hidden.txt", shelf / "9.md"]
    assert find_files([str(file) for file in given_files]) == given_files
    assert find_files([shelf / "sub 10", shelf / "a.TXT"]) == [shelf / "sub 10" / "x.txt", shelf / "a.TXT"]


def test_links_are_followed_and_loops_end(shelf: Path) -> None:
    before = find_files([shelf])
    (shelf / "sub 2" / "loop").symlink_to(shelf)
    (shelf / "self.txt").symlink_to("self.txt")
    (shelf / "gone.txt").symlink_to("nowhere")
    assert find_files([shelf]) == before
    outer = shelf / ".outer"
    outer.mkdir()
    (outer / "in").symlink_to(shelf / "sub 10")
    assert find_files([outer]) == [outer / "in" / "x.txt"]


def test_a_folder_without_articles_and_a_missing_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no article is in this folder; articles end in \.txt, \.text, \.md"):
        find_files([tmp_path])
    with pytest.raises(Refused, match="there is no such file or folder"):
        find_files([SAMPLE, tmp_path / "absent"])


def test_a_folder_that_cannot_be_entered_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def closed(path: str) -> object:
        if Path(path).name == "sub 2":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(Refused, match=r"sub 2: it cannot be read \(Permission denied\)"):
        find_files([shelf])


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    gate = tmp_path / "pipe.md"
    os.mkfifo(gate)
    writer = threading.Thread(target=gate.write_text, args=("# A title\n\nWords.",))
    writer.start()
    batch = Batch()
    batch.add(gate)
    writer.join()
    assert [draft.title for draft in batch.drafts()] == ["A title"] and not batch.bad


def test_a_pattern_gives_the_files_and_folders_that_fit_it(shelf: Path) -> None:
    names = [file.relative_to(shelf).as_posix() for file in find_files([f"{shelf}/sub*"])]
    assert names == ["sub 2/x.txt", "sub 10/x.txt"]
    assert [file.name for file in find_files([f"{shelf}/**/*.txt"])] == ["10.txt", "x.txt", "x.txt"]
    (shelf / "[b].txt").write_text("Words.")
    assert find_files([shelf / "[b].txt"]) == [shelf / "[b].txt"]
    with pytest.raises(Refused, match=r"\*\.html: no article has a name like this; check the pattern\."):
        find_files([f"{shelf}/*.html"])


def test_what_a_browser_keeps_beside_a_page_is_not_read(tmp_path: Path) -> None:
    for name in ("report.html", "report_files/x.html", "report-Dateien/x.html", "files/a.html", "other_files/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>Words.")
    found = [file.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert found == ["files/a.html", "other_files/b.txt", "report.html"]


def test_a_text_that_would_hold_up_others_while_it_is_saved_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Words. " * 600_000)
    (tmp_path / "short.txt").write_text("Words.")
    batch = Batch()
    batch.add(tmp_path)
    assert len(batch) == 1
    (sentence,) = batch.bad
    assert sentence.endswith(
        "long.txt: The text has 4,200,000 characters; an article has at most 4,000,000: split it in parts."
    )
