"""Every page: looked at in light, dark, on a phone and in Norwegian, and usable by everybody.

The list of pages is the program's own: a page that is added to it is walked to, or this says what the walk lacks.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import binary
from rig import accessible
from rig.graph import Outlook
from rig.portal import OPERATOR, Portal
from rig.routes import SOURCES, routes
from rig.tenant import Tenant
from rig.waiting import wait_until
from rig.when import at


class World:
    """An organization in which every page has something to show."""

    def __init__(self, portal: Portal, sim, folder: Path) -> None:
        self.portal = portal
        office = self.office = portal.organization("nordlys", "Nordlys Arkitekter", Tenant(sim, ()))
        office.connect()
        self.outlook = Outlook(office.tenant)
        self.oslo, self.bergen, self.narvik = office.link("Oslo"), office.link("Bergen"), office.link("Narvik")
        self.trondheim = office.link("Trondheim", capacity=20)
        office.loopbooking.add_room("Bodø", "Europe/Oslo", capacity=4)
        self._a_day_in_oslo()
        self._a_clash()
        self._bergen_is_emptied()
        self._somebody_left()
        office.run("link", "pause", self.trondheim.link)
        for role in ("administrator", "receptionist", "viewer"):
            office.member(role)
        self.invitation = office.invite("kari@nordlys.example", "receptionist")
        self._a_set_up()
        office.run("drift", "check", "Oslo")
        office.run("doctor")
        self._empty = Portal(binary("loopsync"), folder, sim, name="not-begun").start()

    def close(self) -> None:
        self._empty.stop()

    def _a_day_in_oslo(self) -> None:
        office, room = self.office, self.oslo
        self.day = at("09:00", days=1)
        for hours, subject, organizer in (
            (0, "Design review", "Eva Dahl"), (2, "Client: Fjordbyen", "Ola Nord"), (5, "Friday demo", "Eva Dahl")):
            made = office.loopbooking.book(
                room.id, subject, self.day.moved(hours=hours).loopbooking(),
                organizer={"name": organizer, "address": f"{organizer.split()[0].lower()}@{office.tenant.domain}"})
            self.booking = made["id"] if subject == "Design review" else getattr(self, "booking", made["id"])
        self.outlook.write(room.address, "Board meeting", self.day.moved(hours=7).lasting(90))
        self.outlook.write(room.address, "Salary talk", self.day.moved(hours=4), sensitivity="private")
        self.outlook.write(room.address, "Stand-up", self.day.moved(hours=-1).lasting(15), recurrence={
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "endDate", "startDate": self.day.start.date().isoformat(),
                      "endDate": self.day.moved(days=30).start.date().isoformat()}})
        wait_until(lambda: len(office.loopbooking.bookings(room.id)) >= 6, "Oslo's day has crossed", within=40)

    def _a_clash(self) -> None:
        office, room, when = self.office, self.narvik, at("10:00", days=2)
        office.run("link", "pause", room.link)
        office.loopbooking.book(
            room.id, "Workshop", when.loopbooking(), organizer={"name": "Eva Dahl", "address": "eva@nordlys.example"})
        self.outlook.write(room.address, "Interview", when.moved(minutes=30))
        office.run("link", "resume", room.link)
        clashes = wait_until(
            lambda: office.loopbooking.call("GET", "/clashes", params={"state": "open"})["clashes"], "a clash")
        self.clash = clashes[0]["id"]

    def _bergen_is_emptied(self) -> None:
        office, room = self.office, self.bergen
        for number in range(12):
            office.loopbooking.book(room.id, f"Course, part {number + 1}", at("12:00", days=1 + number).loopbooking())
        wait_until(lambda: len(office.events(room)) == 12, "the course has crossed", within=40)
        office.run("link", "pause", room.link)
        self.outlook.empty(room.address)
        office.run("link", "resume", room.link)
        office.settled(room, "stopped")

    def _somebody_left(self) -> None:
        company = self.office.tenant.company
        self.leaver = company.add_person("lars", "Lars Leaver")
        self.office.loopbooking.book(
            self.oslo.id, "Lars & co", at("13:00", days=9).loopbooking(),
            organizer={"name": "Lars Leaver", "address": self.leaver})
        self.office.tenant.sim.delete_user(company.domain, self.leaver)
        self.portal.operator.get(self.office.path("leavers"))
        self.portal.operator.post(self.office.path("leavers/look"))

    def _a_set_up(self) -> None:
        """Bodø is about to be linked, too; and another set-up has just begun."""
        office, operator = self.office, self.portal.operator
        office.tenant.company.add_room("Bodø-ext")
        bodo = office.loopbooking.room_named("Bodø")["id"]
        self.outlook.write(f"bodø-ext@{office.tenant.domain}", "Choir", at("18:00", days=2))
        office.loopbooking.book(bodo, "Night shift", at("22:00", days=2).loopbooking())
        office.loopbooking.book(bodo, "Yoga", at("18:30", days=2).loopbooking())
        operator.get(office.path("setup"))
        operator.post(office.path("setup"), kind="microsoft", name="Second tenant")
        self.begun = re.search(r"/setup/([\w-]+)/prerequisites", operator.text)[1]
        self.setup = self.linked(office.path("setup"), rf"/setup/((?!{self.begun})[\w-]+)/mapping")
        base = office.path(f"setup/{self.setup}")
        operator.get(f"{base}/rooms")
        operator.post(f"{base}/rooms")
        page = operator.get(f"{base}/mapping")
        operator.post(f"{base}/mapping", **{
            "revision": re.search(r'name="revision" value="(\d+)"', page)[1], f"before.{bodo}": "",
            f"resource.{bodo}": f"bodø-ext@{office.tenant.domain}"})
        operator.get(f"{base}/preview")
        operator.post(f"{base}/preview")
        self.mapped = bodo
        wait_until(lambda: f"preview/{bodo}" in operator.get(f"{base}/preview"), "the preview is there", within=40)

    # What stands in addresses

    def linked(self, page: str, pattern: str) -> str:
        """The first part of an address on a page of the operator's that looks like this."""
        found = re.search(pattern, self.portal.operator.get(page))
        assert found, f"{page} leads nowhere that looks like {pattern}"
        return found[1]

    def address(self, route: str) -> str:
        """A page's address with something real in it."""
        office = self.office
        base = office.path()
        below = route.removeprefix("/o/{organization}/")
        known: dict[str, Callable[[], str]] = {
            "organization": lambda: office.id, "customer": lambda: office.id,
            "room": lambda: self.mapped if "/preview" in route else self.oslo.id,
            "link": lambda: (self.bergen if "/held" in route else self.oslo).link, "way": lambda: "restore",
            "id": lambda: self.clash if below.startswith("clashes") else self.booking,
            "account": lambda: self.linked("/operator/accounts", r"/operator/accounts/([\w-]+)\">Rita"),
            "member": lambda: self.linked(f"{base}/members", rf"{base}/members/([\w-]+)\">Rita"),
            "token": lambda: self.linked(f"{base}/tokens", rf"{base}/tokens/([\w-]+)/revoke"),
            "run": lambda: self.linked(f"{base}/doctor", rf"{base}/doctor/runs/([\w-]+)"),
            "setup": lambda: self.begun if route.endswith(("/drop", "/prerequisites")) else self.setup,
            "secret": lambda: self.secret(route),
        }

        def fill(found: re.Match) -> str:
            assert found[1] in known, f"the walk knows no {{{found[1]}}} for {route}"
            return known[found[1]]()

        query = {f"{base}/rooms": f"?date={self.day.start.date()}", f"{base}/leavers/": f"?person={self.leaver}"}
        address = re.sub(r"\{(\w+)\}", fill, route)
        return address + next((more for start, more in query.items() if address.startswith(start)), "")

    def secret(self, route: str) -> str:
        if route.startswith("/invitation"):
            return self.invitation.rpartition("/")[2]
        if route.startswith("/new-password"):
            said = self.portal.run("account", "reset", OPERATOR).text
            return re.search(r"/new-password/(\S+)", said)[1]
        return self._empty.welcome.rpartition("/")[2]


