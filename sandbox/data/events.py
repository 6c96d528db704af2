"""The events: what happens again and again, on which weekdays, and what it costs."""

from sandbox.catalogue.model import Event, Price, Seat, SeatPlan
from sandbox.data.houses import FR, MO, SA, SU, TH, TU, WE
from sandbox.data.reference import (
    ADULTS,
    CHILDREN,
    CONCERT,
    DE,
    DGS,
    EN,
    FAMILIES,
    NAMELESS,
    OTHER_TOUR,
    PL,
    PUBLIC_TOUR,
    PUPILS,
    SENIORS,
    TALK,
    WORKSHOP,
)  # fmt: skip
from sandbox.data.reference import FR as FRENCH
from sandbox.data.shows import ARCADES, FABRIC, FIELDS, FOSSIL, OPENING, SPHERE, STRIPES, VESSELS, words

Tags = dict[str, tuple[int, ...]]
EVERY_DAY = (MO, TU, WE, TH, FR, SA, SU)
NOON, EVENING = 12 * 60, 18 * 60
CATEGORY_A, CATEGORY_B, CATEGORY_C = 1, 2, 3
WHEELCHAIR = 1


def tags(category: int, *languages: int, **more: tuple[int, ...]) -> Tags:
    return {"categories": (category,), "languages": languages or (DE,), **more}


def scale(
    number: int, cents: int, de: str, en: str, *, category: int | None = None, vat: str | None = None
) -> Price:
    return Price(cents, words(de, en), words("", ""), scale_id=number, seat_category=category, vat=vat)


def hall() -> SeatPlan:
    """Seven rows of twelve; the number of a seat is its row and its place."""
    categories = {11: CATEGORY_A, 12: CATEGORY_A, 16: CATEGORY_C, 17: CATEGORY_C}
    seats = tuple(
        Seat(row * 100 + place, row, categories.get(row, CATEGORY_B), str(place),
             WHEELCHAIR if row == 11 and place in (1, 12) else None)
        for row in range(11, 18)
        for place in range(1, 13)
    )  # fmt: skip
    return SeatPlan(
        1,
        {
            CATEGORY_A: (words("Parkett vorn", "Front stalls"), "#7a1f2b"),
            CATEGORY_B: (words("Parkett", "Stalls"), "#2f5d62"),
            CATEGORY_C: (words("Rang", "Balcony"), "#6b5b4b"),
        },
        {row: str(row - 10) for row in range(11, 18)},
        seats,
        {WHEELCHAIR: words("Rollstuhlplatz", "Wheelchair space")},
    )


