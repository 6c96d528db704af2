"""Translations without the gettext programs: `python -m tools.messages update|compile|check`.

update   brings locale/<language>/LC_MESSAGES/django.po in step with the texts in code and templates
compile  writes django.mo, which is what the shop reads; it is committed, so nobody needs a tool to run the shop
check    fails if a text is missing, untranslated, fuzzy or obsolete, or if django.mo is not what django.po says
"""

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de",)  # English is the language of the sources
CODE = ("shop", "catalog", "checkout", "counter", "orders", "staff")
TEMPLATES = ("templates", *(f"{app}/templates" for app in CODE))
PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
PLURAL = ("ngettext", "ngettext_lazy")
CONTEXT = ("pgettext", "pgettext_lazy")
PLURAL_CONTEXT = ("npgettext", "npgettext_lazy")
KEYWORDS = dict.fromkeys((*PLAIN, *PLURAL, *CONTEXT, *PLURAL_CONTEXT))

# No date and no program's version: the files change only when a text does.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

Key = tuple[str | list[str] | None, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the sources: its context, its id (singular and plural where there are two), and where it stands."""

    context: str | None
    id: str | tuple[str, ...]
    where: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["update", "compile", "check"])
    what = parser.parse_args().what
    faults: list[str] = []
    for language in LANGUAGES:
        if what == "update":
            update(language)
        elif what == "compile":
            compile_catalogue(language)
        else:
            faults += check(language)
    if faults:
        sys.exit("\n".join(faults))


def update(language: str) -> None:
    """Add new texts, remove those no longer used, keep every translation."""
    old = read(language)
    new = Catalog(locale=language)
    for found in sources():
        known = old.get(_lookup(found.id), found.context)
        string = known.string if known else ""
        if isinstance(found.id, tuple) and isinstance(string, str):  # it has got a plural since
            plural = old.get(found.id[1], found.context)
            string = (string, plural.string if plural and isinstance(plural.string, str) else "")
        new.add(found.id, string, context=found.context)
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    with po_file(language).open("wb") as file:
        file.write(HEADER.format(language=language, plural_forms=new.plural_forms).encode())
        write_po(file, new, no_location=True, sort_output=True, omit_header=True, width=100)


def compile_catalogue(language: str) -> None:
    with po_file(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))


def check(language: str) -> list[str]:
    """Return a sentence for everything that keeps the translation from being complete."""
    catalogue = read(language)
    used = {(found.context, _lookup(found.id)): found for found in sources()}
    kept = {(message.context, _lookup(message.id)): message for message in catalogue if message.id}
    faults = [
        f"{found.where}: {found.id!r} is not in the catalogue"
        for key, found in used.items()
        if key not in kept
    ]
    faults += [
        f"{found.where}: {found.id!r} has no plural in the catalogue"
        for key, found in used.items()
        if key in kept and isinstance(found.id, tuple) and not kept[key].pluralizable
    ]
    faults += [f"{message.id!r} is not used any more" for key, message in kept.items() if key not in used]
    faults += [f"{message.id!r} is commented out" for message in catalogue.obsolete.values()]
    faults += [fault for message in kept.values() for fault in _faults_of(catalogue, message)]
    if not faults and _compiled(language) != {key: _strings(message) for key, message in kept.items()}:
        faults = ["django.mo does not say what django.po says: `make messages` compiles it"]
    return [f"{language}: {fault}" for fault in faults]


def sources() -> list[Found]:
    """Return every text of code and templates once, in the order of the files."""
    found: dict[Key, Found] = {}
    for one in (*_from_code(), *_from_templates()):
        known = found.get((one.context, _lookup(one.id)))
        # The same text may be used with and without a plural; gettext keeps the plural.
        if known is None or isinstance(known.id, str):
            found[one.context, _lookup(one.id)] = one
    return list(found.values())


def read(language: str) -> Catalog:
    if not po_file(language).exists():
        return Catalog(locale=language)
    with po_file(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.creation_date = NO_DATE
    return catalogue


def po_file(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def _from_code() -> Iterator[Found]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _extract(path, path.read_text(encoding="utf-8"))


def _from_templates() -> Iterator[Found]:
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.*")):
            # Django turns a template into something that reads like Python, but for its indentation.
            python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield from _extract(path, "\n".join(line.lstrip() for line in python.splitlines()))


def _extract(path: Path, python: str) -> Iterator[Found]:
    source = io.BytesIO(python.encode())
    calls: Iterator[Any] = extract_python(source, KEYWORDS, (), {"encoding": "utf-8"})
    for line, function, arguments, _ in calls:
        # A call with one argument comes as that argument, others as a tuple; what is no literal comes as None.
        texts: list[Any] = list(arguments) if isinstance(arguments, tuple) else [arguments]
        context = texts.pop(0) if function in CONTEXT + PLURAL_CONTEXT else None
        message_id = tuple(texts[:2]) if function in PLURAL + PLURAL_CONTEXT else texts[0]
        if message_id and all(message_id):
            yield Found(context, message_id, f"{path.relative_to(ROOT)}:{line}")


def _lookup(message_id: Any) -> str:
    return message_id if isinstance(message_id, str) else str(message_id[0])


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _faults_of(catalogue: Catalog, message: Message) -> Iterator[str]:
    strings = _strings(message)
    if message.fuzzy:
        yield f"{message.id!r} is fuzzy"
    if not strings or not all(strings):
        yield f"{message.id!r} is not translated"
        return
    if message.pluralizable and len(strings) != catalogue.num_plurals:
        yield f"{message.id!r} needs {catalogue.num_plurals} forms"
    yield from (f"{message.id!r}: {error}" for error in message.check(catalogue))


def _compiled(language: str) -> dict[Key, tuple[str, ...]] | None:
    path = po_file(language).with_suffix(".mo")
    if not path.exists():
        return None
    with path.open("rb") as file:
        messages = [message for message in read_mo(file) if message.id]
    return {(_context(message), _lookup(message.id)): _strings(message) for message in messages}


def _context(message: Any) -> Any:
    # Babel gives a context read from a compiled file as bytes.
    return message.context.decode() if isinstance(message.context, bytes) else message.context


if __name__ == "__main__":
    main()
