"""Makes calls: one pool, bounded time and size, at most four at once, retried where that does no harm."""

import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from shop.api import error_bodies, errors, reading
from shop.api.calls import Answer, Body, Call, Upload
from shop.api.retry import Failure, Kind, RetryPolicy, Verdict, is_up, next_wait, retry_after, verdict
from shop.api.timing import Limits, Patience, Timeouts
from shop.api.wire import BoundedTransport, Deadline, bounded, public_only

log = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 4
MOST_REDIRECTS = 3
ERROR_BYTES = 200_000
CODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class Caller:
    """Turns a `Call` into what a reader makes of its answer, or into one of our errors. Thread-safe."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None,
        timeouts: Timeouts,
        retry: RetryPolicy,
        sleep: Callable[[float], None],
        on_answer: Callable[[Answer], None] | None,
        before_call: Callable[[Patience], None] | None,
    ) -> None:
        self.base_url = _checked_base(base_url)
        self._key = _checked_key(token)
        self._timeouts = timeouts
        self._retry = retry
        self._sleep = sleep
        self._on_answer = on_answer
        self._before_call = before_call
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._random = secrets.SystemRandom()
        self._http = httpx.Client(
            transport=transport or BoundedTransport(AT_ONCE),
            headers={"User-Agent": "Vitrine", "Accept-Encoding": "gzip"},
            # A cookie could bind our calls to somebody's session.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def read(self, call: Call, reader: Callable[[object], T]) -> T:
        """Call and read the JSON that comes back (None for an empty body where the call allows it)."""
        return self.fetch(call, lambda body: reader(reading.parse_json(body, empty_ok=call.empty_ok)))

    def fetch(self, call: Call, understand: Callable[[Body], T]) -> T:
        """Call until it is understood or given up. `understand` raises BadRecord for what makes no sense."""
        if self._before_call is not None:
            self._before_call(call.patience)
        limits = self._timeouts.of(call.patience)
        deadline = Deadline(limits.total)
        attempt = 1
        while isinstance(outcome := self._try(call, understand, limits, deadline, attempt), Failure):
            wait = next_wait(
                outcome,
                write=call.is_write,
                attempt=attempt,
                tries=limits.tries,
                left=deadline.left(),
                policy=self._retry,
                chance=self._random.random(),
            )
            if wait is None:
                raise _error(call, outcome)
            self._sleep(wait)
            attempt += 1
        return outcome

    def _try(
        self, call: Call, understand: Callable[[Body], T], limits: Limits, deadline: Deadline, attempt: int
    ) -> T | Failure:
        if not self._places.acquire(timeout=max(deadline.left(), 0)):
            log.warning("%s not sent: no free connection in time, try %d", call.name, attempt)
            return Failure(Kind.NOT_SENT, "no free connection in time")
        started = time.monotonic()
        try:
            answer = self._exchange(call, limits, deadline)
        finally:
            self._places.release()
        outcome: T | Failure
        # In one line, as the linter likes it, the type checker would lose T.
        if isinstance(answer, Failure):  # noqa: SIM108
            outcome = answer
        else:
            outcome = _understood(answer, understand)
        self._tell(call, outcome, answer.status, attempt, started)
        return outcome

    def _exchange(self, call: Call, limits: Limits, deadline: Deadline) -> Body | Failure:
        """One request and its whole answer, following redirects of a read within the same host."""
        try:
            with bounded(deadline), self._within_reach(call):
                request = self._request(call, limits, deadline)
                for _ in range(MOST_REDIRECTS + 1):
                    answer = self._receive(request, call, deadline)
                    if not isinstance(answer, httpx.Request):
                        return answer
                    request = answer
        except NOT_SENT as error:
            return Failure(Kind.NOT_SENT, f"no connection ({type(error).__name__})")
        except httpx.HTTPError as error:
            return Failure(Kind.NO_ANSWER, f"no whole answer ({type(error).__name__})")
        return Failure(Kind.ANSWERED, "redirects without end", status=310)

    def _within_reach(self, call: Call) -> AbstractContextManager[None]:
        """Where a call may connect to: the ticket system wherever it is, of anything else only what is public."""
        if call.url is None or httpx.URL(call.url).netloc == httpx.URL(self.base_url).netloc:
            return nullcontext()
        return public_only()

    def _request(self, call: Call, limits: Limits, deadline: Deadline) -> httpx.Request:
        headers = {"Accept": call.accept}
        if call.uses_key and self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        headers |= call.credentials or {}
        content = None
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(call.body, ensure_ascii=False).encode("utf-8", "replace")
        left = max(deadline.left(), 0.001)
        return self._http.build_request(
            call.method,
            call.url or f"{self.base_url}{call.root}{call.path()}",
            params=call.query or None,
            headers=headers,
            content=content,
            files=_form(call.upload),
            timeout=httpx.Timeout(min(limits.read, left), connect=min(limits.connect, left)),
        )

    def _receive(
        self, request: httpx.Request, call: Call, deadline: Deadline
    ) -> Body | Failure | httpx.Request:
        response = self._http.send(request, stream=True)
        try:
            if response.is_success:
                return _success(response, call.limit, deadline)
            if response.has_redirect_location and not call.is_write and _stays(call, request, response):
                return self._again(request, response)
            return _failure(response, deadline)
        finally:
            response.close()

    def _again(self, request: httpx.Request, response: httpx.Response) -> httpx.Request:
        target = request.url.join(response.headers["Location"])
        return self._http.build_request("GET", target, headers=request.headers, extensions=request.extensions)

    def _tell(self, call: Call, outcome: object, status: int | None, attempt: int, started: float) -> None:
        failure = outcome if isinstance(outcome, Failure) else None
        answer = Answer(
            method=call.method,
            route=call.route,
            status=status,
            ok=failure is None or is_up(failure, our_key=call.uses_key),
            milliseconds=round((time.monotonic() - started) * 1000),
            attempt=attempt,
            retry_after=failure.retry_after if failure else None,
        )
        said = failure.why if failure else "ok"
        level = logging.INFO if failure is None else logging.WARNING
        log.log(level, "%s %s %s in %d ms, try %d", call.name, status, said, answer.milliseconds, attempt)
        if self._on_answer is not None and call.url is None:
            self._on_answer(answer)


def _form(upload: Upload | None) -> dict[str, tuple[str, bytes, str]] | None:
    return None if upload is None else {"file": (upload.name, upload.content, upload.media_type)}


def _understood(body: Body, understand: Callable[[Body], T]) -> T | Failure:
    try:
        return understand(body)
    except reading.BadRecord as error:
        return Failure(
            Kind.NOT_UNDERSTOOD, str(error), status=body.status, content=body.content[:ERROR_BYTES]
        )


def _stays(call: Call, request: httpx.Request, response: httpx.Response) -> bool:
    """Does the redirect lead to the same scheme, host and port? A picture may also move from http to https."""
    try:
        target = request.url.join(response.headers["Location"])
    except httpx.InvalidURL:
        return False
    here = request.url
    upgraded = call.url is not None and (here.scheme, target.scheme) == ("http", "https")
    same_door = (target.scheme, target.port) == (here.scheme, here.port) or upgraded
    return same_door and target.host == here.host


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    """The content, unpacked, as it comes.

    One layer of gzip makes some MB at most of one read from the socket; several layers have no such bound.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in CODINGS:
        raise httpx.DecodingError("an encoding that was not asked for", request=response.request)
    yield from response.iter_bytes()


