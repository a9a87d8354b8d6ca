"""The app on a real pseudo-terminal: it starts, follows the window's size, is killed, and leaves politely."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.terminal import FACTDESK, Terminal, Window


@pytest.fixture
def database(ana: Path) -> Path:
    return ana / "desk.db"


@pytest.fixture
def window(ana: Path, sample: Path) -> Iterator[Window]:
    with Window("open", sample) as window:
        window.until("Two North Korean prisoners", "t Tag")
        yield window


def left(window: Window) -> None:
    """The terminal is as it was: the other screen, the cursor, no mouse, no pasting in brackets."""
    for mode in ("1049", "1000", "1003", "1006", "2004"):
        assert f"\x1b[?{mode}h" in window.seen, mode
        assert window.seen.rindex(f"\x1b[?{mode}l") > window.seen.rindex(f"\x1b[?{mode}h"), mode
    assert window.seen.rindex("\x1b[?25h") > window.seen.rindex("\x1b[?25l")
    assert "Traceback" not in window.seen


def test_it_shows_the_article_follows_the_windows_size_and_keeps_what_was_done_when_killed(
    window: Window, database: Path, sample: Path
) -> None:
    shown = window.until("No claim selected", "next unread")
    assert max(map(len, shown.splitlines())) > 100 and len(shown.splitlines()) == 40
    window.resize(80, 24)
    shown = window.until("t Tag", "No claim selected", "Two North Korean prisoners")
    window.type("t7")
    shown = window.until("C1 · 1 of 1", "✗ Refuted", "saved")
    assert max(map(len, shown.splitlines())) <= 80 and len(shown.splitlines()) == 24
    window.type("J")
    window.until("Esc Done")
    window.type("kept\x1b")
    window.until("kept", "t Tag")
    window.process.send_signal(signal.SIGKILL)
    assert window.finish() == -signal.SIGKILL
    with Desk.open(database) as desk:
        (claim,) = desk.claims.of(desk.articles.all()[0])
        assert (claim.verdict, claim.justification, claim.checker) == ("refuted", "kept", "Ana")
        assert desk.upkeep.verify() == []
    with Window("open", sample, columns=80, rows=24) as again:
        again.until("read 5 %", "t Tag")
        again.type("[")
        again.until("C1 · 1 of 1", "✗ Refuted", "kept")


@pytest.mark.parametrize("key", ["\x11", "\x10Quit\r"], ids=["ctrl+q", "palette"])
def test_leaving_by_key_gives_the_terminal_back(window: Window, key: str) -> None:
    for part in re.findall(r"\x10|Quit|.", key):
        window.type(part)
        if part == "\x10":
            window.until("What to do")
        elif part == "Quit":
            window.until("Leave factdesk")
    assert window.finish() == 0
    left(window)


def judged(database: Path) -> list[tuple[str, str]]:
    """The verdict and justification of each claim on the desk."""
    with Desk.open(database) as desk:
        return [(claim.verdict, claim.justification) for claim in desk.claims.of(desk.articles.all()[0])]


def test_being_told_to_end_saves_what_is_being_typed_and_gives_the_terminal_back(
    window: Window, database: Path
) -> None:
    window.type("t1J")
    window.until("✓ Supported", "Esc Done")
    window.type("half a thought")
    window.until("half a thought")
    window.process.send_signal(signal.SIGTERM)
    assert window.finish() == 0
    left(window)
    assert judged(database) == [("supported", "half a thought")]


def test_closing_the_terminal_saves_what_is_being_typed(window: Window, database: Path) -> None:
    window.type("t1J")
    window.until("✓ Supported", "Esc Done")
    window.type("half a thought")
    window.until("half a thought")
    window.close()
    window.process.wait()
    assert judged(database) == [("supported", "half a thought")]


def test_keys_typed_before_it_has_started_are_done_in_order(ana: Path, sample: Path, database: Path) -> None:
    with Window("open", sample, columns=80, rows=24) as window:
        window.wait_for("\x1b[?1049h")
        window.type("t7fts")
        window.until("C2", "saved")
        window.type("\x11")
        assert window.finish() == 0
    with Desk.open(database) as desk:
        first, second = desk.claims.of(desk.articles.all()[0])
        assert (first.verdict, second.verdict) == ("refuted", "")


def test_what_is_pasted_into_a_field_comes_whole_and_as_text(window: Window, database: Path) -> None:
    window.type("tJ")
    window.until("Esc Done")
    window.type("\x1b[200~q d\nu ü 日本 \x07red \x1bq\x1b[31m\x1b[201~")
    window.until("q d", "␇red ␛q␛[31m")
    window.type("\x13")
    window.until("t Tag", "saved")
    window.type("\x11")
    assert window.finish() == 0
    with Desk.open(database) as desk:
        article = desk.articles.all()[0]
        (verdict,) = desk.verdicts.of(desk.claims.of(article)[0])
        assert verdict.justification == "q d\nu ü 日本 ␇red ␛q␛[31m"


def test_bytes_that_are_not_keys_do_nothing(window: Window, database: Path) -> None:
    window.type("t1")
    window.until("C1 · 1 of 1", "✓ Supported", "saved")
    for sent in (
        b"\xff",
        b"\xe9",
        b"\x1b[M\x80\x90\x90",
        b"\x1b[8;24;80t",
        b"\x9b8;24;80t",
        b"\x9d11;rgb:1e1e/1e1e/2e2e\x1b\\",
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
        b"\x1b]52;c;aGVsbG8=\x1b\\",
        b"\x1bP>|tmux 3.3a\x1b\\",
        b"\x1b[?62;22;52c",
        b"\x1b[116;1:3u",
        b"\x1b[99999999u",
        b"\x1b[99~",
    ):
        window.send(sent)
    window.type("J")
    window.until("Esc Done")
    window.type("still here\x1b")
    window.until("still here", "t Tag")
    window.type("\x11")
    assert window.finish() == 0
    left(window)
    with Desk.open(database) as desk:
        (claim,) = desk.claims.of(desk.articles.all()[0])
        assert (claim.verdict, claim.justification) == ("supported", "still here")
        assert desk.history.of()[1].sentence.startswith("gave C1") and len(desk.history.of()) == 6


def test_the_keys_of_another_layout_work_by_place_and_it_is_said_once(window: Window, database: Path) -> None:
    window.type("е")
    window.until("C1 · 1 of 1", "saved", "Cyrillic keyboard: keys work by place, е is t.")
    window.type("1О")
    window.until("✓ Supported", "Esc Done")
    window.type("об этом\x1b")
    window.until("об этом", "t Tag")
    window.type("\x11")
    assert window.finish() == 0
    assert judged(database) == [("supported", "об этом")]


@pytest.mark.parametrize("keys", ["", "Q", "te"], ids=["article", "library", "form"])
def test_after_being_suspended_the_screen_is_whole(window: Window, keys: str) -> None:
    window.type(keys)
    window.until(*{"": ("t Tag", "No claim selected", "next unread"), "Q": ("Enter",), "te": ("Passage",)}[keys])
    before, seen = "", None
    while before != seen:  # what is seen is compared once all of it was drawn at once
        seen = before
        window.resize(118, 40)
        window.settled()
        window.resize(120, 40)
        window.until("Help")
        before = window.settled()
    window.process.send_signal(signal.SIGTSTP)
    window.wait_for("\x1b[?1049l")
    os.waitid(os.P_PID, window.process.pid, os.WSTOPPED | os.WNOWAIT)
    window.forget()
    window.process.send_signal(signal.SIGCONT)
    window.until_it_is(before)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TERM", "dumb", "TERM is “dumb”: this terminal cannot show the app. Try TERM=xterm-256color"),
        ("PYTHONIOENCODING", "iso-8859-1", "has no characters for lines and signs. Start it as LC_ALL=C.UTF-8"),
    ],
)
def test_a_terminal_that_cannot_show_the_app_is_told_so(
    ana: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with Terminal([FACTDESK, "open", sample], term=os.environ["TERM"] if name == "TERM" else "xterm-256color") as one:
        assert one.finish() == 1
        assert says.encode("ascii", "ignore").decode() in one.seen.encode("ascii", "ignore").decode().replace(
            "\r\n", " "
        )
        assert "\x1b[?1049h" not in one.seen and "Traceback" not in one.seen


COLOURED = re.compile(r"(?:^|;)(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?=;|$)")


@pytest.mark.parametrize(
    ("term", "without", "allowed"),
    [("xterm-256color", "1", set()), ("xterm", "", {"32", "33", "35", "36", "37", "91", "92", "94", "95"})],
    ids=["none", "sixteen"],
)
def test_where_colours_are_few_only_signs_have_one(
    ana: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, term: str, without: str, allowed: set[str]
) -> None:
    monkeypatch.delenv("COLORTERM")
    if without:
        monkeypatch.setenv("NO_COLOR", without)
    with Terminal([FACTDESK, "open", sample], term=term) as one:
        one.wait_for("Help")
        one.type("t7ft3ft4Q")
        one.wait_for("in progress")
        one.type("\x11")
        assert one.finish() == 0
    assert coloured(one.seen) <= allowed


@pytest.mark.parametrize("theme", ["", "\x1bOQ"], ids=["dark", "light"])
def test_where_colours_are_few_what_is_said_stands_on_the_terminals_own_ground(
    ana: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.delenv("COLORTERM")
    with Terminal([FACTDESK, "open", sample], term="xterm") as one:
        one.wait_for("Help")
        one.type(f"{theme}\r")
        one.wait_for("There is no claim at the caret")
        one.type("/zebra\r")
        one.wait_for("is not in this article")
        one.type("\x11")
        assert one.finish() == 0
    grounds = {code for code in coloured(one.seen) if re.fullmatch("4[0-7]|10[0-7]", code)}
    assert not grounds


def coloured(seen: str) -> set[str]:
    """The colours that were set, as their codes."""
    return {code.strip(";") for style in re.findall(r"\x1b\[([0-9;]*)m", seen) for code in COLOURED.findall(style)}


def test_a_thousand_sizes_of_the_window_lose_nothing(window: Window, database: Path) -> None:
    window.type("t7J")
    window.until("✗ Refuted", "Esc Done")
    window.type("half a thought")
    window.until("half a thought")
    window.shake(1_000)
    window.forget()
    window.resize(100, 30)
    window.until("half a thought", "Esc Done")
    window.type("\x1b")
    window.until("t Tag")
    window.type("\x11")
    assert window.finish() == 0
    left(window)
    assert judged(database) == [("refuted", "half a thought")]


def test_pasted_megabytes_are_kept_whole(window: Window, database: Path) -> None:
    pasted = ("“It rained”, naïve café 😀. " * 10 + "\n") * 4_000
    window.type("t7J")
    window.until("Esc Done")
    window.forget()
    window.pour(b"\x1b[200~" + pasted.encode() + b"\x1b[201~")
    window.type("\x13")
    window.until("t Tag", patience=60)
    window.type("\x11")
    assert window.finish(60) == 0
    left(window)
    assert judged(database) == [("refuted", pasted)]


def test_a_flood_of_keys_and_of_the_mouse_does_what_it_says_and_no_more(window: Window, database: Path) -> None:
    places = [f"{1 + n % 110};{1 + n % 35}M" for n in range(300)]
    moves = "".join(f"\x1b[<35;{place}\x1b[<{64 + n % 2};{place}" for n, place in enumerate(places))
    window.type("t7f")
    window.pour(b"jkwb" * 75 + moves.encode() + b"\x1b[A\x1b[B" * 75 + b"tu" * 25)
    window.type("\x11")
    assert window.finish(60) == 0
    left(window)
    assert judged(database) == [("refuted", "")]
    with Desk.open(database) as desk:
        assert desk.upkeep.verify() == [] and len(desk.history.of()) == 5 + 50