PLANS = [hall()]
EVENTS = [
    Event(820, 1, 11, words("Abend am Brennofen", "Evening at the Kiln"),
          words("90 Minuten | mit Glühwein<br>Do und Sa", "90 minutes | with mulled wine<br>Thu and Sat"),
          words("<p>Der Ofen wird geöffnet. Bitte <strong>feste Schuhe</strong> tragen.</p>",
                "<p>The kiln is opened. Please wear <strong>sturdy shoes</strong>.</p>"),
          "schalen", VESSELS, "Studio Lindqvist",
          tags(PUBLIC_TOUR, DE, EN, age_groups=(ADULTS, SENIORS), catch_words=(1,), proposal_categories=(2,)),
          (scale(61, 1200, "Regulär", "Regular"), scale(62, 800, "Ermäßigt", "Reduced")),
          (TH, SA), (EVENING,), 24, duration=90, featured=True, max_per_registration=8),
    Event(821, 7, 71, words("Konzert im stillen Saal", "Concert in the Quiet Hall"),
          words("Mit Sitzplan", "Numbered seats"),
          words("<p>Streichquartette nach Ansage. <br>Einlass ab 19&nbsp;Uhr.</p>",
                "<p>String quartets, announced on the night. <br>Doors open at 7&nbsp;pm.</p>"),
          "takt", STRIPES, "Klangarchiv",
          tags(CONCERT, DE, age_groups=(ADULTS,), audiences=(1,), catch_words=(2,), disablements=(1,)),
          (scale(71, 2400, "Parkett vorn", "Front stalls", category=CATEGORY_A),
           scale(72, 1800, "Parkett", "Stalls", category=CATEGORY_B),
           scale(73, 900, "Rang", "Balcony", category=CATEGORY_C)),
          (WE, FR, SA), (19 * 60 + 30,), 84, duration=110, featured=True, plan=1, demand=40,
          max_per_registration=10),
    Event(822, 4, 41, words("Ammoniten zur Mittagszeit", "Ammonites at Noon"), words("", ""), {},
          "ammonit", FOSSIL, "Sammlung Treptow",
          tags(PUBLIC_TOUR, DE, EN, FRENCH, age_groups=(ADULTS, NAMELESS), catch_words=(3,)),
          (Price(400),), EVERY_DAY, (NOON, 15 * 60), 20, duration=45, admission_tickets=(371, 372)),
    Event(823, 5, 51, words("Licht malen", "Painting with Light"),
          words("Kurs, 15 % Nachlass bis zur Eröffnung", "Course, 15 % off until the opening"),
          words("<p>Langzeitbelichtung im Dunkeln.</p>", "<p>Long exposures in the dark.</p>"),
          "apertur", OPENING, "Ateliers Nordlicht",
          tags(WORKSHOP, DE, PL, age_groups=(PUPILS, ADULTS), grades=(2, 3)),
          (scale(63, 1200, "Erwachsene", "Adult"), scale(64, 800, "Jugendliche", "Young people")),
          (FR, SU), (14 * 60,), 12, duration=150, vat="19.0", discount=15),
    Event(824, 6, 61, words("Webkurs für Gruppen", "Weaving for Groups"),
          words("Festpreis bis zwölf Personen", "One price for up to twelve"),
          words("<p>Ein Vormittag am Webstuhl.</p>", "<p>A morning at the loom.</p>"),
          "gewebe", FABRIC, "Textilwerk, Łódź",
          tags(WORKSHOP, DE, age_groups=(ADULTS, SENIORS), audiences=(1, 3), catch_words=(1,)),
          (Price(9000, group=True),), (WE, SA), (10 * 60,), 12, duration=180, min_seats=4,
          max_per_registration=12, demand=0),
    Event(825, 3, 31, words("Architekturtag mit Imbiss", "Architecture Day with Lunch"),
          words("Preise ohne Umsatzsteuer", "Prices without VAT"),
          words("<p>Vier Modelle, ein Plan, eine Suppe.</p>", "<p>Four models, one plan, one soup.</p>"),
          "arkade", ARCADES, "Kabinett",
          tags(TALK, DE, EN, audiences=(3,), catch_words=(4,), disablements=(1, 2)),
          (scale(65, 1000, "Mit Imbiss", "With lunch", vat="19.0"),
           scale(66, 500, "Ohne Imbiss", "Without lunch", vat="7.0")),
          (TU, TH), (11 * 60,), 30, duration=120, tax_included=False),
    Event(826, 2, 21, words("Nachts in der Sammlung", "A Night at the Collection"),
          words("Immer ausgebucht", "Always sold out"), words("", ""), "felder", FIELDS, "Archiv Kanal",
          tags(OTHER_TOUR, DE), (Price(1500),), (FR,), (20 * 60,), 15, demand=100),
    Event(827, 1, None, words("Gesellschaftsabend", "Members' Evening"),
          words("Nur für den Freundeskreis", "For the friends of the museum only"), {},
          "", SPHERE, "Museum der Meere", tags(TALK, DE), (Price(0),), (TU,), (19 * 60,), 60, bookable=False),
    Event(828, 2, 22, words("Das Bild der Woche", "Picture of the Week"),
          words("Gebärdensprache im Wechsel", "Alternating with sign language"),
          words("<p>Frei, aber bitte anmelden.</p>", "<p>Free, but please register.</p>"),
          "takt", STRIPES, "Klangarchiv", tags(TALK, DE, DGS, disablements=(3,), proposal_categories=(1,)),
          (Price(0),), (MO, WE, SU), (17 * 60,), 18, duration=30, max_per_registration=4, registerable=True,
          admission_tickets=(331, 332)),
    Event(829, 4, 42, words("Wie klingt ein Wal?", "What Does a Whale Sound Like?"),
          words("Für Kinder ab vier", "For children from four"),
          words("<p>Singen, lauschen, tauchen.</p>", "<p>Sing, listen, dive.</p>"),
          "kugel", SPHERE, "Museum der Meere",
          tags(FAMILIES, DE, age_groups=(CHILDREN,), audiences=(1, 2), catch_words=(2, 3), grades=(1,),
               proposal_categories=(1, 2)),
          (Price(600), Price(300, words("Material", "Materials"), optional=True)),
          (SA, SU), (11 * 60, 13 * 60, 15 * 60), 14),
    Event(830, 5, None, words("Die längste Nacht", "The Longest Night"),
          words("Licht bis zum Morgen", "Light until morning"), words("", ""),
          "apertur", OPENING, "Ateliers Nordlicht", tags(PUBLIC_TOUR, DE, EN), (Price(1100),),
          (SU,), (150, 23 * 60), 40, vat="19.0"),
]  # fmt: skip
