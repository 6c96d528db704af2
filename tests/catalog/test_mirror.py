"""Upstream records become row values, and a plan says field by field what to write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from catalog import report
from catalog.mirror import (
    Change,
    LocalRow,
    Row,
    exhibition_values,
    fingerprint,
    museum_values,
    picture_values,
    plan,
    ticket_values,
)
from shop.api.records import Exhibition, Location, Museum, Picture, Text, Ticket, TicketType, TimeFrame

BERLIN = ZoneInfo("Europe/Berlin")
TICKET = Ticket(1, Text({"de": "Karte"}), TicketType.TIME_SLOT, bookable=True, price_cents=1400)


def test_texts_are_kept_per_language_titles_without_markup_descriptions_sanitised() -> None:
    record = Museum(
        5,
        title=Text({"de": "Haus &amp; Hof<br>am Kanal", "en": " "}),
        description=Text({"de": '<p onclick="x()">Gut<script>böse()</script></p>'}),
    )
    values = museum_values(record)
    assert values["titles"] == {"de": "Haus & Hof am Kanal"}
    assert values["descriptions"] == {"de": "<p>Gut</p>"}


def test_a_place_is_cut_to_what_its_columns_hold() -> None:
    values = museum_values(Museum(5, Text(), location=Location(street="x" * 999, zip="10405", latitude=52.5)))
    assert (len(str(values["street"])), values["zip_code"], values["latitude"]) == (300, "10405", 52.5)
    assert museum_values(Museum(5, Text()))["city"] == ""


def test_the_days_of_an_exhibition_are_those_at_the_venue() -> None:
    late = datetime(2027, 1, 16, 23, 30, tzinfo=ZoneInfo("UTC"))
    early = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    shown = Exhibition(7, 5, Text(), time_frames=(TimeFrame(early, late),))
    values = exhibition_values(shown, museums=frozenset({5}), zone=BERLIN)
    assert (values["starts_on"], values["ends_on"]) == (date(2027, 1, 1), date(2027, 1, 17))


def test_an_open_end_has_no_last_day_and_a_permanent_one_no_days() -> None:
    start = datetime(2027, 1, 1, tzinfo=BERLIN)
    open_end = Exhibition(7, 5, Text(), time_frames=(TimeFrame(start, None), TimeFrame(start, start)))
    values = exhibition_values(open_end, museums=frozenset(), zone=BERLIN)
    assert (values["starts_on"], values["ends_on"], values["museum"]) == (date(2027, 1, 1), None, None)
    permanent = exhibition_values(Exhibition(8, None, Text()), museums=frozenset(), zone=BERLIN)
    assert (permanent["time_frames"], permanent["starts_on"]) == ([], None)


def test_a_ticket_is_related_only_to_what_the_mirror_knows() -> None:
    record = replace(TICKET, museum_ids=(9, 5), exhibition_ids=(8,), quota_ids=(44, 41, 44))
    values = ticket_values(record, museums=frozenset({5}), exhibitions=frozenset())
    assert (values["museums"], values["exhibitions"], values["quota_ids"]) == ([5], [], [41, 44])


def test_numbers_no_column_holds_are_left_out() -> None:
    record = replace(TICKET, first_entry=10**9, max_persons=10**12, min_persons=10**12)
    values = ticket_values(record, museums=frozenset(), exhibitions=frozenset())
    assert (values["first_entry"], values["max_persons"], values["min_persons"]) == (
        None,
        None,
        2_147_483_647,
    )


def test_pictures_are_named_by_their_best_address() -> None:
    shown = Picture(
        title=Text({"de": "Vase"}),
        copyright_info="Studio <b>L.</b>",
        teaser="https://x/t.jpg",
        detail="https://x/d.jpg",
    )
    assert picture_values([shown, None, Picture(title=Text({"de": "none"}))]) == {
        "https://x/d.jpg": {"credit": "Studio L.", "alts": {"de": "Vase"}}
    }


def test_the_fingerprint_follows_every_field() -> None:
    assert fingerprint(TICKET) == fingerprint(replace(TICKET))
    assert fingerprint(TICKET) != fingerprint(replace(TICKET, price_cents=1500))
    assert fingerprint(TICKET) != fingerprint(
        replace(TICKET, dynamic_prices={"2027-01-01T10:00:00+01:00": 1})
    )


def row(pk: int, price: int = 1, seen: str = "f") -> Row:
    return Row(pk, {"price": price}, seen)


def local(pk: int, price: int = 1, *, retired: bool = False, seen: str = "f") -> LocalRow:
    return LocalRow(pk, {"price": price}, seen, retired)


class TestPlan:
    def test_new_changed_vanished(self) -> None:
        made = plan({1: row(1), 2: row(2, 5)}, {2: local(2), 3: local(3)})
        assert [new.id for new in made.create] == [1]
        [update] = made.update
        assert (update.row.id, update.changes, update.returned) == (2, (Change("price", 1, 5),), False)
        assert made.retire == (3,)

    def test_the_same_is_only_confirmed(self) -> None:
        made = plan({1: row(1)}, {1: local(1)})
        assert not made
        assert made.confirmed == (1,)

    def test_what_was_not_read_again_is_neither_confirmed_nor_retired(self) -> None:
        made = plan({1: None}, {1: local(1)})
        assert not made
        assert made.confirmed == ()

    def test_what_comes_back_is_written_even_if_nothing_else_changed(self) -> None:
        [update] = plan({1: row(1)}, {1: local(1, retired=True)}).update
        assert update.returned
        assert not update.changes

    def test_what_is_retired_stays_retired_without_being_written(self) -> None:
        assert not plan({}, {1: local(1, retired=True)})

    def test_a_moved_fingerprint_is_written_but_not_reported(self) -> None:
        made = plan({1: row(1, seen="new")}, {1: local(1)})
        assert made.update
        told: report.Report = {}
        report.note(told, "tickets", made)
        assert told == {}

    @given(
        st.dictionaries(st.integers(1, 9), st.integers(0, 3)),
        st.dictionaries(st.integers(1, 9), st.integers(0, 3)),
    )
    def test_carried_out_it_says_what_upstream_says_and_has_nothing_left_to_do(
        self, there: dict[int, int], here: dict[int, int]
    ) -> None:
        remote = {pk: row(pk, price) for pk, price in there.items()}
        mirror = {pk: local(pk, price) for pk, price in here.items()}
        made = plan(remote, mirror)
        for new in (*made.create, *(update.row for update in made.update)):
            mirror[new.id] = LocalRow(new.id, new.values, new.fingerprint, retired=False)
        for pk in made.retire:
            mirror[pk] = replace(mirror[pk], retired=True)
        assert {pk: found.values["price"] for pk, found in mirror.items() if not found.retired} == there
        assert set(here) <= set(mirror)
        assert not plan(remote, mirror)


def test_the_report_says_what_changed_field_by_field() -> None:
    made = plan({1: row(1), 2: row(2, 5), 4: row(4)}, {2: local(2), 3: local(3), 4: local(4, retired=True)})
    built: report.Report = {}
    report.note(built, "tickets", made)
    report.note(built, "museums", plan({}, {}))
    report.note_skipped(built, "tickets", ["8: no price"])
    assert built == {
        "tickets": {
            "created": [1],
            "updated": {"2": {"price": [1, 5]}},
            "retired": [3],
            "returned": [4],
            "skipped": ["8: no price"],
        }
    }
    assert report.summary(built) == "tickets: 1 new, 1 changed (price 1), 1 retired, 1 back, 1 unreadable"
    assert report.summary({}) == "nothing changed"
