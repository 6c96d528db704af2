"""A person who will use a ticket; upstream wants to know it and may tell it again."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person who will use a ticket: given name, family name."""

    name: str = field(repr=False)
    surname: str = field(repr=False)

    def as_json(self) -> dict[str, str]:
        """The shape upstream wants."""
        return {"name": self.name, "surname": self.surname}
