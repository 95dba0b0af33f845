"""Whether everybody can use a page: axe-core by the rules of WCAG 2.2 AA, in light and dark, and reflow on a small
screen, which axe does not check."""

from axe_playwright_python.sync_playwright import Axe

from .browser import SCREEN, Part, Person

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# WCAG 1.4.10: nothing may make a page wider than this.
NARROW = {"width": 320, "height": 640}


def violations(person: Person, best_practice: bool = False) -> list[str]:
    """What axe finds on the page as it is, one line for each place."""
    tags = [*WCAG, "best-practice"] if best_practice else WCAG
    found = Axe().run(person.page, options={"runOnly": tags, "resultTypes": ["violations"]}).response
    lines = []
    for violation in found["violations"]:
        for node in violation["nodes"]:
            why = " ".join(part["message"] for kind in ("any", "all", "none") for part in node[kind])
            where = " ".join(str(part) for part in node["target"])
            html = " ".join(node["html"].split())[:160]
            lines.append(f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {where}  {html}\n    {why}")
    return lines


def overflowing(person: Person) -> list[str]:
    """Whether the page must be scrolled sideways when 320 pixels are there, and what sticks out of it."""
    try:
        person.page.set_viewport_size(NARROW)
        wide = person.page.evaluate(
            """() => {
                const root = document.documentElement, limit = root.clientWidth;
                if (root.scrollWidth <= limit) return [];
                // What scrolls by itself, such as a wide table in its frame, is allowed to be wide.
                const framed = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
                    if (getComputedStyle(p).overflowX !== 'visible') return true; };
                const names = [...document.body.querySelectorAll('*')]
                    .filter(e => e.getBoundingClientRect().right > limit + 0.5 && !framed(e))
                    .map(e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.className ? '.' + e.className : ''}`);
                return [`${root.scrollWidth} pixels wide: ${[...new Set(names)].slice(0, 8).join(', ')}`];
            }""")
    finally:
        person.page.set_viewport_size(SCREEN)
    return [f"reflow (1.4.10): {line}" for line in wide]


def check(person: Person, best_practice: bool = False) -> None:
    """Fails with everything that keeps somebody from using this page."""
    page, problems = person.page, []
    try:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            problems += [f"{scheme}: {line}" for line in violations(person, best_practice)]
    finally:
        page.emulate_media(color_scheme=None)
    problems += overflowing(person)
    assert not problems, f"{person.address} is not accessible ({len(problems)}):\n" + "\n".join(problems)


def landmarks(part: Part) -> str:
    """The page as a screen reader tells it: roles and names, as Playwright's aria snapshot."""
    root = part.root.locator("body") if part.root is part.page else part.root
    return root.aria_snapshot()
