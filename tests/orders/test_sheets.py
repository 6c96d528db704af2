"""Print-at-home sheets, judged as the door judges them: by scanners and by a ruler."""

import os
import random
from pathlib import Path

import pypdfium2
import pytest
from django.utils import timezone
from PIL import Image

from orders import printouts
from orders.code39 import NotPrintable
from orders.models import Admission, Order
from tests.orders import paper
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
CODES = ["4034210297633-5", "T123-456-789", "704323341", "A-Z. $/+%0", "X", "1" * 33, "9" * 40]
SHEETS_READ = int(os.environ.get("SHEETS_READ", "3"))
FINE = 600  # dpi, for the ruler


def an_order_with(*codes: str, name: str = "", **fields: str) -> Order:
    order = an_order(language=fields.pop("language", "en"))
    item = order.items.get()
    for field, value in fields.items():
        setattr(item, field, value)
    item.save()
    for position, code in enumerate(codes, start=1):
        Admission.objects.create(item=item, position=position, barcode=code, name=name)
    return order


def test_every_sheet_scans_to_exactly_its_barcode() -> None:
    printout = printouts.render(an_order_with(*CODES))
    pages = paper.sheets(printout.content)
    assert printout.pages == len(pages) == len(CODES)
    assert [paper.read_by_zxing(page) for page in pages] == [[code] for code in CODES]
    assert [paper.read_by_zbar(page) for page in pages] == [[code] for code in CODES]


def test_sheets_of_a_tired_grey_printer_scan() -> None:
    pages = paper.sheets(printouts.render(an_order_with(*CODES[:4])).content, dpi=150)
    assert [paper.read_by_zxing(paper.worn(page)) for page in pages] == [[code] for code in CODES[:4]]


def test_fifty_tickets_of_one_order_scan_everywhere() -> None:
    """Fresh from the printer, and tired, grey and photographed. `SHEETS_READ` of them; all in the nightly run."""
    codes = [f"40342102{number:05}-{number % 10}" for number in range(50)]
    printout = printouts.render(an_order_with(*codes))
    assert printout.pages == 50
    chosen = [number * 50 // SHEETS_READ for number in range(SHEETS_READ)]
    wanted = [[codes[number]] for number in chosen]
    fresh = paper.sheets(printout.content, only=chosen)
    assert [paper.read_by_zxing(page) for page in fresh] == wanted
    assert [paper.read_by_zbar(page) for page in fresh] == wanted
    dice = random.Random(50)
    worn = [paper.photographed(page, dice) for page in paper.sheets(printout.content, dpi=150, only=chosen)]
    assert [paper.read_by_zxing(page) for page in worn] == wanted
    assert [paper.read_by_zbar(page) for page in worn] == wanted


@pytest.mark.parametrize(("code", "x"), [("4034210297633-5", 0.30), ("T123-456-789", 0.30), ("9" * 40, 0.25)])
def test_bars_and_white_are_as_wide_as_promised(code: str, x: float) -> None:
    sheet = paper.sheets(printouts.render(an_order_with(code)).content, dpi=FINE)[0]
    found = paper.measure(sheet, dpi=FINE)
    pixel = paper.INCH / FINE
    assert len(found.runs) == 10 * (len(code) + 2) - 1
    narrow = [run for run in found.runs if run < 2 * x]
    wide = [run for run in found.runs if run >= 2 * x]
    assert all(abs(run - x) <= 1.5 * pixel for run in narrow)
    assert all(abs(run - 3 * x) <= 1.5 * pixel for run in wide)
    assert sum(wide) / len(wide) / (sum(narrow) / len(narrow)) == pytest.approx(3, rel=0.05)
    assert sum(found.runs) == pytest.approx((16 * len(code) + 31) * x, rel=0.005), "nothing scaled it down"
    assert min(found.white_before, found.white_after) >= 10 * x
    assert found.height >= max(10, 0.15 * sum(found.runs))


def test_the_quiet_zone_is_free_of_everything_above_and_below_too() -> None:
    sheet = paper.sheets(printouts.render(an_order_with(CODES[0])).content, dpi=FINE)[0]
    found = paper.measure(sheet, dpi=FINE)
    assert found.white_before > 18 + 10 * 0.3 - 0.1, (
        "the margin of the page and the quiet zone inside the symbol"
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_absurdly_long_texts_stay_on_their_sheet_and_leave_the_code_alone(language: str) -> None:
    long = "Donaudampfschifffahrtsgesellschaft & Söhne " * 10
    order = an_order_with(
        CODES[0],
        name=long[:400],
        language=language,
        title=long,
        visitor=long[:300],
        museum=long[:300],
        address=long,
        after_sale=f"<p>{long * 40}</p>",
    )
    pages = paper.sheets(printouts.render(order).content)
    assert len(pages) == 1
    assert paper.read_by_zxing(pages[0]) == paper.read_by_zbar(pages[0]) == [CODES[0]]


def test_the_sheet_says_what_the_door_and_the_visitor_need() -> None:
    order = an_order_with(
        CODES[0], name="Zażółć Gęślą-Jaźń", title="Erde, Feuer, Hand", museum="Haus der Gefäße", language="de"
    )
    words = paper.texts(printouts.render(order).content)[0]
    at = timezone.localtime(order.items.get().slot_at)
    for wanted in (
        "Haus der Gefäße",
        "Erde, Feuer, Hand",
        "Zażółć Gęślą-Jaźń",
        "14:00",
        "14:30",
        f"{at:%Y}",
        "14,00",
        CODES[0],
        order.number,
    ):
        assert wanted in words, wanted


def test_dates_and_prices_are_in_the_language_of_the_order() -> None:
    english = paper.texts(printouts.render(an_order_with(CODES[0])).content)[0]
    assert "€14.00" in english
    assert "incl. €0.92 VAT (7 %)" in english


def test_the_file_is_tagged_for_screen_readers() -> None:
    content = paper.insides(printouts.render(an_order_with(CODES[0])).content)
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid", b"/Alt"):
        assert mark in content, mark


def test_upstream_words_cannot_fetch_anything(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (40, 40), "red").save(secret)
    order = an_order_with(
        CODES[0], after_sale=f'<p>x</p><img src="{secret.as_uri()}" width="40" height="40">'
    )
    page = pypdfium2.PdfDocument(printouts.render(order).content)[0]
    colours = page.render(scale=1).to_pil().convert("RGB").getcolors(maxcolors=100_000) or []
    assert not [tone for _count, tone in colours if tone[0] > tone[1] + 100], "no red picture was fetched"


def test_a_code_that_cannot_be_scanned_is_not_printed() -> None:
    with pytest.raises(NotPrintable, match="Ü"):
        printouts.render(an_order_with("GRÜN"))


def test_the_sheet_of_one_ticket_says_nothing_of_the_others() -> None:
    order = an_order_with(*CODES[:3])
    second = Admission.objects.get(position=2)
    printout = printouts.render_one(order, second.item_id, second.pk)
    assert printout.pages == 1
    assert paper.read_by_zxing(paper.sheets(printout.content)[0]) == [CODES[1]]
    [words] = paper.texts(printout.content)
    for hidden in (order.number, "€", "of 3", CODES[0], CODES[2]):
        assert hidden not in words
    with pytest.raises(NotPrintable):
        printouts.render_one(order, second.item_id, second.pk + 99)
