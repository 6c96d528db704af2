"""Drawings of seats: shapes stay, seats are found, and nothing that could act, load or be addressed is left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.seat_plans import SeatPlan, sanitise

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 40"'
)


def plan(inside: str, root: str = "") -> SeatPlan:
    found = sanitise(f"{OPEN} {root}>{inside}</svg>".encode())
    assert found is not None
    return found


def markup(inside: str, root: str = "") -> str:
    return plan(inside, root).markup(lambda _seat: "")


def test_shapes_texts_and_colours_stay() -> None:
    drawn = (
        '<g><title>A &amp; B</title><circle cx="1" cy="2" r="3" fill="#7a1f2b"/><text x="1">Bühne</text></g>'
    )
    assert markup(drawn) == (
        '<g><g><title>A &amp; B</title><circle cx="1" cy="2" r="3" fill="#7a1f2b"></circle>'
        '<text x="1">Bühne</text></g></g>'
    )


def test_what_all_of_it_inherits_stays_and_sizes_of_the_root_do_not() -> None:
    assert markup("", 'font-size="14" text-anchor="middle" width="5" transform="scale(9)"') == (
        '<g font-size="14" text-anchor="middle"></g>'
    )


def test_a_style_becomes_attributes_without_its_dangers() -> None:
    styled = '<rect width="1" height="1" style="fill: red; stroke:url(https://evil.example/); behavior:x"/>'
    assert markup(styled) == '<g><rect width="1" height="1" fill="red"></rect></g>'


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<script href="https://evil.example/"/>',
        "<style>@import url(https://evil.example/)</style>",
        '<image href="https://evil.example/x.png"/>',
        '<use xlink:href="#a"/><defs><path id="a"/></defs>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"><img onerror="alert(1)"/></p></foreignObject>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
    ],
)
def test_whole_elements_go_with_all_they_hold(evil: str) -> None:
    assert markup(evil) == "<g></g>"


@pytest.mark.parametrize(
    "attribute",
    [
        'onclick="alert(1)"',
        'class="bar"',
        'id="main"',
        'name="x"',
        'href="javascript:alert(1)"',
        'xlink:href="https://evil.example/"',
        'fill="url(https://evil.example/#a)"',
        'fill="URL(#a)"',
        'filter="url(#a)"',
        'fill="red&quot; onload=&quot;alert(1)"',
        'd="M0 0 &lt;script&gt;"',
        'style="fill:url(//evil.example)"',
    ],
)
def test_attributes_that_act_load_or_name_go(attribute: str) -> None:
    assert markup(f"<path {attribute}/>") == "<g><path></path></g>"


def test_links_go_but_not_what_they_hold() -> None:
    assert markup('<a href="javascript:alert(1)"><circle r="1"/></a>') == '<g><circle r="1"></circle></g>'


def test_texts_cannot_become_markup() -> None:
    assert "<script" not in markup("<text>&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<script>]]></text>")


@pytest.mark.parametrize("name", ['data-seat-id="1204"', 'id="seat-1204"', 'id="seat_1204"', 'id="1204"'])
def test_seats_are_told_by_their_number(name: str) -> None:
    found = plan(f'<g {name}><circle id="1204" r="1"/></g>')
    assert found.seats == {1204}
    assert found.markup(lambda seat: f' data-seat="{seat}"') == (
        '<g><g data-seat="1204"><g><circle r="1"></circle></g></g></g>'
    )


def test_a_group_with_a_number_does_not_hide_the_seats_in_it() -> None:
    assert plan('<g id="11"><circle data-seat-id="1101" r="1"/></g>').seats == {11, 1101}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg",
        b"no drawing",
        b'<!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg viewBox="0 0 1 1"><text>&b;</text></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>',
        b'<?xml version="1.0" encoding="nonsense"?><svg/>',
        (f"{OPEN}>" + '<circle r="1"/>' * 30_000 + "</svg>").encode(),
    ],
)
def test_what_is_no_drawing_has_a_document_type_no_size_or_is_too_large_is_none(content: bytes) -> None:
    assert sanitise(content) is None


def test_a_size_in_pixels_is_as_good_as_a_view_box() -> None:
    found = sanitise(b'<svg xmlns="http://www.w3.org/2000/svg" width="300px" height="200"/>')
    assert found is not None
    assert found.view_box == "0 0 300 200"


@given(st.text(), st.text())
def test_whatever_an_attribute_or_text_says_stays_inside(value: str, text: str) -> None:
    safe = "".join(character for character in value if character.isprintable() and character not in '<&"')
    words = "".join(character for character in text if character.isprintable() and character not in "<&>")
    found = markup(f'<text fill="{safe}">{words}</text>')
    assert re.fullmatch(r'<g><text(?: fill="[^"<>]*")?>[^<>]*</text></g>', found)
