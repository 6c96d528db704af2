"""The go~mus API as a plain Python library. It knows nothing of Django, and nothing else here imports httpx."""

from shop.api import errors, records
from shop.api.calls import Answer
from shop.api.client import Gomus
from shop.api.counters import Count, Counters, Outcome, Series
from shop.api.retry import RetryPolicy
from shop.api.timing import Limits, Patience, Timeouts

__all__ = [
    "Answer",
    "Count",
    "Counters",
    "Gomus",
    "Limits",
    "Outcome",
    "Patience",
    "RetryPolicy",
    "Series",
    "Timeouts",
    "errors",
    "records",
]
