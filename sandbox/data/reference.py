"""Words of the filter lists, countries, states, and other small lists."""

from sandbox.catalogue.model import Tag

Words = dict[str, str]


def tag(number: int, de: str, en: str) -> Tag:
    return Tag(number, {"de": de, "en": en})


DE, EN, FR, PL, DGS = range(1, 6)
PUBLIC_TOUR, WORKSHOP, FAMILIES, CONCERT, TALK, GROUP_TOUR, OTHER_TOUR = 3, 4, 5, 6, 7, 8, 9
CHILDREN, PUPILS, ADULTS, SENIORS, NAMELESS = 1, 2, 3, 4, 9

TAGS: dict[str, tuple[Tag, ...]] = {
    "categories": (
        tag(PUBLIC_TOUR, "Öffentliche Führung", "Public tour"),
        tag(WORKSHOP, "Kurs / Workshop", "Course / workshop"),
        tag(FAMILIES, "Kinder & Familien", "Children & families"),
        tag(CONCERT, "Konzert", "Concert"),
        tag(TALK, "Vortrag", "Talk"),
        tag(GROUP_TOUR, "Gruppenführung", "Group tour"),
        tag(OTHER_TOUR, "Öffentliche Führung", "Public tour"),  # staff made it twice
    ),
    "languages": (
        tag(DE, "Deutsch", "German"),
        tag(EN, "Englisch", "English"),
        tag(FR, "Französisch", "French"),
        tag(PL, "Polnisch", "Polish"),
        tag(DGS, "Deutsche Gebärdensprache", "German Sign Language"),
    ),
    "age_groups": (
        tag(CHILDREN, "Kinder (4–12 Jahre)", "Children (4–12 years)"),
        tag(PUPILS, "Jugendliche", "Young people"),
        tag(ADULTS, "Erwachsene", "Adults"),
        tag(SENIORS, "Ältere", "Seniors"),
        tag(NAMELESS, "", ""),  # never told
    ),
    "audiences": (
        tag(1, "Einzelgäste", "Individuals"),
        tag(2, "Schulklassen", "School classes"),
        tag(3, "Fachpublikum", "Professionals"),
    ),
    "catch_words": (
        tag(1, "Handwerk", "Crafts"),
        tag(2, "Musik", "Music"),
        tag(3, "Natur", "Nature"),
        tag(4, "Architektur", "Architecture"),
    ),
    "disablements": (
        tag(1, "stufenlos", "step-free"),
        tag(2, "für Blinde und Sehbehinderte", "for blind and partially sighted guests"),
        tag(3, "für Gehörlose", "for deaf guests"),
    ),
    "grades": (
        tag(1, "Klasse 1–4", "Grades 1–4"),
        tag(2, "Klasse 5–9", "Grades 5–9"),
        tag(3, "Oberstufe", "Upper school"),
    ),
    "proposal_categories": (
        tag(1, "Tipp für Regentage", "For rainy days"),
        tag(2, "Zum ersten Mal hier", "First visit"),
    ),
}

COUNTRIES = {
    60: ("DE", "Deutschland"), 14: ("AT", "Österreich"), 43: ("CH", "Schweiz"), 179: ("PL", "Polen"),
    76: ("FR", "Frankreich"), 80: ("GB", "Vereinigtes Königreich"), 62: ("DK", "Dänemark"),
    166: ("NL", "Niederlande"), 20: ("BE", "Belgien"), 133: ("LU", "Luxemburg"), 57: ("CZ", "Tschechien"),
    200: ("SK", "Slowakei"), 98: ("HU", "Ungarn"), 199: ("SI", "Slowenien"), 96: ("HR", "Kroatien"),
    110: ("IT", "Italien"), 68: ("ES", "Spanien"), 182: ("PT", "Portugal"), 101: ("IE", "Irland"),
    197: ("SE", "Schweden"), 167: ("NO", "Norwegen"), 70: ("FI", "Finnland"), 66: ("EE", "Estland"),
    134: ("LV", "Lettland"), 132: ("LT", "Litauen"), 89: ("GR", "Griechenland"), 22: ("BG", "Bulgarien"),
    188: ("RO", "Rumänien"), 228: ("UA", "Ukraine"), 223: ("TR", "Türkei"), 231: ("US", "Vereinigte Staaten"),
    38: ("CA", "Kanada"),
}  # fmt: skip
GERMANY = 60
STATES = (
    "Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen",
    "Mecklenburg-Vorpommern", "Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen",
    "Sachsen-Anhalt", "Schleswig-Holstein", "Thüringen",
)  # fmt: skip
DISPATCH_MODES = (
    tag(1, "E-Mail", "E-mail"),
    tag(2, "Post", "Post"),
    tag(3, "Abholung im Museum", "Collection at the museum"),
)
SALUTATIONS = (tag(1, "Frau", "Ms"), tag(2, "Herr", "Mr"), tag(3, "Keine Anrede", "No salutation"))
NEWSLETTERS = (
    tag(1, "Monatsbrief", "Monthly letter"),
    tag(8, "Konzerte im Klangarchiv", "Concerts at the Archive of Sound"),
    tag(9, "Für Schulen", "For schools"),
)
