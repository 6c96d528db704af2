"""What a refusal says, in whichever shape it comes: texts, lists, field maps, nested maps, HTML, nothing."""

import re
from collections.abc import Iterator, Mapping

from shop.api import reading
from shop.api.calls import Body
from shop.api.errors import Detail, Refused, refusal

RAW_CHARACTERS = 2000
LONGEST_MESSAGE = 500
NO_FIELDS = frozenset(
    {"full_messages", "success", "errors", "error", "code", "details", "request_id", "message"}
)
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
ITEM = re.compile(r"items\[([0-9]{1,4})\]")
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)


def refused(call: str, status: int, content: bytes) -> Refused:
    """The error for a refusal with this body. Never fails, whatever the body holds."""
    raw = reading.verbatim(content.decode("utf-8", "replace"))[:RAW_CHARACTERS]
    try:
        payload = reading.parse_json(Body(status, "", content))
    except reading.BadRecord:
        return refusal(call, status, messages=_unstructured(raw), raw=raw)
    data = reading.mapping(payload)
    details = tuple(_detail(row) for row in reading.rows(data.get("details")) if isinstance(row, Mapping))
    code = _code(data.get("code")) or next((detail.code for detail in details if detail.code), "")
    messages = tuple(dict.fromkeys(_messages(payload)))
    return refusal(
        call, status, code=code, messages=messages, details=details or _field_details(data), raw=raw
    )


def _messages(payload: object) -> Iterator[str]:
    """Sentences for people: `error` first, then `errors`; only without these the fields of the body itself."""
    if isinstance(payload, list | str):
        return _sentences(payload)
    data = reading.mapping(payload)
    reasons = data.get("errors")
    found = [*_sentences(data.get("error"))]
    found += _field_sentences(reasons) if isinstance(reasons, Mapping) else _sentences(reasons)
    return iter(found or [*_sentences(data.get("message"))] or [*_field_sentences(data)])


def _field_sentences(data: Mapping[str, object]) -> Iterator[str]:
    whole = list(_sentences(data.get("full_messages")))
    yield from whole or (f"{field}: {words}" for field, words in _fields(data))


def _fields(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for field, reasons in data.items():
        if field not in NO_FIELDS and isinstance(reasons, list | str):
            for words in _sentences(reasons):
                yield reading.text(field), words


def _sentences(value: object) -> Iterator[str]:
    for member in value if isinstance(value, list) else [value]:
        # Objects in a list of errors: the sentence is inside.
        words = reading.mapping(member).get("message", member)
        if isinstance(words, str) and reading.text(words):
            yield reading.text(words)[:LONGEST_MESSAGE]


def _field_details(data: Mapping[str, object]) -> tuple[Detail, ...]:
    nested = reading.mapping(data.get("errors"))
    return tuple(Detail(message=words, path=field) for field, words in _fields(nested or data))


def _detail(row: object) -> Detail:
    data = reading.mapping(row)
    path = reading.text(data.get("path"))
    index = reading.integer(data.get("item_index"))
    if index is None and (found := ITEM.match(path)):
        index = int(found[1])
    meta = reading.plain(reading.mapping(data.get("meta")))
    return Detail(
        code=_code(data.get("code")),
        message=reading.text(data.get("message"))[:LONGEST_MESSAGE],
        path=path[:LONGEST_MESSAGE],
        item_index=index,
        meta=reading.mapping(meta),
    )


def _code(value: object) -> str:
    """Only a word that looks like a code: it is shown and logged, so it must not carry data."""
    word = reading.text(value)
    return word if CODE.fullmatch(word) else ""


def _unstructured(raw: str) -> tuple[str, ...]:
    words = raw.strip()
    if "<" in words:
        found = TITLE.search(words)
        words = found[1].strip() if found else ""
    return (words[:LONGEST_MESSAGE],) if words else ()
