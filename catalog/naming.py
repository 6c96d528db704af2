"""Names of ticket kinds that stand side by side: what they share is said once."""

from collections.abc import Sequence

SEPARATORS = (" – ", " — ", " - ", " | ", ": ", ", ")


def split_titles(titles: Sequence[str]) -> tuple[str, list[str]]:
    """What all titles begin with, up to a separator, and the rest of each; ("", titles) when they share nothing."""
    if len(titles) < 2:
        return _split_one(titles[0]) if titles else ("", [])
    shared = _shared_start(min(titles), max(titles))
    ends = [shared.rfind(mark) + len(mark) for mark in SEPARATORS if mark in shared]
    cut = max(ends, default=0)
    rests = [title[cut:].strip() for title in titles]
    if not cut or not all(rests):
        return "", list(titles)
    return shared[:cut].rstrip(" –—-|:,"), rests


def _split_one(title: str) -> tuple[str, list[str]]:
    """A kind alone: what follows the last dash is who it is for."""
    for mark in SEPARATORS[:4]:
        head, found, tail = title.rpartition(mark)
        if found and head and tail:
            return head, [tail]
    return title, [title]


def _shared_start(first: str, last: str) -> str:
    """What two texts begin with; of the first and last in order it is what all between them begin with."""
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]
