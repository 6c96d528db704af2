"""Upstream texts are HTML of unknown making. Nothing of them is stored or shown before it went through here."""

import html
import re

import nh3

TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "a", "h3", "h4"}
CHAPTERS = TAGS | {"h2", "hr"}  # what a page of its own may have besides
LINKS = {"http", "https", "mailto"}
BLOCKS = {
    "p",
    "br",
    "div",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "td",
    "th",
    "hr",
}
ANY_TAG = re.compile(r"<[^<>]*>")


DESCRIPTION = 160  # characters that search results show


def clean_html(text: str) -> str:
    """Return `text` with a small set of harmless tags and links; everything else is gone."""
    return nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes=LINKS).strip()


def clean_page(text: str) -> str:
    """Return a text that fills a page: as `clean_html`, with headings; words without any tag become paragraphs."""
    if not ANY_TAG.search(text):
        parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
        text = "\n".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part)
    return nh3.clean(text, tags=CHAPTERS, attributes={"a": {"href"}}, url_schemes=LINKS).strip()


def plain_lines(text: str) -> str:
    """Return the words of an HTML text for a mail: a blank line between blocks, list entries with a dash."""
    spaced = re.sub(r"<li>", "\n- ", re.sub(r"</(?:p|h2|h3|h4|ul|ol)>", "\n\n", re.sub(r"<br>", "\n", text)))
    lines = (" ".join(line.split()) for line in html.unescape(ANY_TAG.sub("", spaced)).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain(text: str) -> str:
    """Return the words of an HTML text: no tags, entities decoded, white space folded to single spaces."""
    blocks_only = nh3.clean(text, tags=BLOCKS, attributes={"*": set()})
    return " ".join(html.unescape(ANY_TAG.sub(" ", blocks_only)).split())


def excerpt(words: str, most: int = DESCRIPTION) -> str:
    """Return the beginning of a plain text: whole words, at most `most` characters, "…" where it goes on."""
    if len(words) <= most:
        return words
    head = words[:most]
    end = head.rfind(" ")
    return head[: end if end > 0 else most - 1].rstrip(" .,;:–-") + "…"
