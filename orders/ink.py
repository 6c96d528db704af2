"""A barcode as WeasyPrint finds it in its cache of images: drawn straight into the page, exact to the module.

An SVG of the same bars is read, parsed and translated again on every sheet and costs a quarter of the whole sheet.
"""

from __future__ import annotations

from typing import Any

from orders.code39 import Symbol

PIXELS = 96 / 25.4  # CSS pixels of a millimetre, the unit WeasyPrint draws in


class Bars:
    """One symbol at its true size, quiet zones included; nothing scales it."""

    def __init__(self, symbol: Symbol) -> None:
        self._width, self._height = symbol.width * PIXELS, symbol.height * PIXELS
        unit = symbol.x * PIXELS
        bars = (f"{at * unit:.4f} 0 {wide * unit:.4f} {self._height:.4f} re" for at, wide in symbol.bars)
        self._ink = "\n".join(["0 g", *bars, "f"]).encode()

    def get_intrinsic_size(self, _resolution: object, _font_size: object) -> tuple[float, float, float]:
        """Return width, height and their ratio."""
        return self._width, self._height, self._width / self._height

    def draw(self, stream: Any, _width: float, _height: float, _style: object) -> None:
        """Write the bars into the content of a page, which stands where the symbol begins."""
        stream.stream.append(self._ink)