@pytest.fixture(scope="module")
def world(portal, sim, folder) -> World:
    world = World(portal, sim, folder)
    yield world
    world.close()


def name_of(route: str) -> str:
    """A file's name for a page."""
    return re.sub(r"[^a-z0-9]+", "-", route.removeprefix("/o/{organization}").lower()).strip("-") or (
        "dashboard" if route.startswith("/o/") else "start")


# Not signed in, or on pages of somebody else.
STRANGERS = ("/sign-in", "/invitation", "/new-password", "/welcome")


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.replace("/o/{organization}", "") or "dashboard")
def test_a_page_is_for_everybody(world, signed_in, new_person, pictures, route):
    is_strangers = route.startswith(STRANGERS)
    base = world._empty.url if route.startswith("/welcome") else world.portal.url
    olga = new_person("stranger", base) if is_strangers else signed_in(OPERATOR)
    answer = olga.visit(base + world.address(route))
    assert answer.status == 200, f"{route} is answered with {answer.status}"
    look(olga, pictures, name_of(route))


def look(person, pictures, name: str) -> None:
    assert person.page.get_by_role("heading", level=1).count() == 1
    assert_no_keys(person)
    accessible.check(person, best_practice=True)
    pictures.take(person, name)


def areas() -> set[str]:
    """How the keys of words begin."""
    folder = SOURCES / "CPortalFiles" / "Words"
    return {key.split(".")[0] for file in folder.glob("*.words") for key in re.findall(r"^\[(.+)\]", file.read_text(), re.M)}


