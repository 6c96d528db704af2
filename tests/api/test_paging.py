"""Lists over several pages: no row lost, none twice, no end without an end."""

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api import errors
from shop.api.paging import EndlessListError, Page, unique_rows
from tests.api import samples
from tests.api.talking import Answering, params


def row(number: int) -> dict[str, object]:
    return {"id": number}


def ids(fetch: Callable[[int], Page], *, passes: int = 2) -> list[object]:
    return [found["id"] for found in unique_rows(fetch, passes=passes)]  # type: ignore[index]


def paged(numbers: list[int], size: int) -> Callable[[int], Page]:
    def fetch(number: int) -> Page:
        return Page([row(n) for n in numbers[(number - 1) * size : number * size]], len(numbers))

    return fetch


@given(st.lists(st.integers(1, 500), unique=True, max_size=120), st.integers(1, 30))
def test_a_list_that_keeps_still_is_read_exactly_once_in_order(numbers: list[int], size: int) -> None:
    pages: list[int] = []

    def fetch(number: int) -> Page:
        pages.append(number)
        return paged(numbers, size)(number)

    assert ids(fetch) == numbers
    assert len(pages) == max(1, -(-len(numbers) // size))


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=40),
    st.integers(1, 7),
    st.dictionaries(
        st.integers(1, 8), st.tuples(st.booleans(), st.integers(0, 40), st.integers(100, 140)), max_size=1
    ),
)
def test_a_row_that_comes_or_goes_while_reading_makes_no_other_row_vanish(
    numbers: list[int], size: int, events: dict[int, tuple[bool, int, int]]
) -> None:
    """One insertion or removal somewhere between two requests; every row that was there all the time is read."""
    now = list(numbers)
    asked = 0

    def fetch(number: int) -> Page:
        nonlocal asked
        asked += 1
        if asked in events:
            comes, position, name = events[asked]
            if comes:
                now.insert(position % (len(now) + 1), name)
            elif now:
                now.pop(position % len(now))
        return paged(now, size)(number)

    found = ids(fetch)
    assert len(found) == len(set(found))
    assert set(numbers) & set(now) <= set(found) <= set(numbers) | set(now)


def test_a_row_that_moves_forward_between_pages_is_found_in_a_second_pass() -> None:
    order = [[1, 2, 3, 4], [4, 1, 2, 3]]

    def fetch(number: int) -> Page:
        current = order[0] if number == 1 and len(order) == 2 else order[-1]
        if number == 1 and len(order) == 2:
            order.pop(0)
        return paged(current, 2)(number)

    assert sorted(map(int, map(str, ids(fetch)))) == [1, 2, 3, 4]


def test_a_list_without_a_count_is_complete() -> None:
    asked: list[int] = []

    def fetch(number: int) -> Page:
        asked.append(number)
        return Page([row(1), row(1), row(2)], None)

    assert ids(fetch) == [1, 2]
    assert asked == [1]


def test_a_count_that_is_too_high_ends_with_an_empty_page() -> None:
    def fetch(number: int) -> Page:
        return Page([row(1), row(2)] if number == 1 else [], 5)

    assert ids(fetch) == [1, 2]
    assert ids(fetch, passes=1) == [1, 2]


def test_a_list_that_never_ends_is_an_error_not_a_long_list() -> None:
    def fetch(_: int) -> Page:
        return Page([row(1)], 10)

    with pytest.raises(EndlessListError):
        ids(fetch)


def test_rows_without_id_are_told_apart_by_what_they_hold() -> None:
    pages = [Page([{"x": 1}, {"x": 2}, "odd", "odd"], 4), Page([{"x": 2}, {"x": 3}], 4)]
    assert len(list(unique_rows(lambda number: pages[number - 1], passes=1))) == 4


def test_drafts_share_no_id_but_have_tokens() -> None:
    page = Page([{"id": None, "token": "aaa"}, {"id": None, "token": "bbb"}, {"id": 5, "token": "aaa"}], 2)
    assert len(list(unique_rows(lambda _: page, passes=1))) == 2


def museums(*rows: object, total: int | None) -> httpx.Response:
    meta = {} if total is None else {"meta": {"total_count": total, "page": 1, "per_page": 2}}
    return httpx.Response(200, json={"museums": list(rows), **meta})


def test_all_pages_of_a_list_are_asked_for(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        return museums(*[samples.MUSEUM | {"id": n} for n in (2 * page - 1, 2 * page) if n < 6], total=5)

    gomus, asked = answering(handler)
    assert [museum.id for museum in gomus.catalogue.museums(["de"])] == [1, 2, 3, 4, 5]
    assert [dict(params(request))["page"] for request in asked] == ["1", "2", "3"]
    assert {dict(params(request))["per_page"] for request in asked} == {"100"}


def test_pages_are_fetched_only_as_far_as_somebody_reads(answering: Answering) -> None:
    gomus, asked = answering(lambda _: museums(samples.MUSEUM, total=9))
    assert next(gomus.catalogue.museums(["de"])).id == 20
    assert len(asked) == 1


def test_a_bad_record_is_skipped_noted_and_logged(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    bad = {"id": 34, "time_frames": ["?"], "title": "personal words"}
    rows = [samples.EXHIBITION, bad, "?", samples.EXHIBITION | {"id": 35}]
    gomus, _ = answering(lambda _: httpx.Response(200, json={"exhibitions": rows}))
    listing = gomus.catalogue.exhibitions(["de"])
    assert [exhibition.id for exhibition in listing] == [33, 35]
    assert [(skip.id, skip.why) for skip in listing.skipped] == [
        (34, "no readable time_frames"),
        (None, "no id"),
    ]
    assert "GET /exhibitions: skipped record 34: no readable time_frames" in caplog.text
    assert "personal words" not in caplog.text


@pytest.mark.parametrize("payload", [{}, {"museums": None}, {"museums": "x"}, None, "x", 7])
def test_a_missing_list_is_never_an_empty_list(answering: Answering, payload: object) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, json=payload))
    with pytest.raises(errors.Malformed):
        list(gomus.catalogue.museums(["de"]))


@pytest.mark.parametrize("payload", [{"museums": []}, {"museums": {}}, []])
def test_an_empty_list_is_one(answering: Answering, payload: object) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, json=payload))
    assert list(gomus.catalogue.museums(["de"])) == []


def test_lists_may_come_bare_or_as_a_map(answering: Answering) -> None:
    rows = [samples.MUSEUM, samples.MUSEUM | {"id": 21}]
    for payload in (rows, {"museums": {"20": rows[0], "21": rows[1]}}):
        gomus, _ = answering(lambda _, payload=payload: httpx.Response(200, json=payload))  # type: ignore[misc]
        assert [museum.id for museum in gomus.catalogue.museums(["de"])] == [20, 21]


def test_an_endless_list_is_malformed_not_half_a_list(answering: Answering) -> None:
    gomus, _ = answering(lambda _: museums(samples.MUSEUM, total=10**6))
    with pytest.raises(errors.Malformed):
        list(gomus.catalogue.museums(["de"]))


def test_a_page_that_fails_for_good_raises_out_of_the_iteration(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return museums(samples.MUSEUM, total=9) if request.url.params["page"] == "1" else httpx.Response(500)

    gomus, _ = answering(handler)
    listing = gomus.catalogue.museums(["de"])
    assert next(listing).id == 20
    with pytest.raises(errors.Unavailable):
        next(listing)
