"""Nothing harmful of an upstream text survives, and its words do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.markup import clean_html, excerpt, plain


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>Bis <b>18</b> Uhr<br/>frei</p>", "<p>Bis <b>18</b> Uhr<br>frei</p>"),
        ("<script>alert(1)</script>Hallo", "Hallo"),
        ('<p style="color:red" onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<img src="x" onerror="y()">', ""),
        ('<iframe src="//evil.example"></iframe>ok', "ok"),
        ("Kinder < 6 & Hunde", "Kinder &lt; 6 &amp; Hunde"),
    ],
)
def test_only_harmless_tags_stay(dirty: str, clean: str) -> None:
    assert clean_html(dirty) == clean


def test_links_keep_http_and_mail() -> None:
    for address in ("https://museum.example/a", "http://museum.example", "mailto:info@museum.example"):
        assert f'href="{address}"' in clean_html(f'<a href="{address}">a</a>')


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a<br>b", "a b"),
        ("<p>a</p><p title='x>y'>b</p>", "a b"),
        ("<b>Über</b>sicht", "Übersicht"),
        ("Caf&eacute;&nbsp;&amp; Bar\n\n ", "Café & Bar"),
        ("Kinder < 6", "Kinder < 6"),
        ("&lt;b&gt;", "<b>"),
        ("<style>p{}</style><li>x</li><li>y</li>", "x y"),
    ],
)
def test_plain_words(markup: str, words: str) -> None:
    assert plain(markup) == words


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_html(clean_html(text)) == clean_html(text)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("", ""),
        ("Clay and fire", "Clay and fire"),
        ("Clay, fire, sandstone", "Clay, fire…"),
        ("Clay and fire, glass", "Clay and fire…"),
        ("Donaudampfschifffahrt", "Donaudampfschi…"),
    ],
)
def test_an_excerpt_ends_with_a_whole_word(words: str, shown: str) -> None:
    assert excerpt(words, 15) == shown


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_an_excerpt_is_a_beginning_that_fits(words: str, most: int) -> None:
    shown = excerpt(words, most)
    assert len(shown) <= most
    assert shown == words or words.startswith(shown.removesuffix("…"))
