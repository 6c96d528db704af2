"""The guided tours on demand, and the equipment they can borrow."""

from sandbox.catalogue.model import Equipment, Price, Tour
from sandbox.data.events import EVERY_DAY, tags
from sandbox.data.houses import FR, SA, SU, TH, TU, WE
from sandbox.data.reference import ADULTS, CHILDREN, DE, EN, GROUP_TOUR, PL, PUPILS, SENIORS
from sandbox.data.reference import FR as FRENCH
from sandbox.data.shows import ARCADES, FABRIC, FOSSIL, OPENING, STRIPES, VESSELS, words

HEADSETS, STOOLS = 7, 8
SCHOOL = 2  # a customer type with fees of its own
EQUIPMENT = [
    Equipment(HEADSETS, words("Funkhörer", "Headsets"), 40),
    Equipment(STOOLS, words("Klapphocker", "Folding stools"), 15),
]
TOURS = [
    Tour(930, 1, 11, words("Erde, Feuer, Hand | Gruppenführung", "Earth, Fire, Hand | Group tour"),
         words("60 Minuten | 90 EUR je Gruppe<br>Gruppen bis 25 Personen",
               "60 minutes | 90 EUR per group<br>Groups of up to 25"),
         words("<p>Vom ersten Töpferrad bis zum letzten Brand, mit <em>Fragen</em>.</p>",
               "<p>From the first wheel to the last kiln, with <em>questions</em>.</p>"),
         "schalen", VESSELS, "Studio Lindqvist",
         tags(GROUP_TOUR, DE, EN, age_groups=(PUPILS, ADULTS, SENIORS), catch_words=(1,), disablements=(1,)),
         (Price(9000, words("Entgelt", "Fee"), words("Gruppenpreis", "price per group"), group=True),
          Price(1500, words("Betreuung am Ofen", "Supervision at the kiln"), {}, group=True, surcharge_id=15),
          Price(250, words("Probierstück Ton", "A piece of clay"), words("zum Mitnehmen", "to take home"),
                optional=True, surcharge_id=16)),
         10 * 60, 16 * 60 + 30, min_people=5, max_people=25, equipment=(HEADSETS, STOOLS), featured=True),
    Tour(931, 3, 31, words("Arkaden für Gruppen", "Arcades for Groups"), words("Je Person", "Per person"),
         words("<p>Durch die Stadt, die nie gebaut wurde.</p>", "<p>Through the city that was never built.</p>"),
         "arkade", ARCADES, "Kabinett",
         tags(GROUP_TOUR, DE, EN, FRENCH, age_groups=(CHILDREN, PUPILS, ADULTS), audiences=(2, 3), grades=(2, 3),
              proposal_categories=(2,)),
         (Price(600, words("Regulär", "Regular"), words("", ""), scale_id=81),
          Price(400, words("Ermäßigt", "Reduced"), words("mit Nachweis", "with proof"), scale_id=82),
          Price(3000, words("Fremdsprachenzuschlag", "Foreign language surcharge"), {}, group=True,
                surcharge_id=17)),
         10 * 60, 16 * 60, duration=75, max_people=20, equipment=(HEADSETS,), discount=5,
         by_language={EN: (17,), FRENCH: (17,)}),
    Tour(932, 4, 41, words("Tiefe Zeit, nah", "Deep Time, Close Up"), words("", ""), {},
         "ammonit", FOSSIL, "Sammlung Treptow", tags(GROUP_TOUR, DE, age_groups=(CHILDREN, ADULTS)),
         (Price(550),), 9 * 60 + 30, 16 * 60, duration=45, min_people=2, max_people=15, tax_included=False),
    Tour(933, 7, 71, words("Der leiseste Raum", "The Quietest Room"),
         words("Polnisch nur freitags", "Polish on Fridays only"),
         words("<p>Acht Menschen, kein Ton.</p>", "<p>Eight people, not a sound.</p>"),
         "takt", STRIPES, "Klangarchiv", tags(GROUP_TOUR, DE, EN, PL),
         (Price(7500, words("Pauschale", "Flat fee"), {}, group=True),
          Price(2000, words("Sonntagszuschlag", "Sunday surcharge"),
                words("für Sonn- und Feiertage", "for Sundays and holidays"), group=True, surcharge_id=18)),
         11 * 60, 17 * 60, duration=30, max_people=8, languages_limited=True,
         guides={DE: EVERY_DAY, EN: (WE, SA), PL: (FR,)}, by_day={SU: (18,)}),
    Tour(934, 5, 51, words("Die rote Öffnung, geführt", "The Red Aperture, Guided"),
         words("Entgelttabelle", "Table of fees"), words("", ""), "apertur", OPENING, "Ateliers Nordlicht",
         tags(GROUP_TOUR, DE, EN, audiences=(1, 3)),
         (Price(5000, words("Pauschale", "Flat fee"), words("Privatkunde", "private customer"), group=True),
          Price(350, words("Entgelt", "Fee"), words("je Person", "per person")),
          Price(100, words("Wochenende", "Weekend"), words("je Person", "per person"), surcharge_id=19)),
         12 * 60, 19 * 60, max_people=12, vat="19.0", by_day={SA: (19,), SU: (19,)},
         fees={SCHOOL: (Price(4000, words("Pauschale", "Flat fee"), words("Schule", "school"), group=True),)}),
    Tour(935, 6, 61, words("Klasse am Webstuhl", "School Class at the Loom"),
         words("Für Schulen, nicht im offenen Verkauf", "For schools, not on open sale"),
         words("<p>Weben lernen in 90 Minuten.</p>", "<p>Learn to weave in 90 minutes.</p>"),
         "gewebe", FABRIC, "Textilwerk, Łódź",
         tags(GROUP_TOUR, DE, age_groups=(CHILDREN, PUPILS), audiences=(2,), grades=(1, 2, 3)),
         (Price(0, group=True),), 9 * 60, 12 * 60, duration=90, min_people=10, max_people=30,
         languages_limited=True, guides={DE: (TU, TH)}, public=False),
]  # fmt: skip
