"""From the errors of the client to words for the operator."""

from datetime import timedelta

from django.utils import timezone

from shop.api import errors
from shop.api.errors import GomusError
from shop.doctor.findings import Finding, broken

MAINTENANCE = 503
TOO_MANY = 429


def explained(check: str, error: GomusError, address: str) -> Finding:
    """Say what an error of the client means for this check."""
    if error.status is None:
        return broken(
            check,
            f"nothing answers at {address}: {error.why}.",
            "Check GOMUS_URL, its host name and port, and the network between here and there.",
        )
    if isinstance(error, errors.Unauthorized):
        return wrong_key(check, "the ticket system does not know our key (401).")
    if isinstance(error, errors.Unavailable | errors.OutcomeUnknown) and error.status >= 400:
        return _down(check, error)
    if isinstance(error, errors.Forbidden) and not _is_page(error):
        return broken(check, "our key may not ask this (403).", "Ask the museum to extend the key's rights.")
    return _not_gomus(check, error, address)


def wrong_key(check: str, said: str) -> Finding:
    """Say that the key is no good."""
    return broken(check, said, "Put the API key the museum gave you into GOMUS_TOKEN.")


def _down(check: str, error: GomusError) -> Finding:
    wait = getattr(error, "retry_after", None)
    when = "Try again in some minutes." if wait is None else f"Try again after {_clock(wait)}."
    if error.status == MAINTENANCE:
        return broken(check, "the ticket system is closed for maintenance (503).", when)
    if error.status == TOO_MANY:
        return broken(check, "the ticket system wants fewer questions from us (429).", when)
    return broken(
        check,
        f"the ticket system is in trouble: it answered {error.status}.",
        f"{when} If it stays so, tell the museum.",
    )


def _not_gomus(check: str, error: GomusError, address: str) -> Finding:
    status = error.status or 0
    if 300 <= status < 400:
        said = f"{address} sends us elsewhere ({status})."
    elif _is_page(error):
        said = f"{address} is a plain web site, not go~mus: it answers with a page ({status})."
    else:
        said = f"{address} answers ({status}), but not as go~mus would: {error.why}."
    return broken(check, said, "Put the address of the go~mus installation into GOMUS_URL.")


def _is_page(error: GomusError) -> bool:
    return error.raw.lstrip("\ufeff \t\r\n").startswith("<")


def _clock(seconds: float) -> str:
    at = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    return f"{at:%H:%M:%S} (in {round(seconds)} seconds)"
