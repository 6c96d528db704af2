"""Prints and scans for the tests: a PDF becomes grey pixels, pixels become codes and measures."""

import random
import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter
from pyzbar import pyzbar

INCH = 25.4
DARK = 128
GRAIN = 6  # the most a pixel is off, of 255


def sheets(pdf: bytes, *, dpi: int = 200, only: Collection[int] = ()) -> list[Image.Image]:
    """Return every page, or `only` some counted from 0, as a printer of this resolution would lay it out."""
    document = pypdfium2.PdfDocument(pdf)
    chosen = only or range(len(document))
    return [document[number].render(scale=dpi / 72, grayscale=True).to_pil() for number in chosen]


def texts(pdf: bytes) -> list[str]:
    """Return the words of every page."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return [" ".join(words.replace("\xa0", " ").split()) for words in pages]


def insides(pdf: bytes) -> bytes:
    """Return the file with its compressed parts laid open."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(_opened(stream) for stream in streams)


def _opened(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def worn(sheet: Image.Image) -> Image.Image:
    """Return the sheet as a tired office printer makes it: grey instead of black, edges blurred."""
    grey = sheet.point(lambda tone: 60 + tone * 140 // 255)
    return grey.filter(ImageFilter.GaussianBlur(0.9))


def photographed(sheet: Image.Image, dice: random.Random) -> Image.Image:
    """Return a worn sheet as a cheap camera sees it: every pixel a little off, the same for the same dice."""
    grain = Image.frombytes("L", sheet.size, dice.randbytes(sheet.width * sheet.height))
    return ImageChops.add(worn(sheet), grain.point(lambda tone: tone * 2 * GRAIN // 255), offset=-GRAIN)


def read_by_zxing(sheet: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(sheet)]


def read_by_zbar(sheet: Image.Image) -> list[str]:
    return [code.data.decode() for code in pyzbar.decode(sheet, symbols=[pyzbar.ZBarSymbol.CODE39])]


@dataclass(frozen=True, slots=True)
class Measured:
    """A code as it lies on paper, in millimetres: bars and spaces from left to right, the white around, the height."""

    runs: list[float]
    white_before: float
    white_after: float
    height: float


def measure(sheet: Image.Image, *, dpi: int) -> Measured:
    """Measure the only code of a sheet along one line through it, in the box down to where its bars end."""
    code = zxingcpp.read_barcodes(sheet)[0].position
    top, bottom = sorted((code.top_left.y, code.bottom_left.y))
    rows = [_runs(sheet, row) for row in range(max(0, top - dpi), min(bottom + dpi, sheet.height))]
    longest = max(map(len, rows))
    barred = [row for row in rows if len(row) == longest]
    line = [count * INCH / dpi for _dark, count in barred[len(barred) // 2]]
    return Measured(line[1:-1], line[0], line[-1], len(barred) * INCH / dpi)


def _runs(sheet: Image.Image, row: int) -> list[tuple[bool, int]]:
    """Light and dark runs of a row of pixels, starting with light."""
    tones = sheet.crop((0, row, sheet.width, row + 1)).tobytes()
    return [(dark, len(list(run))) for dark, run in groupby(tones, key=lambda tone: tone < DARK)]
