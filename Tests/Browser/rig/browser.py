"""People at a real browser: Debian's Chromium, driven by Playwright.

A person finds things as people do, by what they are called. Whatever a page does wrong meanwhile is remembered and fails
the test at its end: errors on the console (violations of the content security policy among them), uncaught exceptions,
answers of 500 and more, and parts of a page that could not be loaded.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, Response, expect, sync_playwright

LOCALES = {"en": "en-GB", "nb": "nb-NO"}
SCREEN = {"width": 1280, "height": 800}
WITHIN = 10_000  # milliseconds until something that should be there counts as missing
INSTALL = "Run scripts/bootstrap --browser, or: sudo apt-get install -y --no-install-recommends chromium fonts-dejavu-core"


class Browser:
    """One Chromium for all tests; each person has a profile of their own in it."""

    def __init__(self) -> None:
        program = shutil.which("chromium")
        if program is None:
            raise RuntimeError(f"chromium is not installed. {INSTALL}")
        self._playwright = sync_playwright().start()
        # Chromium's sandbox does not start for root, as whom tests run in containers.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self._chromium = self._playwright.chromium.launch(executable_path=program, args=sandbox)

    def person(
        self, name: str = "somebody", base: str = "", *, language: str = "en", dark: bool = False,
        javascript: bool = True, like: "Person | None" = None,
    ) -> "Person":
        """A fresh profile; `like` takes somebody's cookies over, as a second window of the same person would."""
        context = self._chromium.new_context(
            base_url=base or None, locale=LOCALES[language], color_scheme="dark" if dark else "light",
            java_script_enabled=javascript, viewport=SCREEN, timezone_id="Europe/Oslo", reduced_motion="reduce",
            storage_state=like.context.storage_state() if like else None)
        context.set_default_timeout(WITHIN)
        return Person(name, context.new_page(), base)

    def close(self) -> None:
        self._chromium.close()
        self._playwright.stop()


class Part:
    """A page or a part of it, and what one can do there. Names are whole names unless a pattern is given."""

    def __init__(self, page: Page, root: Page | Locator) -> None:
        self.page = page
        self.root = root

    # Looking

    def part(self, role: str, name: str | re.Pattern | None = None) -> "Part":
        """A region, table, row, dialog, form, list item … by its role and name."""
        return Part(self.page, self._by_role(role, name))

    def row(self, *texts: str) -> "Part":
        """The one row of a table that shows all these texts."""
        found = self.root.get_by_role("row")
        for text in texts:
            found = found.filter(has_text=text)
        return Part(self.page, found)

    def sees(self, text: str | re.Pattern, within: float = WITHIN / 1000) -> Self:
        expect(self.root.get_by_text(text).first).to_be_visible(timeout=within * 1000)
        return self

    def sees_not(self, text: str | re.Pattern, within: float = WITHIN / 1000) -> Self:
        """Waits until the text is gone."""
        expect(self.root.get_by_text(text).filter(visible=True)).to_have_count(0, timeout=within * 1000)
        return self

    def sees_a(self, role: str, name: str | re.Pattern | None = None, within: float = WITHIN / 1000) -> Self:
        expect(self._by_role(role, name).first).to_be_visible(timeout=within * 1000)
        return self

    def sees_no(self, role: str, name: str | re.Pattern | None = None, within: float = WITHIN / 1000) -> Self:
        expect(self._by_role(role, name).filter(visible=True)).to_have_count(0, timeout=within * 1000)
        return self

    def count(self, role: str, name: str | re.Pattern | None = None) -> int:
        return self._by_role(role, name).count()

    def text(self) -> str:
        """What stands here, as it is shown."""
        return (self.root.locator("body") if isinstance(self.root, Page) else self.root).inner_text()

    def value(self, label: str) -> str:
        return self._field(label).input_value()

    def is_ticked(self, label: str) -> bool:
        return self._field(label).is_checked()

    # Doing

    def fill(self, label: str, text: str) -> Self:
        self._field(label).fill(text)
        return self

    def choose(self, label: str, option: str) -> Self:
        """Of a list: the option with this text."""
        self._field(label).select_option(label=option)
        return self

    def tick(self, label: str) -> Self:
        """A box, or one of several choices."""
        self._field(label).check()
        return self

    def untick(self, label: str) -> Self:
        self._field(label).uncheck()
        return self

    def attach(self, label: str, file: Path) -> Self:
        self._field(label).set_input_files(file)
        return self

    def press(self, name: str | re.Pattern) -> Self:
        self._by_role("button", name).click()
        return self

    def follow(self, name: str | re.Pattern) -> Self:
        self._by_role("link", name).click()
        return self

    def download(self, name: str | re.Pattern) -> bytes:
        """What a link or a button of this name gives to save."""
        with self.page.expect_download() as waiting:
            self._by_role("link", name).or_(self._by_role("button", name)).click()
        return Path(waiting.value.path()).read_bytes()

    def _field(self, label: str) -> Locator:
        return self.root.get_by_label(label, exact=True)

    def _by_role(self, role: str, name: str | re.Pattern | None) -> Locator:
        if name is None:
            return self.root.get_by_role(role)
        return self.root.get_by_role(role, name=name, exact=isinstance(name, str))


