"""What is remembered, where it is kept, and who works here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from store.errors import Refused
from tui import settings
from tui.settings import Settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that no test meets what its user has saved."""
    for name in ("FACTDESK_DB", "FACTDESK_REVIEWER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_settings_begin_with_defaults_and_leave_no_file(folder: Path) -> None:
    assert settings.load() == Settings(reviewer="", theme="dark", sort="", reverse=False)
    assert not folder.exists()


def test_what_is_saved_is_found_again_and_the_rest_is_kept(folder: Path) -> None:
    settings.save(reviewer="Ada")
    assert settings.save(theme="light", reverse=True) == settings.load()
    assert settings.load() == Settings("Ada", "light", "", True)
    assert [file.name for file in folder.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("name", ['Ada "A" \\ Lovelace', "[x] = 'y' # z", "😀 é Мария", "علی\u200cرضا"])
def test_any_name_survives_saving(name: str) -> None:
    assert settings.save(reviewer=name).reviewer == name
    assert settings.load().reviewer == name


@pytest.mark.parametrize("value", ["a\x7fb", "a\tb\nc\x01", "\u2028", '"""', "😀"])
def test_any_text_survives_saving(value: str) -> None:
    settings.save(told=value)
    assert settings.load().told == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("theme = \n", "line 1: this is not TOML"),
        ('\ntheme = "pink"\n', "line 2, theme: pink is not a theme; write dark, light, ansi-dark"),
        ("reverse = 1\n", "line 1, reverse: 1 is not true or false"),
        ("\n\nreviewer = 5\n", 'line 3, reviewer: 5 is not text in "quotes"'),
        ('reviewer = "a\\u001b"\n', "line 1, reviewer: The reviewer's name has a control character"),
        ('thme = "dark"\n', "line 1, thme: there is no such key here; write theme"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_key_and_is_not_overwritten(folder: Path, text: str, says: str) -> None:
    folder.mkdir()
    file = folder / "settings.toml"
    file.write_text(text)
    for attempt in (settings.load, lambda: settings.save(sort="title")):
        with pytest.raises(Refused) as caught:
            attempt()
        assert str(file) in str(caught.value) and says in str(caught.value)
    assert file.read_text() == text


def test_bytes_that_are_not_utf_8_and_a_folder_in_the_place_of_the_file_are_refused(folder: Path) -> None:
    folder.mkdir()
    file = folder / "settings.toml"
    file.write_bytes(b"\xff")
    with pytest.raises(Refused, match="not UTF-8"):
        settings.load()
    file.unlink()
    file.mkdir()
    with pytest.raises(Refused, match="cannot be read"):
        settings.load()


def test_a_value_that_cannot_be_is_refused_before_anything_is_written(folder: Path) -> None:
    settings.save(theme="light")
    for wrong in ({"theme": "pink"}, {"reviewer": "a\nb"}, {"reverse": "yes"}):
        with pytest.raises(Refused):
            settings.save(**wrong)
    assert settings.load() == Settings(theme="light")


def test_settings_that_cannot_be_saved_are_refused_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write_text("a file where the folder should be")
    monkeypatch.setenv("FACTDESK_CONFIG", str(folder / "deeper"))
    with pytest.raises(Refused, match=r"settings cannot be|cannot be read"):
        settings.save(theme="light")


def test_a_failed_save_leaves_the_old_settings_and_no_scrap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(theme="light")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused, match=r"cannot be saved \(No space left on device\)"):
        settings.save(theme="dark")
    assert settings.load().theme == "light"
    assert [file.name for file in folder.iterdir()] == ["settings.toml"]


def test_a_link_to_settings_kept_elsewhere_stays_a_link(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    elsewhere = tmp_path / "dotfiles.toml"
    elsewhere.write_text('theme = "light"\n')
    (folder / "settings.toml").symlink_to(elsewhere)
    settings.save(sort="title")
    assert (folder / "settings.toml").is_symlink()
    assert "title" in elsewhere.read_text() and settings.load().theme == "light"


def test_the_keys_stand_beside_the_settings(folder: Path) -> None:
    assert settings.keys_path() == folder / "keys.toml"
    assert settings.settings_path() == folder / "settings.toml"


def test_the_desk_is_the_one_asked_for_else_the_named_one_else_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = settings.desk_path()
    assert default.name == "desk.db" and default.parent.is_dir() and tmp_path in default.parents
    monkeypatch.setenv("FACTDESK_DB", str(tmp_path / "nowhere" / "other.db"))
    assert settings.desk_path() == tmp_path / "nowhere" / "other.db"
    assert not (tmp_path / "nowhere").exists()
    assert settings.desk_path("~/mine.db") == tmp_path / "home" / "mine.db"


def test_the_reviewer_is_the_one_given_else_the_named_one_else_the_remembered_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings.reviewer() == ""
    settings.save(reviewer="Remembered")
    assert settings.reviewer() == "Remembered"
    monkeypatch.setenv("FACTDESK_REVIEWER", "Named  Here")
    assert settings.reviewer() == "Named Here"
    assert settings.reviewer("Given") == "Given"
    monkeypatch.setenv("FACTDESK_REVIEWER", "a\x1b")
    with pytest.raises(Refused, match=r"FACTDESK_REVIEWER: .*control character"):
        settings.reviewer()
    with pytest.raises(Refused, match="is empty"):
        settings.reviewer("")


def test_looking_up_settings_loads_neither_the_app_nor_the_database() -> None:
    code = (
        "import sys, tui.settings; print([m for m in ('textual', 'sqlite_utils', 'platformdirs') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
