"""The tickets, in families that share quotas."""

from dataclasses import dataclass, field

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One ticket of a family: who it is for and what it costs."""

    id: int
    name: Words
    note: Words
    cents: int
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """Tickets for one visit. `step` None: a day ticket. A second quota limits only the kinds in `narrow`.

    Without a quota as many are sold as anybody wants.
    """

    quota: int | None
    house: int
    shows: tuple[int, ...]
    title: Words
    step: int | None
    seats: int
    vat: str
    kinds: tuple[Kind, ...]
    narrow_quota: int | None = None
    narrow_seats: int = 0
    narrow: tuple[int, ...] = ()
    shared: dict[str, object] = field(default_factory=dict)


def words(de: str, en: str) -> Words:
    return {"de": de, "en": en}


ADULT = words("Erwachsene", "Adult")
REDUCED = words("Ermäßigt", "Reduced")
CHILD = words("Kind", "Child")
FROM_18 = words("ab 18 Jahren", "from 18 years")
PROOF = words(
    "Studierende, Auszubildende; Nachweis am Eingang", "students, trainees; bring proof to the entrance"
)
UNDER_18 = words("unter 18 Jahren, frei, braucht eine Karte", "under 18 years, free, needs a ticket")


def usual(first_id: int, adult: int, reduced: int, *more: Kind) -> tuple[Kind, ...]:
    """The three kinds nearly every house has."""
    return (
        Kind(first_id, ADULT, FROM_18, adult),
        Kind(first_id + 1, REDUCED, PROOF, reduced),
        Kind(first_id + 2, CHILD, UNDER_18, 0),
        *more,
    )


def sub(number: int) -> Kind:
    """The part of a combined ticket that admits to one museum; free and never sold alone."""
    return Kind(number, words("Teil der Kombikarte", "Part of a combined ticket"), {}, 0, {"is_sub": True})


COMBINED, PASSES = 1, 2  # ticket groups
FAMILY = words("Familie", "Family")
TWO_PLUS = words("2 Erwachsene und bis zu 3 Kinder", "2 adults and up to 3 children")
GROUP = words("Gruppe ab 10", "Group of 10 and more")
PER_HEAD = words("Preis je Person, Anmeldung nicht nötig", "price per person, no registration needed")

FAMILIES = [
    Family(41, 1, (11, 12), words("Erde, Feuer, Hand", "Earth, Fire, Hand"), 30, 40, "7.0",
           usual(311, 1400, 700, Kind(314, FAMILY, TWO_PLUS, 2900, {"max_persons": 3})),
           narrow_quota=44, narrow_seats=15, narrow=(314,)),
    Family(45, 1, (11,), words("Ofenführung mit Einlass", "Kiln visit with entry"), 60, 12, "7.0",
           (Kind(321, words("Teilnahme", "Participation"), words("mit Namen auf der Karte", "name on the ticket"),
                 2200, {"attendees": "required", "max_persons": 6}),)),
    Family(51, 2, (21,), words("Farbe als Raum", "Colour as Space"), 20, 30, "7.0",
           usual(331, 1400, 900, Kind(334, words("Freundeskreis", "Friends of the Collection"),
                                      words("mit Mitgliedskarte, 10 % Nachlass", "with member card, 10 % off"),
                                      999, {"discount": 10}))),
    Family(52, 2, (), words("Tageskarte Sammlung", "Collection day ticket"), None, 250, "7.0",
           usual(341, 1000, 600)),
    Family(61, 3, (31, 32), words("Architekturkabinett", "Cabinet of Architecture"), 30, 25, "0.0",
           usual(351, 800, 400, Kind(354, GROUP, PER_HEAD, 600, {"min_persons": 10, "max_persons": 25}))),
    Family(62, 3, (), words("Lesesaal", "Reading room"), None, 40, "19.0",
           (Kind(361, words("Tagesplatz", "Day seat"), words("mit Ausweis", "bring an identity card"), 333,
                 {"tax_included": False, "identification": True}),)),
    Family(71, 4, (41,), words("Tiefe Zeit", "Deep Time"), 30, 60, "7.0",
           usual(371, 900, 450, Kind(374, FAMILY, TWO_PLUS, 1900))),
    Family(72, 4, (42,), words("Wal, Wind und Welle", "Whale, Wind and Wave"), 15, 10, "7.0",
           (Kind(381, CHILD, words("4 bis 12 Jahre", "4 to 12 years"), 500, {"max_persons": 6}),
            Kind(382, words("Begleitung", "Accompanying adult"),
                 words("höchstens zwei je Kind", "two per child at most"), 700, {"max_persons": 4}))),
    Family(73, 4, (41, 42), words("Tageskarte Meere", "Seas day ticket"), None, 120, "7.0",
           usual(391, 1200, 800)),
    Family(81, 5, (51, 52), words("Die rote Öffnung", "The Red Aperture"), 15, 8, "19.0",
           usual(401, 1600, 1100), narrow_quota=82, narrow_seats=3, narrow=(403,)),
    Family(83, 5, (52,), words("Schattenspiele", "Shadow Plays"), None, 80, "19.0",
           usual(411, 700, 500)),
    Family(91, 6, (61,), words("Faden um Faden", "Thread by Thread"), 30, 20, "7.0",
           usual(421, 1100, 650, Kind(424, words("Frühbucher", "Early bird"),
                                      words("für die nächsten zwei Wochen", "for the next two weeks"), 900,
                                      {"sale": (-60, 14)}))),
    Family(92, 6, (), words("Eintritt frei am Webstuhl", "Free entry to the looms"), 30, 15, "7.0",
           (Kind(431, words("Freikarte", "Free ticket"), words("für alle", "for everyone"), 0),)),
    Family(101, 7, (71,), words("Takt und Stille", "Beat and Silence"), 20, 18, "7.0",
           usual(441, 1300, 850, Kind(444, words("Presse", "Press"), words("nur nach Anmeldung", "by registration"),
                                      0, {"bookable": False}))),
    Family(102, 7, (), words("Klangarchiv, Tageskarte", "Archive of Sound, day ticket"), None, 90, "7.0",
           usual(451, 950, 500)),
    Family(None, 7, (), words("Hörstück im Treppenhaus", "Audio Play in the Staircase"), None, 0, "7.0",
           (Kind(455, words("Leihgerät", "Player"), words("so viele wie da sind", "as many as there are"), 200,
                 {"max_persons": 6}),)),
    Family(110, 1, (11, 31), words("Erde & Arkaden", "Earth & Arcades"), 30, 30, "7.0",
           (Kind(501, ADULT, words("zwei Häuser, ein Preis", "two museums, one price"), 1900,
                 {"subs": (511, 512), "min_gap": 90}),
            Kind(502, REDUCED, PROOF, 950, {"subs": (511, 512), "min_gap": 90}),
            Kind(503, words("mit Textilwerk", "with the Weaving Works"),
                 words("drei Häuser am selben Tag", "three museums on the same day"), 2900,
                 {"subs": (511, 512, 513), "min_gap": 60})),
           shared={"groups": (COMBINED,)}),
    Family(111, 1, (11,), words("Haus der Gefäße", "House of Vessels"), 30, 20, "7.0", (sub(511),)),
    Family(112, 3, (31,), words("Architekturkabinett", "Cabinet of Architecture"), 30, 15, "7.0", (sub(512),)),
    Family(113, 6, (61,), words("Textilwerk", "The Weaving Works"), 60, 12, "7.0", (sub(513),)),
    Family(None, 1, (), words("Jahreskarte", "Annual pass"), None, 0, "7.0",
           (Kind(601, ADULT, words("ein Jahr, alle Häuser", "one year, every museum"), 6500),
            Kind(602, REDUCED, PROOF, 3500, {"identification": True})),
           shared={"ticket_type": "annual", "personalizeable": True, "max_persons": 4,
                   "groups": (PASSES,)}),
]  # fmt: skip
AFTER_SALE = words(
    "<p>Bitte zeigen Sie den Ausdruck oder Ihr Telefon am Einlass. Große Taschen gehören ins Schließfach.</p>",
    "<p>Please show the printed sheet or your phone at the entrance. Large bags go into a locker.</p>",
)
