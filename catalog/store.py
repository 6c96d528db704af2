"""Reads the mirror as plain values and writes a plan to it. Calls nobody, opens no transaction of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from django.db.models import Model, QuerySet

from catalog import curating
from catalog.harvest import Hours
from catalog.mirror import Known, LocalRow, Plan, Row, Values
from catalog.models import EventDate, Kept, Mirrored, OpeningHours, Picture
from catalog.shelves import Shelf
from shop import edition

BATCH = 200  # rows in one statement
KEYS = 500  # ids in one question


def known(shelf: Shelf) -> dict[int, Known]:
    """What a shelf holds, retired rows too, without their values."""
    columns = (shelf.number_column, "fingerprint", "read_at", "retired_at")
    found = shelf.rows().order_by().values_list(*columns)
    return {number: Known(*rest) for number, *rest in found.iterator()}


def local_rows(shelf: Shelf, ids: Iterable[int]) -> dict[int, LocalRow]:
    """These rows of a shelf with values comparable to those of upstream; retired ones too."""
    rows = [row for keys in _batches(shelf, ids) for row in shelf.rows().filter(pk__in=keys)]
    urls = (
        dict(Picture.objects.values_list("pk", "remote_url"))
        if rows and "picture" in shelf.references
        else {}
    )
    links = {name: _links(shelf, name, rows) for name in shelf.links}
    return {shelf.number(row): _local(shelf, row, urls, links) for row in rows}


def _batches(shelf: Shelf, ids: Iterable[int]) -> Iterator[list[int | str]]:
    keys = shelf.keys(ids)
    return (keys[first : first + KEYS] for first in range(0, len(keys), KEYS))


def _local(
    shelf: Shelf, row: Kept, urls: Mapping[int, str], links: Mapping[str, Mapping[object, list[object]]]
) -> LocalRow:
    values: dict[str, object] = {column: getattr(row, column) for column in shelf.columns}
    for name, column in shelf.references.items():
        target = getattr(row, column)
        values[name] = urls.get(target) if name == "picture" else target
    values |= {name: found.get(row.pk, []) for name, found in links.items()}
    if isinstance(row, Mirrored):
        values |= {name: told["now"] for name, told in row.originals.items() if name in values}
    retired = row.retired_at is not None
    return LocalRow(shelf.number(row), values, row.fingerprint, retired=retired, read_at=row.read_at)


def unread_since(shelf: Shelf, numbers: Iterable[int], moment: datetime) -> list[int]:
    """Those of these live rows that nobody read after the moment."""
    rows = shelf.rows().filter(pk__in=shelf.keys(numbers), retired_at=None, read_at__lte=moment)
    return list(rows.order_by(shelf.number_column).values_list(shelf.number_column, flat=True))


def write(shelf: Shelf, plan: Plan, *, now: datetime) -> None:
    """Carry out a plan. Rows it does not name are not touched."""
    if plan.create or plan.update or plan.retire:
        edition.renew()
    pictures = _picture_ids(plan) if "picture" in shelf.references else {}
    _create(shelf, plan.create, pictures, now)
    _update(shelf, [update.row for update in plan.update], pictures, now)
    _relink(shelf, plan)
    for keys in _batches(shelf, plan.retire):
        shelf.rows().filter(pk__in=keys).update(retired_at=now, updated_at=now)
    for keys in _batches(shelf, plan.confirmed):
        shelf.rows().filter(pk__in=keys).update(read_at=now)


def write_pictures(wanted: Mapping[str, Values]) -> None:
    """Add pictures not known yet, and correct credit and description of those that are. Writes nothing else."""
    known = {row.remote_url: row for row in Picture.objects.filter(remote_url__in=list(wanted))}
    Picture.objects.bulk_create(
        Picture(remote_url=url, **values) for url, values in wanted.items() if url not in known
    )
    changed = [row for url, row in known.items() if wanted[url] != {"credit": row.credit, "alts": row.alts}]
    for row in changed:
        row.credit, row.alts = cast(str, wanted[row.remote_url]["credit"]), wanted[row.remote_url]["alts"]
    if changed:
        Picture.objects.bulk_update(changed, ["credit", "alts"], batch_size=BATCH)


def write_hours(found: Sequence[Hours], *, now: datetime, keep_from: date) -> None:
    """Store the opening hours that were read and forget those of days long gone."""
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(
                museum_id=item.museum_id,
                day=item.day,
                begins_at=item.hours.begin if item.hours else None,
                ends_at=item.hours.end if item.hours else None,
                read_at=now,
            )
            for item in found
        ),
        update_conflicts=True,
        unique_fields=["museum", "day"],
        update_fields=["begins_at", "ends_at", "read_at"],
    )
    if found:
        OpeningHours.objects.filter(day__lt=keep_from).delete()


def forget_dates(before: datetime) -> None:
    """Drop dates that are long over, some at a time; orders keep what they need of them."""
    long_over = list(EventDate.objects.filter(start_time__lt=before).values_list("pk", flat=True))
    for keys in (long_over[first : first + KEYS] for first in range(0, len(long_over), KEYS)):
        EventDate.objects.filter(pk__in=keys).delete()


def _picture_ids(plan: Plan) -> dict[str, int]:
    rows = [*plan.create, *(update.row for update in plan.update)]
    urls = {row.values["picture"] for row in rows if row.values["picture"]}
    return dict(Picture.objects.filter(remote_url__in=urls).values_list("remote_url", "pk")) if urls else {}


def _build(shelf: Shelf, row: Row, pictures: Mapping[str, int], now: datetime) -> Kept:
    values = {column: row.values[column] for column in shelf.columns}
    for name, column in shelf.references.items():
        target = row.values[name]
        values[column] = pictures.get(cast(str, target)) if name == "picture" else target
    return shelf.model(
        **shelf.identity(row.id), fingerprint=row.fingerprint, read_at=now, updated_at=now, **values
    )


def _with_own(shelf: Shelf, built: Sequence[Kept], rows: Sequence[Row]) -> list[str]:
    """Let what staff say prevail in rows about to be written; returns the columns that takes."""
    if not issubclass(shelf.model, Mirrored):
        return []
    # Locked, so that nobody changes what they say between this look and the writing.
    staffed = shelf.model._default_manager.select_for_update().filter(pk__in=[row.id for row in rows])
    said = {row.pk: row for row in staffed.only("own", "originals", "hidden") if row.own}
    for new, row in zip(cast(Sequence[Mirrored], built), rows, strict=True):
        if old := said.get(new.pk):
            new.own, new.originals = old.own, old.originals
            curating.overlay(new, row.values)
    return ["originals", "drifted"]


def _create(shelf: Shelf, rows: Sequence[Row], pictures: Mapping[str, int], now: datetime) -> None:
    built = [_build(shelf, row, pictures, now) for row in rows]
    shelf.model._default_manager.bulk_create(built, batch_size=BATCH)


def _update(shelf: Shelf, rows: Sequence[Row], pictures: Mapping[str, int], now: datetime) -> None:
    if not rows:
        return
    built = [_build(shelf, row, pictures, now) for row in rows]
    own = _with_own(shelf, built, rows)
    columns = [*shelf.columns, *shelf.references, "fingerprint", "read_at", "updated_at", "retired_at", *own]
    # One upsert is many times faster than bulk_update, so the transaction stays short.
    shelf.model._default_manager.bulk_create(
        built,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
    )


def _through(shelf: Shelf, link: str) -> tuple[type[Model], str, str]:
    related = getattr(shelf.model, link)
    other = related.field.related_model._meta.model_name
    return related.through, f"{shelf.model._meta.model_name}_id", f"{other}_id"


def _links(shelf: Shelf, link: str, rows: Sequence[Kept]) -> dict[object, list[object]]:
    through, own, other = _through(shelf, link)
    found: dict[object, list[object]] = {row.pk: [] for row in rows}
    keys = list(found)
    for part in (keys[first : first + KEYS] for first in range(0, len(keys), KEYS)):
        linked: QuerySet[Model] = through._default_manager.filter(**{f"{own}__in": part}).order_by(other)
        for pk, target in linked.values_list(own, other):
            found[pk].append(target)
    return found


def _relink(shelf: Shelf, plan: Plan) -> None:
    for link in shelf.links:
        moved = [
            update.row for update in plan.update if any(change.field == link for change in update.changes)
        ]
        if not moved and not plan.create:
            continue
        through, own, other = _through(shelf, link)
        for keys in _batches(shelf, [row.id for row in moved]):
            through._default_manager.filter(**{f"{own}__in": keys}).delete()
        through._default_manager.bulk_create(
            (
                through(**{own: row.id, other: target})
                for row in (*plan.create, *moved)
                for target in cast(list[object], row.values[link])
            ),
            batch_size=BATCH,
        )
