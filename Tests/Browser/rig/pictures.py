"""Pictures of every page, for people to look at: light, dark, on a phone, and in Norwegian."""

import os
import re
from pathlib import Path

from .browser import SCREEN, Browser, Person

PHONE = {"width": 390, "height": 844}
REPOSITORY = Path(__file__).resolve().parents[3]


def folder() -> Path:
    chosen = os.environ.get("LOOPSYNC_SCREENSHOTS")
    return Path(chosen) if chosen else REPOSITORY / os.environ.get("LOOPSYNC_SCRATCH", ".build") / "screenshots"


class Pictures:
    """An album of one walk through the pages: name-variant.png."""

    def __init__(self, browser: Browser, into: Path, language_cookie: str | None = None) -> None:
        self.browser = browser
        self.folder = into
        self.language_cookie = language_cookie
        self.names: list[str] = []
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, person: Person, name: str, norwegian: bool = True) -> None:
        """Takes the page the person is on. The Norwegian one is the same address in another window, so a page that only
        an answer to a form shows has none: `norwegian=False`."""
        assert re.fullmatch(r"[a-z0-9-]+", name), f"'{name}' is no name for a file"
        assert name not in self.names, f"there is a picture '{name}' already"
        self.names.append(name)
        page = person.page
        try:
            page.emulate_media(color_scheme="light")
            self._shoot(person, name, "light")
            page.emulate_media(color_scheme="dark")
            self._shoot(person, name, "dark")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(PHONE)
            self._shoot(person, name, "phone")
        finally:
            page.set_viewport_size(SCREEN)
            page.emulate_media(color_scheme=None)
        if norwegian:
            self._take_norwegian(person, name)

    def _take_norwegian(self, person: Person, name: str) -> None:
        other = self.browser.person(person.name, person.base, language="nb", like=person)
        try:
            if self.language_cookie:
                other.context.add_cookies([{"name": self.language_cookie, "value": "nb", "url": person.address}])
            other.visit(person.address)
            self._shoot(other, name, "nb")
            person.trouble += other.trouble
        finally:
            other.close()

    def _shoot(self, person: Person, name: str, variant: str) -> None:
        # A long page takes its time.
        path = self.folder / f"{name}-{variant}.png"
        person.page.screenshot(path=path, full_page=True, timeout=60_000)
