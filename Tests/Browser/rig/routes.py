"""The addresses of the program's pages, as its sources declare them."""

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[3] / "Sources"
# Answers that are no pages.
NO_PAGES = {
    "/o/{organization}/events", "/o/{organization}/setup/{setup}/mapping/csv", "/sign-in/{provider}/callback",
    "/setup/{kind}/callback"}
BELOW = re.compile(r'PageRoute\.of\(\s*\.get,\s*"([^"]*)"')
ABOVE = re.compile(r'PageRoute\(\s*\.get,\s*"(/[^"]*)"')
# Addresses that the program puts together, and what stands in them.
PUT_TOGETHER = {"leavers/\\(act.rawValue)": ["leavers/hand", "leavers/cancel"]}


def routes() -> list[str]:
    """The address of every page."""
    found: set[str] = set()
    for source in sorted((SOURCES / "Portal" / "Pages").rglob("*.swift")):
        text = source.read_text()
        found |= set(ABOVE.findall(text))
        for path in BELOW.findall(text):
            found |= {f"/o/{{organization}}/{each}".rstrip("/") for each in PUT_TOGETHER.get(path, [path])}
    return sorted(found - NO_PAGES)
