"""Calendar entries as RFC 5545 has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from shop.ics import Entry, calendar

AT = datetime(2026, 11, 28, 18, 0, tzinfo=timezone(timedelta(hours=1)))


def entry(title: str = "Evening", **values: object) -> Entry:
    plain = {"uid": "event-date-5@shop.example", "changed_at": AT, "starts_at": AT, "ends_at": None}
    return Entry(title=title, **(plain | values))  # type: ignore[arg-type]


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_entry_says_what_when_and_where_in_this_order() -> None:
    told = calendar(
        entry(
            "Wein, Käse; und\nMusik",
            ends_at=AT + timedelta(minutes=90),
            place="House, Street 1",
            url="https://shop.example/en/events/1/",
        )
    )
    assert told.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vitrine//Vitrine//EN",
        "BEGIN:VEVENT",
        "UID:event-date-5@shop.example",
        "DTSTAMP:20261128T170000Z",
        "DTSTART:20261128T170000Z",
        "DTEND:20261128T183000Z",
        "SUMMARY:Wein\\, Käse\\; und\\nMusik",
        "LOCATION:House\\, Street 1",
        "URL:https://shop.example/en/events/1/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_what_is_not_known_is_left_out() -> None:
    names = [line.split(":")[0] for line in unfolded(calendar(entry()))]
    assert not {"DTEND", "LOCATION", "DESCRIPTION", "URL"} & set(names)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_lines_are_short_and_no_text_begins_a_line_of_its_own(title: str) -> None:
    content = calendar(entry(title, changed_at=AT.astimezone(UTC)))
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines), "no character is cut apart"
    assert len(unfolded(content)) == (11 if title else 10)
    assert not any(character in content.decode().replace("\r\n", "") for character in "\r\n\0\x1f")
