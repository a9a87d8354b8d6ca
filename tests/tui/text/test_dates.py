"""Dates as people say them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tui.text.dates import minute, moment, published

NOW = datetime(2026, 3, 1, 14, 5)


@pytest.mark.parametrize(
    ("when", "said", "full"),
    [
        (datetime(2026, 3, 1, 0, 0), "today 00:00", "today 00:00"),
        (datetime(2026, 2, 28, 23, 59), "yesterday", "yesterday 23:59"),
        (datetime(2026, 2, 27, 9, 30), "27 Feb", "27 Feb 09:30"),
        (datetime(2025, 11, 12, 8, 0), "12 Nov 2025", "12 Nov 2025 08:00"),
        (datetime(2026, 3, 2, 8, 0), "2 Mar", "2 Mar 08:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(when: datetime, said: str, full: str) -> None:
    ms = int(when.timestamp() * 1000)
    assert (moment(ms, NOW), minute(ms, NOW)) == (said, full)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-03-01", "today"), ("2026-02-28", "yesterday"), ("2026-01-05", "5 Jan"), ("2025-02-19", "19 Feb 2025"),
        ("2024-05", "May 2024"), ("2024", "2024"), ("", ""), ("2024-99", "2024-99"), ("2024-02-31", "2024-02-31"),
    ],
)  # fmt: skip
def test_a_date_of_a_record_is_said_so_too(written: str, said: str) -> None:
    assert published(written, date(2026, 3, 1)) == said
