"""What a monitoring program reads at /metrics, in the text format of Prometheus. The key is METRICS_TOKEN."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from redis.exceptions import RedisError

from catalog.models import SyncRun
from orders import selectors
from orders.lifecycle import State
from orders.models import Order
from shop import gateway, letters, meter
from shop.queue import depths
from shop.watching import BUCKETS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKET = "vitrine_request_seconds_bucket"
KINDS = {
    "vitrine_requests_total": ("counter", "Requests answered, by route, method and status."),
    "vitrine_request_seconds": ("histogram", "How long answers took."),
    "vitrine_upstream_calls_total": ("counter", "Tries towards go~mus, by route and outcome."),
    "vitrine_upstream_seconds_total": ("counter", "Time spent waiting for go~mus, by route."),
    "vitrine_live_answers_total": ("counter", "Live facts asked for, by the age of the answer."),
    "vitrine_live_age_seconds_total": ("counter", "Age of these facts in sum."),
    "vitrine_jobs_total": ("counter", "Background jobs done, by job and outcome."),
    "vitrine_orders": ("gauge", "Orders by state."),
    "vitrine_due": ("gauge", "What waits to be done and is due, by kind."),
    "vitrine_queue_depth": ("gauge", "Bells that no worker has heard yet, by queue."),
    "vitrine_mirror_age_seconds": ("gauge", "How long ago the catalogue was fetched; absent if never."),
    "vitrine_upstream_up": ("gauge", "1 if go~mus answers as far as anybody here knows."),
}
ENDINGS = ("bucket", "sum", "count")  # of the rows of a histogram

Sample = tuple[str, tuple[tuple[str, str], ...], float]


def metrics(request: HttpRequest) -> HttpResponse:
    """All figures; 404 where none are published, 401 without the right key."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    told = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(told.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(_text([*_counted(), *_measured()]), content_type=CONTENT_TYPE)


def _counted() -> Iterator[Sample]:
    try:
        found = meter.totals()
    except RedisError:
        return
    edges = [*(str(bucket) for bucket in BUCKETS), "+Inf"]
    heights = [found.pop((BUCKET, (("le", edge),)), 0) for edge in edges]
    for edge, height in zip(edges, accumulate(heights), strict=True):
        yield BUCKET, (("le", edge),), height
    for (name, labels), amount in sorted(found.items()):
        yield name, labels, amount


def _measured() -> Iterator[Sample]:
    found = dict(Order.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in State:
        yield "vitrine_orders", (("state", state.value),), found.get(state.value, 0)
    due = {
        "orders": selectors.due_orders(),
        "documents": selectors.due_documents(),
        "mails": selectors.due_deliveries(),
        "letters": letters.due(),
    }
    for kind, waiting in due.items():
        yield "vitrine_due", (("kind", kind),), len(waiting)
    newest = SyncRun.objects.filter(ok=True).aggregate(at=Max("finished_at"))["at"]
    if newest:
        yield "vitrine_mirror_age_seconds", (), (timezone.now() - newest).total_seconds()
    yield "vitrine_upstream_up", (), int(gateway.upstream_state().ok)
    yield from _queues()


def _queues() -> Iterator[Sample]:
    try:
        found = depths()
    except RedisError:
        return
    for queue, depth in found.items():
        yield "vitrine_queue_depth", (("queue", queue.value),), depth


def _text(samples: Iterable[Sample]) -> str:
    families: dict[str, list[str]] = defaultdict(list)
    for name, labels, amount in samples:
        family = next((one for one in KINDS if name in (one, *(f"{one}_{end}" for end in ENDINGS))), None)
        if family:
            told = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
            families[family].append(f"{name}{{{told}}} {amount!r}" if told else f"{name} {amount!r}")
    lines = []
    for family, rows in families.items():
        kind, sentence = KINDS[family]
        lines += [f"# HELP {family} {sentence}", f"# TYPE {family} {kind}", *rows]
    return "\n".join([*lines, ""])


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
