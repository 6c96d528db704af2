"""Checks of what is to be sent. ValueError, in a sentence, for what cannot be meant."""

from collections.abc import Collection, Iterable, Mapping


def require(condition: bool, sentence: str) -> None:
    """ValueError with this sentence unless the condition holds."""
    if not condition:
        raise ValueError(sentence)


def require_id(value: object, what: str) -> None:
    """An id is a positive integer; a bool or a float is none."""
    require(_whole(value, 1), f"an id of {what} is a positive integer")


def require_count(value: object) -> None:
    """A quantity is a positive integer."""
    require(_whole(value, 1), "a quantity is a positive integer")


def require_cents(value: object) -> None:
    """Money is an integer number of cents, not negative."""
    require(_whole(value, 0), "a total is an integer number of cents, not negative")


def require_counts(counts: Mapping[int, int], what: str) -> None:
    """Quantities by id, all of them positive."""
    for key, count in counts.items():
        require_id(key, what)
        require_count(count)


def require_words(values: Iterable[str], sentence: str) -> None:
    """Every text says something."""
    require(all(value.strip() for value in values), sentence)


def require_one_of(given: Collection[bool], sentence: str) -> None:
    """Exactly one of the alternatives is given."""
    require(sum(given) == 1, sentence)


def by_text(values: Mapping[int, object]) -> dict[str, object]:
    """A map as JSON has it: its keys are text."""
    return {str(key): value for key, value in values.items()}


def _whole(value: object, least: int) -> bool:
    return type(value) is int and value >= least
