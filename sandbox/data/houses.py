"""The museums: texts in German and English, address, closing day, opening minutes, picture."""

from dataclasses import dataclass

Words = dict[str, str]
MO, TU, WE, TH, FR, SA, SU = range(7)


@dataclass(frozen=True, slots=True)
class House:
    id: int
    title: Words
    sub_title: Words
    description: Words
    street: str
    zip_code: str
    latitude: float
    longitude: float
    closed_on: int
    opens: int  # minutes of the day
    closes: int
    picture: str
    alt: Words
    credit: str
    late: tuple[int, int] | None = None  # a weekday on which it closes later, and when

    def closes_on(self, weekday: int) -> int:
        return self.late[1] if self.late and self.late[0] == weekday else self.closes


HOUSES = [
    House(
        1,
        {"de": "Haus der Gefäße", "en": "House of Vessels"},
        {"de": "Keramik, Glas & Porzellan", "en": "Ceramics, glass & porcelain"},
        {
            "de": "<p>Sechs Jahrhunderte Ton, Glas und Porzellan in einer früheren Brauerei.<br>"
            "Im Hof steht ein <strong>begehbarer Brennofen</strong>.</p>"
            "<p>Für den Besuch sollten Sie etwa 90&nbsp;Minuten einplanen.</p>",
            "en": "<p>Six centuries of clay, glass and porcelain in a former brewery.<br>"
            "A <strong>walk-in kiln</strong> stands in the courtyard.</p>"
            "<p>Allow about 90&nbsp;minutes for your visit.</p>",
        },
        "Kastanienallee 12",
        "10435",
        52.5390,
        13.4103,
        MO,
        600,
        1080,
        "schalen",
        {"de": "Gefäße aus Ton vor dunkelgrüner Wand", "en": "Clay vessels before a dark green wall"},
        "Studio Lindqvist",
    ),
    House(
        2,
        {"de": "Sammlung am Kanal", "en": "Collection on the Canal"},
        {"de": "Malerei nach 1945", "en": "Painting after 1945"},
        {
            "de": "<p>Große Leinwände in einer umgebauten Druckerei am Wasser. "
            "Samstags spielt im Café ein Trio.</p>",
            "en": "<p>Large canvases in a converted print works by the water. "
            "A trio plays in the café on Saturdays.</p>",
        },
        "Paul-Lincke-Ufer 40",
        "10999",
        52.4949,
        13.4306,
        TU,
        660,
        1200,
        "felder",
        {"de": "Farbfelder in Orange, Creme und Violett", "en": "Fields of orange, cream and violet"},
        "Archiv Kanal",
        (TH, 1320),
    ),
    House(
        3,
        {"de": "Architekturkabinett", "en": "Cabinet of Architecture"},
        {"de": "Modelle, Pläne, Fragmente", "en": "Models, plans, fragments"},
        {
            "de": "<p>Entwürfe für Städte, die es nie gab, und Modelle derer, die es gibt.</p>"
            "<ul><li>Lesesaal im 2. Stock</li><li>Aufzug vorhanden</li></ul>",
            "en": "<p>Designs for cities that never were, and models of those that are.</p>"
            "<ul><li>Reading room on the 2nd floor</li><li>Lift available</li></ul>",
        },
        "Tucholskystraße 7",
        "10117",
        52.5262,
        13.3931,
        MO,
        600,
        1080,
        "arkade",
        {"de": "Arkaden in flachem Abendlicht", "en": "Arcades in low evening light"},
        "Kabinett",
    ),
    House(
        4,
        {"de": "Museum der Meere", "en": "Museum of the Seas"},
        {"de": "Naturkunde im alten Wasserwerk", "en": "Natural history in the old waterworks"},
        {
            "de": "<p>Vom Ammoniten bis zum Forschungstauchboot. Kinder dürfen hier <em>fast</em> alles anfassen.</p>",
            "en": "<p>From the ammonite to the research submarine. Children may touch <em>almost</em> everything.</p>",
        },
        "Puschkinallee 3",
        "12435",
        52.4931,
        13.4589,
        WE,
        540,
        1080,
        "ammonit",
        {"de": "Großer versteinerter Ammonit", "en": "A large fossil ammonite"},
        "Sammlung Treptow",
    ),
    House(
        5,
        {"de": "Lichthaus", "en": "House of Light"},
        {"de": "Räume, Spiegel, Schatten", "en": "Rooms, mirrors, shadows"},
        {
            "de": "<p>Begehbare Lichträume. Bitte beachten Sie: Einige Räume flackern.</p>",
            "en": "<p>Rooms of light to walk through. Please note that some of them flicker.</p>",
        },
        "Invalidenstraße 90",
        "10115",
        52.5302,
        13.3826,
        TH,
        720,
        1260,
        "apertur",
        {
            "de": "Zwei Besucher vor einer leuchtenden runden Öffnung in einem roten Raum",
            "en": "Two visitors before a glowing round opening in a red room",
        },
        "Ateliers Nordlicht",
    ),
    House(
        6,
        {"de": "Textilwerk", "en": "The Weaving Works"},
        {"de": "Weben, Färben, Tragen", "en": "Weaving, dyeing, wearing"},
        {
            "de": "<p>Webstühle, die jeden Nachmittag laufen, und Kleider, die Geschichte gemacht haben.</p>",
            "en": "<p>Looms that run every afternoon, and clothes that made history.</p>",
        },
        "Rudolfstraße 5",
        "10245",
        52.5049,
        13.4522,
        MO,
        600,
        1080,
        "gewebe",
        {"de": "Gewebe aus roten und blauen Fäden", "en": "Fabric of red and blue threads"},
        "Textilwerk, Łódź",
    ),
    House(
        7,
        {"de": "Klangarchiv", "en": "Archive of Sound"},
        {"de": "Instrumente und Aufnahmen", "en": "Instruments and recordings"},
        {
            "de": "<p>Achttausend Instrumente, ein Konzertsaal und der leiseste Raum der Stadt.</p>",
            "en": "<p>Eight thousand instruments, a concert hall and the quietest room in town.</p>",
        },
        "Nalepastraße 18",
        "12459",
        52.4869,
        13.5018,
        TU,
        600,
        1140,
        "takt",
        {"de": "Rhythmische Streifen in Schwarz und Gelb", "en": "Rhythmic stripes in black and yellow"},
        "Klangarchiv",
    ),
]
