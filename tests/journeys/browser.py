"""A visitor's browser: headless Chromium that notices what a person would not forgive.

Every visit watches for script errors, blocked content, answers of 500 and requests to anyone but the shop.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response, expect

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1200, "height": 900}
TIMEOUT = 15_000  # milliseconds
expect.set_options(timeout=TIMEOUT)
_seen: set[tuple[Any, ...]] = set()  # what axe has found nothing against: it takes a second each time
SHOTS = os.environ.get("SCREENSHOTS")  # a folder: every checked page is photographed into it


def launch(playwright: Playwright) -> Browser:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "The browser journeys need Chromium: apt-get install chromium"
    quiet = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", *quiet])


@dataclass
class Visit:
    """One visitor's window. `trouble` must stay empty."""

    page: Page
    base_url: str
    name: str
    script: bool
    inspector: Page
    trouble: list[str] = field(default_factory=list)
    shots: int = 0

    def go(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form is answered 422 on purpose, and Chromium logs every status of 400 and more.
        if message.type == "error" and "status of 4" not in message.text:
            self.trouble.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        if urlsplit(request.url).netloc != urlsplit(self.base_url).netloc:
            self.trouble.append(f"third party: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status}: {response.url}")

    def check(self, label: str) -> None:
        """The page as it stands is accessible, fits its window and caused no trouble."""
        self.page.wait_for_load_state()
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        assert not self.trouble, self.trouble
        self.photograph(label)
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{label}: {wide} px wider than the window"
        if self._is_new(label):
            assert self.findings() == [], label

    def _is_new(self, label: str) -> bool:
        """Has axe not seen this page yet, in this language, width and light, with or without scripts?"""
        dark = "matchMedia('(prefers-color-scheme: dark)').matches"
        page = self.page.evaluate(f"[document.title, document.documentElement.lang, innerWidth, {dark}]")
        key = (label, self.script, *page)
        new = key not in _seen
        _seen.add(key)
        return new

    def findings(self) -> list[str]:
        """What axe-core has against the page. It needs scripts itself: a page without them is shown to it again."""
        page = self.page if self.script else self._shown_again()
        before = len(self.trouble)
        page.evaluate(AXE + ";0")
        result: dict[str, Any] = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            TAGS,
        )
        # Axe reads style sheets through styles of its own, which the policy refuses.
        del self.trouble[before:]
        return [
            f"{rule['id']}: {json.dumps([node['html'][:160] for node in rule['nodes']])}"
            for rule in result["violations"]
        ]

    def _shown_again(self) -> Page:
        """The very same HTML in a window that runs scripts, but none of the shop's."""
        html, address = self.page.content(), self.page.url
        self.inspector.unroute_all()
        self.inspector.route("**/*.js", lambda route: route.abort())
        self.inspector.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        self.inspector.goto(address)
        return self.inspector

    def photograph(self, label: str) -> None:
        if SHOTS:
            self.shots += 1
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            before = len(self.trouble)
            self.page.screenshot(path=f"{SHOTS}/{self.name}-{self.shots:02}-{label}.png", full_page=True)
            del self.trouble[before:]  # so does a camera


@contextmanager
def visiting(
    browser: Browser,
    base_url: str,
    *,
    name: str,
    script: bool = True,
    phone: bool = False,
    language: str = "en",
    dark: bool = False,
) -> Iterator[Visit]:
    looks: dict[str, Any] = {
        "viewport": PHONE if phone else DESKTOP,
        "locale": language,
        "color_scheme": "dark" if dark else "light",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(java_script_enabled=script, **looks)
    inspecting = browser.new_context(**looks)
    context.set_default_timeout(TIMEOUT)
    visit = Visit(context.new_page(), base_url, name, script, inspecting.new_page())
    visit.watch()
    try:
        yield visit
        assert not visit.trouble, visit.trouble
    finally:
        context.close()
        inspecting.close()