def _success(response: httpx.Response, limit: int, deadline: Deadline) -> Body | Failure:
    content = bytearray()
    for chunk in _pieces(response):
        content += chunk
        if len(content) > limit:
            return Failure(Kind.NOT_UNDERSTOOD, "the answer is too large", status=response.status_code)
        if deadline.left() <= 0:
            raise httpx.ReadTimeout("total time is over", request=response.request)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Body(response.status_code, media_type, bytes(content))


def _failure(response: httpx.Response, deadline: Deadline) -> Failure:
    """The status counts even if its explanation breaks off."""
    content = bytearray()
    try:
        for chunk in _pieces(response):
            content += chunk
            if len(content) > ERROR_BYTES or deadline.left() <= 0:
                break
    except httpx.RequestError as error:
        log.info("explanation of a %d broke off (%s)", response.status_code, type(error).__name__)
    return Failure(
        Kind.ANSWERED,
        f"answered {response.status_code}",
        status=response.status_code,
        retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        content=bytes(content),
    )


def _error(call: Call, failure: Failure) -> errors.GomusError:
    raw = reading.verbatim(failure.content.decode("utf-8", "replace"))[: error_bodies.RAW_CHARACTERS]
    status = failure.status
    match verdict(failure, write=call.is_write):
        case Verdict.REFUSED:
            return error_bodies.refused(call.name, status or 0, failure.content)
        case Verdict.UNKNOWN:
            return errors.OutcomeUnknown(call.name, failure.why, status=status, raw=raw)
        case Verdict.MALFORMED:
            return errors.Malformed(call.name, failure.why, status=status, raw=raw)
        case Verdict.UNAVAILABLE:
            wait = failure.retry_after
            return errors.Unavailable(call.name, failure.why, retry_after=wait, status=status, raw=raw)


def _checked_base(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("the address of the ticket system must look like https://name.example")
    return base_url.rstrip("/")


def _checked_key(token: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]*", token):
        raise ValueError("the key of the ticket system may only hold visible ASCII characters")
    return token