class Person(Part):
    """Somebody with a browser of their own."""

    def __init__(self, name: str, page: Page, base: str) -> None:
        super().__init__(page, page)
        self.name = name
        self.base = base
        self.context = page.context
        self.trouble: list[str] = []
        self._forgiven: list[re.Pattern] = []
        self._watch(page)

    # Going places

    @property
    def address(self) -> str:
        return self.page.url

    def visit(self, address: str) -> Response:
        """Goes to an address, or to a path below the person's base, and returns the answer."""
        answer = self.page.goto(urljoin(self.base, address))
        assert answer is not None, f"{address} is where {self.name} is already"
        return answer

    def reload(self) -> Response | None:
        return self.page.reload()

    def back(self) -> None:
        self.page.go_back()

    def is_at(self, address: str | re.Pattern | Callable[[str], bool], within: float = WITHIN / 1000) -> Self:
        """Waits until the address is this one: whole, a path with * and **, or a pattern."""
        self.page.wait_for_url(address, timeout=within * 1000)
        return self

    def is_on(self, heading: str | re.Pattern, within: float = WITHIN / 1000) -> Self:
        """Waits until the page with this heading is there."""
        found = self.page.get_by_role("heading", name=heading, level=1, exact=isinstance(heading, str))
        expect(found).to_be_visible(timeout=within * 1000)
        return self

    # The keyboard

    def key(self, *keys: str) -> Self:
        """Keys by their names: Tab, Shift+Tab, Enter, Space, Escape, ArrowDown …"""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def focused(self) -> str:
        """What has the focus, by its accessible role and name, such as `button "Sign in"`."""
        words = self.page.locator(":focus").aria_snapshot().removeprefix("- ").splitlines()
        return words[0].rstrip(":") if words else ""

    # What went wrong meanwhile

    def forgives(self, pattern: str) -> Self:
        """Trouble that a test causes on purpose, as a regular expression."""
        self._forgiven.append(re.compile(pattern))
        return self

    def unforgiven(self) -> list[str]:
        return [trouble for trouble in self.trouble if not any(known.search(trouble) for known in self._forgiven)]

    def close(self) -> None:
        self.context.close()

    def _watch(self, page: Page) -> None:
        def console(message):
            # What could not be loaded is told by its answer, below, with its address.
            if message.type == "error" and not message.text.startswith("Failed to load resource"):
                self._note(f"console: {message.text}")

        def response(answer):
            # A page may refuse; its parts may not.
            limit = 500 if answer.request.resource_type in ("document", "fetch", "xhr", "eventsource") else 400
            if answer.status >= limit:
                self._note(f"answer {answer.status}: {answer.request.method} {answer.url}")

        def failed(request):
            # Leaving a page ends what it was loading.
            if request.failure != "net::ERR_ABORTED":
                self._note(f"not loaded ({request.failure}): {request.method} {request.url}")

        page.on("console", console)
        def dialog(box):
            # No page of ours opens any: somebody's script would.
            self._note(f"dialog: {box.message}")
            box.dismiss()

        page.on("pageerror", lambda error: self._note(f"exception: {error}"))
        page.on("dialog", dialog)
        page.context.on("response", response)
        page.context.on("requestfailed", failed)

    def _note(self, trouble: str) -> None:
        self.trouble.append(f"{trouble} (on {self.page.url})")
