"""What pages tell machines stays silent in a browser: the strict policy takes linked data for what it is."""

import json
from collections.abc import Callable

import pytest

from tests.journeys.browser import Visit

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/de/", "WebSite"),
        ("/de/museums/1/", "Museum"),
        ("/de/exhibitions/11/", "ExhibitionEvent"),
        ("/de/tickets/311/", "Product"),
    ],
)
def test_linked_data_passes_the_policy(visit: Callable[..., Visit], path: str, kind: str) -> None:
    window = visit(name="announced", language="de")
    window.page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.blockedURI))"
    )
    window.go(path)
    window.check(kind)
    assert window.page.evaluate("window.refused") == []
    told = json.loads(window.page.locator("script[type='application/ld+json']").text_content() or "")
    assert kind in [node["@type"] for node in told["@graph"]]
