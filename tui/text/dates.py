"""Dates and times as people say them: today 14:05, yesterday 9:30, 12 Nov, 12 Nov 2024."""

from __future__ import annotations

from datetime import date, datetime, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date, today: date) -> str:
    """A day: ``today``, ``yesterday``, ``12 Nov``, in another year ``12 Nov 2024``."""
    if when == today:
        return "today"
    if when == today - timedelta(days=1):
        return "yesterday"
    year = "" if when.year == today.year else f" {when.year}"
    return f"{when.day} {MONTHS[when.month - 1]}{year}"


def moment(ms: int, now: datetime | None = None) -> str:
    """A moment (ms UTC) on the clock of this machine: of today the time, else the day; 11 cells at most."""
    now = now or datetime.now()
    when = datetime.fromtimestamp(ms / 1000)
    said = day(when.date(), now.date())
    return f"{said} {when:%H:%M}" if said == "today" else said


def minute(ms: int, now: datetime | None = None) -> str:
    """As `moment`, always with the time."""
    now = now or datetime.now()
    when = datetime.fromtimestamp(ms / 1000)
    return f"{day(when.date(), now.date())} {when:%H:%M}"


def published(written: str, today: date | None = None) -> str:
    """A date as a record has it (YYYY-MM-DD, YYYY-MM or YYYY) as people say it; anything else as it is."""
    year, _, rest = written.partition("-")
    if not (year.isdecimal() and len(year) == 4 and rest):
        return written
    try:
        if "-" in rest:
            return day(date.fromisoformat(written), today or date.today())
        return f"{MONTHS[int(rest) - 1]} {year}"
    except (ValueError, IndexError):
        return written
