"""A company that uses the product: loopsim behind it, the service running, rooms linked."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .company import OUTLOOK_CLIENT, PASSWORD, SYNC_CLIENT, Company
from .loopbooking import LoopBooking
from .loopsim import Loopsim
from .loopsync import Loopsync
from .meeting import Seen
from .outlook import OutlookO365, OutlookSDK
from .recurrence import Repeats
from .waiting import wait_until
from .when import When


def token_of(answer) -> str:
    """The API token in the answer of `loopsync token add --json`."""
    return answer["token"]


@dataclass
class LinkedRoom:
    """A room on both sides: "Oslo" and "Oslo-ext"."""

    office: "Office"
    name: str
    id: str
    resource: str
    address: str
    link: str

    # The LoopBooking side

    def book(self, subject: str, when: When, **more) -> dict:
        return self.office.loopbooking.book(self.id, subject, when.loopbooking(), **more)

    def book_series(self, subject: str, when: When, repeats: Repeats, **more) -> dict:
        recurrence = {**repeats.loopbooking(), **more.pop("recurrence", {})}
        return self.office.loopbooking.book(self.id, subject, when.loopbooking(), recurrence=recurrence, **more)

    def bookings(self, status: str | None = None) -> list[dict]:
        return self.office.loopbooking.bookings(self.id, status=status)

    def booking(self, subject: str) -> dict | None:
        """The one booking with this subject; fails when there are several that hold the room."""
        found = [booking for booking in self.bookings() if booking["subject"] == subject]
        held = [booking for booking in found if booking["status"] in ("confirmed", "pending")]
        assert len(held) <= 1, f"{len(held)} bookings of '{subject}'"
        return (held or found or [None])[-1]

    # The calendar side, as loopsim knows it

    def events(self) -> list[dict]:
        return [event for event in self.office.sim.events(self.address) if not event.get("isCancelled")]

    # The sync, which runs by itself

    def settled(self, condition: Callable[[], object], what: str, within: float = 25.0):
        """Waits until the condition holds, and returns what it answered."""
        try:
            return wait_until(condition, what, within=within)
        except AssertionError as missing:
            raise AssertionError(f"{missing}\n{self.story()}") from None

    def paused(self) -> "Paused":
        return Paused(self)

    def status(self) -> dict:
        """The link's condition, as the operator sees it."""
        return next(link for link in self.office.loopbooking.call("GET", "/links")["links"] if link["id"] == self.link)

    def condition(self) -> str:
        return self.status()["condition"]

    def remove(self) -> None:
        self.office.operator.run("link", "remove", self.link)

    def story(self) -> str:
        """Both sides and the link's condition, for a failure's message."""
        bookings = [
            f"  {booking['status']:10} {booking['subject']!r} {booking.get('start') or booking.get('startDate')}"
            f" {booking['reason'] or ''}" for booking in self.bookings()]
        events = [
            f"  {event.get('showAs')} {event.get('subject')!r} {event['start']}"
            f"{' cancelled' if event.get('isCancelled') else ''} tag {event.get('loopsimTag')}"
            for event in self.office.sim.events(self.address)]
        return "\n".join(["LoopBooking:", *bookings, self.address, *events, f"link: {self.status()}"])


class Paused:
    """While it lasts, neither side hears of the other."""

    def __init__(self, room: LinkedRoom):
        self.room = room

    def __enter__(self):
        self.room.office.operator.do("link", "pause", self.room.link)
        return self.room

    def __exit__(self, *failure):
        self.room.office.operator.do("link", "resume", self.room.link)


class Office:
    """Session-wide: one tenant, one service, as many rooms as there are tests."""

    def __init__(self, sim: Loopsim, company: Company, operator: Loopsync, folder: Path):
        self.sim = sim
        self.company = company
        self.operator = operator
        self.folder = folder
        self._numbers = itertools.count(1)
        self._people: list = []
        self.loopbooking: LoopBooking

    def open(self) -> "Office":
        url = self.operator.serve()
        self.loopbooking = LoopBooking(url, token_of(self.operator.ask("token", "add", "--name", "tests")))
        self.connect()
        return self

    def password_file(self, password: str = PASSWORD) -> str:
        path = self.folder / f"password-{abs(hash(password))}"
        path.write_text(password + "\n")
        path.chmod(0o600)
        return str(path)

    def connection_arguments(self, **changes: str) -> list[str]:
        """The arguments of `connection add` for this company; keywords replace them, None leaves one out."""
        values = {
            "kind": "microsoft", "tenant": self.company.domain, "client-id": SYNC_CLIENT,
            "account": self.company.service_account, "password-file": self.password_file(),
            "login-url": self.sim.url, "graph-url": self.sim.graph_url,
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        given = [word for name, value in values.items() if value is not None for word in (f"--{name}", value)]
        return [*given, "--allow-internal"]

    def connect(self) -> None:
        self.operator.do("connection", "add", *self.connection_arguments())

    def new_room(
        self, *options: str, zone: str = "Europe/Oslo", rules: dict | None = None, **resource: object
    ) -> LinkedRoom:
        """A room of its own for a test, on both sides, linked. `rules` are LoopBooking's, the rest the mirror's."""
        number = next(self._numbers)
        name = f"Oslo {number}"
        resource_name, address = self.company.add_room(f"Oslo {number}-ext", **resource)
        room = self.loopbooking.add_room(name, zone, **(rules or {}))
        link = self.operator.ask("link", "add", "--room", name, "--resource", address, *options)
        return LinkedRoom(self, name, room["id"], resource_name, address, link["id"])

    def outlook(self, kind: str, name: str):
        """A person at an Outlook client: `sdk` or `o365`."""
        client = {"sdk": OutlookSDK, "o365": OutlookO365}[kind]
        person = client(self.sim.url, OUTLOOK_CLIENT, self.company.domain, self.company.person(name), PASSWORD)
        self._people.append(person)
        return person

    def close(self) -> None:
        for person in self._people:
            person.close()
        self.operator.program.stop()


def one(events: list[Seen], subject: str) -> Seen | None:
    """The one event with this subject."""
    found = [event for event in events if event.subject == subject]
    assert len(found) <= 1, f"{len(found)} events '{subject}'"
    return found[0] if found else None


def words(text: str) -> str:
    """White space folded, for comparing sentences."""
    return re.sub(r"\s+", " ", text).strip()
