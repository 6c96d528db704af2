"""What the doctor says."""

from dataclasses import dataclass
from enum import StrEnum

from shop.options import Feature


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: what is so, and what to do about it unless all is well."""

    check: str
    level: Level
    said: str
    todo: str = ""

    def line(self) -> str:
        """The finding as one line of text."""
        return f"{self.level:<8} {self.check:<13} {' '.join(filter(None, (self.said, self.todo)))}"


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether the ticket system has an optional feature (None: nobody can know now), and why we say so."""

    feature: Feature
    found: bool | None
    why: str
    level: Level = Level.OK

    def finding(self) -> Finding:
        """The same as a line for the operator."""
        word = {True: "yes", False: "no", None: "not known"}[self.found]
        return Finding(self.feature.value, self.level, f"{word}: {self.why}")


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings in the order they were made, and what was learned about optional features."""

    findings: tuple[Finding, ...]
    abilities: tuple[Ability, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Is there anything the shop cannot work with?"""
        return any(finding.level is Level.BROKEN for finding in self.findings)


def ok(check: str, said: str) -> Finding:
    return Finding(check, Level.OK, said)


def warning(check: str, said: str, todo: str) -> Finding:
    return Finding(check, Level.WARNING, said, todo)


def broken(check: str, said: str, todo: str) -> Finding:
    return Finding(check, Level.BROKEN, said, todo)