def assert_no_keys(person) -> None:
    """Nobody reads a key in place of its words, or a template's braces."""
    text = person.page.evaluate("""() => {
        const found = [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap(e =>
            ['aria-label', 'title', 'placeholder'].map(name => e.getAttribute(name) ?? ''));
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode())
            if (!walker.currentNode.parentElement.closest('code, pre')) found.push(walker.currentNode.data);
        return found.join('\\n');
    }""")
    keys = [word for word in re.findall(r"\b[a-z][A-Za-z]*(?:\.[A-Za-z][A-Za-z-]*)+\b", text) if word.split(".")[0] in areas()]
    # An API's words, and addresses, have dots as well.
    keys = [key for key in keys if not key.endswith((".example", ".com"))]
    assert not keys and "{{" not in text and "}}" not in text, f"{person.address} shows {keys}"


# Pages in another state, and what people see when something is wrong


def test_the_wall_and_other_days(world, signed_in, pictures):
    olga = signed_in(OPERATOR)
    for name, path in (
        ("wall", "?view=wall"), ("bookings-found", "/bookings?q=Eva"), ("bookings-none", "/bookings?q=nobody"),
        ("clashes-all", "/clashes?state=all"), ("room-stopped", f"/rooms/{world.bergen.id}"),
        ("room-paused", f"/rooms/{world.trondheim.id}"), ("dashboard-paused", "?show=paused"),
    ):
        olga.visit(world.office.path() + path)
        look(olga, pictures, name)


def test_an_organization_without_anything(portal, signed_in, pictures):
    bare = portal.organization("bare-pictures", "Bare Pictures")
    ada = signed_in(bare.member("administrator"))
    for name in ("", "bookings", "clashes", "drift", "queue", "leavers", "doctor", "tokens", "audit"):
        ada.visit(bare.path(name))
        look(ada, pictures, f"bare-{name or 'dashboard'}")


def test_what_is_not_there_and_what_is_not_allowed(world, signed_in, pictures):
    vera = signed_in(world.office.member("viewer"))
    for name, path, status in (("not-found", "rooms/none", 404), ("forbidden", "members", 403)):
        assert vera.visit(world.office.path(path)).status == status
        look(vera, pictures, name)
