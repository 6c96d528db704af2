"""The small readers: numbers as text, both timestamp forms, addresses, texts in several languages."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api import reading
from shop.api.calls import Body
from shop.api.records import Text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        ("12", 12),
        (" -12 ", -12),
        ("12.0", 12),
        (12.0, 12),
        (0, 0),
        ("12.5", None),
        (12.5, None),
        (True, None),
        (None, None),
        ("", None),
        ("twelve", None),
        ("1e3", None),
        ("١٢", None),
        (2**63, None),
        (float("inf"), None),
        ([12], None),
    ],
)
def test_whole_numbers(value: object, number: int | None) -> None:
    assert reading.integer(value) == number


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("19.0", 1900),
        (19, 1900),
        ("8.1", 810),
        (8.1, 810),
        ("7", 700),
        (0, 0),
        ("7.125", 713),
        ("7.124", 712),
        (100, 10000),
        (100.1, None),
        ("-7", None),
        ("7,0", None),
        (None, None),
        (True, None),
        ("x", None),
    ],
)
def test_vat_is_read_from_decimal_text(value: object, points: int | None) -> None:
    assert reading.basis_points(value) == points


@given(st.decimals(0, 100, places=2))
def test_vat_of_two_places_is_exact(vat: Decimal) -> None:
    assert reading.basis_points(str(vat)) == int(vat * 100)


HALF_PAST = datetime(2027, 3, 14, 11, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-14T11:30:00+01:00",
        "2027-03-14 11:30:00 +0100",
        "2027-03-14T11:30:00+0100",
        "2027-03-14T10:30:00Z",
        "2027-03-14 10:30:00 UTC",
        "2027-03-14T11:30:00.000+01:00",
        "2027-03-14T11:30+01:00",
        " 2027-03-14T11:30:00+01:00 ",
    ],
)
def test_timestamps_in_every_form_are_the_same_instant(text: str) -> None:
    assert reading.moment(text) == HALF_PAST


@pytest.mark.parametrize(
    "value",
    [None, 17, "", "2027-03-14", "2027-03-14T11:30:00", "2027-02-30T11:30:00+01:00", "2027-03-14T25:30:00+01:00",
     "2027-03-14T11:30:00+99:00", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-12:00", "soon"],
)  # fmt: skip
def test_what_is_no_timestamp(value: object) -> None:
    assert reading.moment(value) is None


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)), OFFSETS)  # noqa: DTZ001 - gets its zone below
def test_every_instant_survives_both_forms(when: datetime, zone: timezone) -> None:
    when = when.replace(microsecond=0, tzinfo=zone)
    assert reading.moment(when.isoformat()) == when
    assert reading.moment(when.strftime("%Y-%m-%dT%H:%M:%S%z")) == when
    assert reading.moment(when.strftime("%Y-%m-%d %H:%M:%S %z")) == when


def test_days() -> None:
    assert reading.day("2027-03-14") == date(2027, 3, 14)
    assert reading.day("2027-02-30") is None
    assert reading.day("20270314") is None
    assert reading.day(20270314) is None


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (False, False), (1, True), (0, False), ("true", True), ("False", False), ("1", True),
     (None, None), ("maybe", None), (2, None), ([], None)],
)  # fmt: skip
def test_flags(value: object, flag: bool | None) -> None:
    assert reading.flag(value) is flag


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("../teaser/x.jpg", "https://up.test/teaser/x.jpg"),
        ("/teaser/x.jpg", "https://up.test/teaser/x.jpg"),
        ("teaser/x.jpg", "https://up.test/teaser/x.jpg"),
        ("https://cdn.test/x.jpg?a=1", "https://cdn.test/x.jpg?a=1"),
        ("http://cdn.test/x.jpg", "http://cdn.test/x.jpg"),
        ("//cdn.test/x.jpg", "https://cdn.test/x.jpg"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("data:image/png;base64,AA", None),
        ("ftp://cdn.test/x.jpg", None),
        ("http://[bad/x.jpg", None),
        ("http:///x.jpg", None),
        ("http://cdn.test:port/x.jpg", None),
        ("a\nb.jpg", None),
        ("", None),
        (None, None),
        (7.5, None),
    ],
)
def test_addresses(value: object, address: str | None) -> None:
    assert reading.address(value, "https://up.test") == address


def test_texts_lose_what_no_database_stores() -> None:
    assert reading.text(" a\x00b\ud800c ") == "abc"
    assert reading.text(17) == "17"
    assert reading.text(True) == reading.text(None) == reading.text({}) == ""


def test_a_translated_text() -> None:
    text = reading.translated({"de": "Glashaus ", "en": None, "fr": ""}, ("de", "en"))
    assert text.as_dict() == {"de": "Glashaus"}
    assert text.pick("en") == "Glashaus"


def test_a_plain_text_counts_as_the_first_language_asked_for() -> None:
    assert reading.translated("Glashaus", ("de", "en")).as_dict() == {"de": "Glashaus"}


def test_picking_a_language() -> None:
    text = Text({"en": "Glass House", "de": "Glashaus", "fr": "Serre"})
    assert text.pick("de") == "Glashaus"
    assert text.pick("de-AT") == "Glashaus"
    assert text.pick("it", "es", "fr", "de") == "Serre"
    assert text.pick("it") == "Glass House"
    assert Text().pick("de", "en") == ""
    assert not Text({"de": ""})
    assert {Text({"de": "a", "en": "b"}): 1}[Text({"en": "b", "de": "a"})] == 1


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b'{"a": 1', b"{} {}", b'{"a": NaN}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_json_is_told_apart(content: bytes) -> None:
    with pytest.raises(reading.BadRecord):
        reading.parse_json(Body(200, "application/json", content))


def test_decimal_numbers_stay_text_and_a_byte_order_mark_is_tolerated() -> None:
    payload = reading.parse_json(Body(200, "", b'\xef\xbb\xbf{"vat": 8.10, "n": 3}'))
    assert payload == {"vat": "8.10", "n": 3}


def test_an_empty_body_is_nothing_only_where_allowed() -> None:
    assert reading.parse_json(Body(204, "", b" "), empty_ok=True) is None


def test_a_copy_for_a_json_column_is_bounded() -> None:
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    assert str(reading.plain(deep)).count("[") == reading.DEEPEST + 1
    assert reading.plain({"a\x00": ["\ud800b", 2**70, True, None, 7]}) == {"a": ["b", None, True, None, 7]}


def test_moments_are_comparable_with_ours() -> None:
    assert reading.moment("2027-03-14T11:30:00+01:00") == datetime(2027, 3, 14, 10, 30, tzinfo=UTC)
