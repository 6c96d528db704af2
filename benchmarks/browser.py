"""What a first visit weighs and how soon something is seen."""

from __future__ import annotations

import re
import statistics

from playwright.sync_api import Browser, sync_playwright

from benchmarks.servers import Server
from tests.journeys.browser import launch

VISITS = 7
PAINT = """new Promise(tell => new PerformanceObserver(seen => {
  const paint = seen.getEntriesByName("first-contentful-paint")[0];
  if (paint) tell(paint.startTime);
}).observe({type: "paint", buffered: true}))"""
LINKED = re.compile(rb'(?:<link rel="stylesheet" href|<script src)="([^"]+)"')


def weight(server: Server, path: str, page: bytes) -> dict[str, int]:
    """Bytes on the wire by address: the page (`page` is its plain text) with its styles and scripts."""
    parts = [path, *(found.decode() for found in LINKED.findall(page))]
    return {part.rsplit("/", 1)[-1] or part: len(server.get(part)[1]) for part in parts}


def first_paint_ms(server: Server, path: str) -> float:
    """Median of first contentful paints, each in a window that knows nothing yet."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            return statistics.median(_paint(browser, server.base_url + path) for _ in range(VISITS))
        finally:
            browser.close()


def _paint(browser: Browser, url: str) -> float:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(url)
        return float(page.evaluate(PAINT))
    finally:
        context.close()
