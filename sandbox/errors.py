"""Refusals as the API words them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request."""

    code: str
    de: str
    en: str
    path: str | None = None
    item_index: int | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    def message(self, language: str) -> str:
        return self.de if language == "de" else self.en


class ApiError(Exception):
    """A refused request: HTTP status, its faults, and headers to send with it."""

    def __init__(self, status: int, *faults: Fault, headers: dict[str, str] | None = None) -> None:
        super().__init__(faults[0].code if faults else str(status))
        self.status = status
        self.faults = faults
        self.headers = headers or {}


def refuse(code: str, de: str, en: str, path: str | None = None, **meta: Any) -> ApiError:
    return ApiError(422, Fault(code, de, en, path, None, meta))


def not_found() -> ApiError:
    return ApiError(404, Fault("not_found", "Nicht gefunden.", "Not found."))


def body(error: ApiError, language: str, request_id: str) -> dict[str, Any]:
    """The full error body: readable by simple clients (`error`, `errors`), precise for others (`details`)."""
    messages = [fault.message(language) for fault in error.faults]
    return {
        "error": messages[0],
        "errors": messages,
        "code": error.faults[0].code,
        "details": [
            {
                "code": fault.code,
                "message": fault.message(language),
                "path": fault.path,
                "item_index": fault.item_index,
                "meta": fault.meta,
            }
            for fault in error.faults
        ],
        "request_id": request_id,
    }


def shaped(full: dict[str, Any], shape: str) -> Any:
    """The same refusal in another of the shapes clients have met; `html` and `empty` are made by the caller."""
    if shape == "error_only":
        return {"error": full["error"]}
    if shape == "errors_only":
        return {"errors": full["errors"]}
    if shape == "array":
        return full["errors"]
    if shape == "field_map":
        return {(detail["path"] or "base"): [detail["message"]] for detail in full["details"]}
    return full
