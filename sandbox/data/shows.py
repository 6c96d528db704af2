"""The exhibitions: run dates in days from today; none means permanent."""

from dataclasses import dataclass

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Show:
    id: int
    house: int
    title: Words
    sub_title: Words
    teaser: Words
    run: tuple[int, int] | None  # first and last day, counted from today
    picture: str
    alt: Words
    credit: str
    featured: bool = False


def words(de: str, en: str) -> Words:
    return {"de": de, "en": en}


VESSELS = words("Gefäße aus Ton vor dunkelgrüner Wand", "Clay vessels before a dark green wall")
FIELDS = words("Farbfelder in Orange, Creme und Violett", "Fields of orange, cream and violet")
ARCADES = words("Arkaden in flachem Abendlicht", "Arcades in low evening light")
FOSSIL = words("Großer versteinerter Ammonit", "A large fossil ammonite")
OPENING = words("Leuchtende runde Öffnung in einem roten Raum", "A glowing round opening in a red room")
FABRIC = words("Gewebe aus roten und blauen Fäden", "Fabric of red and blue threads")
STRIPES = words("Rhythmische Streifen", "Rhythmic stripes")
SPHERE = words("Eine Kugel in weichem Licht", "A sphere in soft light")

SHOWS = [
    Show(11, 1, words("Erde, Feuer, Hand", "Earth, Fire, Hand"),
         words("Keramik aus sechs Jahrhunderten", "Ceramics from six centuries"),
         words("Vom ersten Töpferrad bis zum letzten Brand: sechs Jahrhunderte Keramik. Die Karte gilt am selben "
               "Tag auch für die Dauerausstellung.",
               "From the first wheel to the last kiln: six centuries of ceramics. Your ticket also admits you to "
               "the permanent collection on the same day."),
         (-40, 56), "schalen", VESSELS, "Studio Lindqvist", featured=True),
    Show(12, 1, words("Glas, das atmet", "Glass that Breathes"),
         words("Dauerausstellung", "Permanent collection"),
         words("Mundgeblasen, geschliffen, zerbrochen, geklebt.", "Blown, cut, broken, mended."),
         None, "kugel", SPHERE, "Museum der Meere"),
    Show(21, 2, words("Farbe als Raum", "Colour as Space"),
         words("Malerei 1950&ndash;1975", "Painting 1950&ndash;1975"),
         words("Bilder, vor denen man stehen bleibt, bis sie sich bewegen.",
               "Pictures you stand before until they begin to move."),
         (-20, 98), "felder", FIELDS, "Archiv Kanal", featured=True),
    Show(22, 2, words("Atelier Marschall", "Studio Marschall"),
         words("Ein Werkblock", "A body of work"),
         words("Zweiundzwanzig Gemälde, ein Tisch, ein Pinsel.", "Twenty-two paintings, one table, one brush."),
         (12, 120), "takt", STRIPES, "Klangarchiv"),
    Show(31, 3, words("Arkaden. Die Stadt, die nie gebaut wurde", "Arcades. The City that Was Never Built"),
         words("Dauerausstellung", "Permanent collection"),
         words("Dreizehn Modelle, ein Wettbewerb, kein Gewinner.", "Thirteen models, one competition, no winner."),
         None, "arkade", ARCADES, "Kabinett", featured=True),
    Show(32, 3, words("Beton und Geduld", "Concrete and Patience"),
         words("Bauen nach dem Krieg", "Building after the war"),
         words("Wie aus Trümmern Siedlungen wurden.", "How rubble became housing."),
         (-80, 9), "apertur", OPENING, "Ateliers Nordlicht"),
    Show(41, 4, words("Tiefe Zeit", "Deep Time"),
         words("400 Millionen Jahre Meer", "400 million years of sea"),
         words("Ein Spaziergang am Grund eines Ozeans, den es nicht mehr gibt.",
               "A walk on the floor of an ocean that no longer exists."),
         (-120, 160), "ammonit", FOSSIL, "Sammlung Treptow", featured=True),
    Show(42, 4, words("Wal, Wind und Welle", "Whale, Wind and Wave"),
         words("Mitmachausstellung für Kinder", "Hands-on exhibition for children"),
         words("Für alle ab vier Jahren.", "For everyone from the age of four."),
         (-10, 75), "kugel", SPHERE, "Museum der Meere"),
    Show(51, 5, words("Die rote Öffnung", "The Red Aperture"),
         words("Begehbare Lichträume", "Rooms of light"),
         words("Ein Raum, der größer wird, je länger man bleibt.",
               "A room that grows the longer you stay."),
         (-5, 45), "apertur", OPENING, "Ateliers Nordlicht", featured=True),
    Show(52, 5, words("Schattenspiele", "Shadow Plays"),
         words("Dauerausstellung", "Permanent collection"),
         words("Figuren aus Java, Syrien und Hessen.", "Figures from Java, Syria and Hesse."),
         None, "kugel", SPHERE, "Museum der Meere"),
    Show(61, 6, words("Faden um Faden", "Thread by Thread"),
         words("Tuch aus Łódź und Krefeld", "Cloth from Łódź and Krefeld"),
         words("Zwei Städte, ein Handwerk, viele Umzüge.", "Two cities, one craft, many moves."),
         (-60, 33), "gewebe", FABRIC, "Textilwerk, Łódź"),
    Show(62, 6, words("Die Farbe Blau", "The Colour Blue"),
         words("Vom Waid zum Jeans", "From woad to jeans"),
         words("Warum Blau teuer war und jetzt alle tragen.", "Why blue was dear and is now worn by all."),
         (20, 140), "felder", FIELDS, "Archiv Kanal"),
    Show(71, 7, words("Takt und Stille", "Beat and Silence"),
         words("Ein Rundgang mit Kopfhörern", "A walk with headphones"),
         words("Vom Metronom zur Maschine.", "From metronome to machine."),
         (-30, 20), "takt", STRIPES, "Klangarchiv"),
]  # fmt: skip
