"""A list that grows while it is read, from a server with its own idea of pages: no row lost, none twice."""

from dataclasses import dataclass, field

import httpx
from hypothesis import given
from hypothesis import strategies as st

from shop.api import Gomus

# For each request how many rows come in before it, and where.
Growth = list[list[int]]


@dataclass
class GrowingServer:
    """Answers pages of countries; before each answer new rows come in as `growth` says.

    A page holds at most `most` rows, however many were asked for, after `overlap` rows of the page before.
    """

    ids: list[int]
    most: int
    overlap: int
    growth: Growth
    asked: list[int] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        size = min(int(request.url.params["per_page"]), self.most)
        self.asked.append(number)
        for place in self.growth.pop(0) if self.growth else []:
            self.ids.insert(place % (len(self.ids) + 1), 1000 + len(self.ids))
        start = (number - 1) * size
        rows = self.ids[max(start - self.overlap, 0) : start + size] if start < len(self.ids) else []
        return httpx.Response(
            200,
            json={
                "countries": [{"id": own_id, "name": "Land", "code": "DE"} for own_id in rows],
                "meta": {"total_count": len(self.ids), "page": number, "per_page": size},
            },
        )


@given(
    st.lists(st.integers(1, 900), unique=True, max_size=60),
    st.integers(1, 25),
    st.integers(0, 3),
    st.lists(st.lists(st.integers(0, 80), max_size=3), max_size=12),
)
def test_every_row_that_was_there_all_the_time_comes_once(
    ids: list[int], most: int, overlap: int, growth: Growth
) -> None:
    server = GrowingServer(list(ids), most, overlap, growth)
    gomus = Gomus("http://up.test", "key", transport=httpx.MockTransport(server.answer))
    found = [country.id for country in gomus.reference.countries()]
    gomus.close()
    assert len(found) == len(set(found))
    assert set(ids) <= set(found) <= set(server.ids)


def test_a_server_that_clamps_is_asked_for_the_pages_it_makes() -> None:
    server = GrowingServer(list(range(1, 61)), most=25, overlap=0, growth=[])
    gomus = Gomus("http://up.test", "key", transport=httpx.MockTransport(server.answer))
    assert [country.id for country in gomus.reference.countries()] == list(range(1, 61))
    gomus.close()
    assert server.asked == [1, 2, 3]
