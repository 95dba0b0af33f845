"""What a link's policy does not let cross is nowhere: not in the database, not in a log, not in an answer.

A service of its own, logging all it can. Whatever people write in their meetings carries a marker; then everything that the
service keeps or says is searched for it. A link that lets everything cross shows that the search finds what is there.
"""

import json

import pytest

from rig.company import keeping
from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.loopsync import Loopsync
from rig.meeting import is_at
from rig.office import LinkedRoom, Office
from rig.recurrence import weekday, weekly
from rig.series import Occurrence, Series
from rig.when import at
from conftest import binary

pytestmark = pytest.mark.chapter("Privacy")

WHEN = at("10:00", days=3)
FIVE = weekly(weekday(WHEN.start.date())).times(5)
SENSITIVITIES = ("normal", "personal", "private", "confidential")
LIMITED = ("busyWithOrganizer", "busyOnly")


@pytest.fixture(scope="module")
def discreet(sim, office, tmp_path_factory):
    """An office whose service logs all it can."""
    folder = tmp_path_factory.mktemp("discreet")
    operator = Loopsync(binary("loopsync"), folder, {"LOOPSYNC_LOG_LEVEL": "trace"}, name="discreet")
    other = Office(sim, office.company, operator, folder)
    other._numbers = iter(range(7000, 8000))
    yield other.open()
    other.close()


@pytest.fixture(scope="module")
def anna(discreet):
    return discreet.outlook("sdk", "anna")


@pytest.fixture(scope="module")
def reception(discreet):
    return discreet.outlook("sdk", "reception")


def kept(office: Office) -> dict[str, str]:
    """All that the service keeps in files, by name."""
    return {
        path.name: path.read_bytes().decode("latin-1")
        for path in office.folder.iterdir()
        if path.is_file() and path.name.startswith(office.operator.database.stem)}


def said(room: LinkedRoom) -> dict[str, str]:
    """All that the service answers about a room, by question."""
    lb, operator = room.office.loopbooking, room.office.operator
    answers = {
        path: json.dumps(lb.call("GET", path), ensure_ascii=False)
        for path in (
            f"/rooms/{room.id}", f"/bookings?room={room.id}&limit=200", "/changes?limit=200", "/links", "/status",
            "/clashes", f"/links/{room.link}/drift")
    }
    for booking in room.bookings():
        address = f"/bookings/{booking['id']}"
        answers[address] = json.dumps(lb.call("GET", address))
        answers[address + "/history"] = json.dumps(lb.call("GET", address + "/history"))
        if booking["recurrence"]:
            start, end = WHEN.instants[0], WHEN.moved(days=60).instants[0]
            answers[address + "/occurrences"] = json.dumps(lb.occurrences(booking["id"], start, end))
        answers["history " + booking["id"]] = operator.run("history", booking["id"]).text
    for command in (
        ("status",), ("doctor",), ("link", "list"), ("link", "preview", room.link), ("drift", "check", room.link),
        ("clash", "list", "--all"),
    ):
        answers[" ".join(command)] = operator.run(*command).text
    return answers


def where(marker: str, texts: dict[str, str]) -> list[str]:
    return [name for name, text in texts.items() if marker.lower() in text.lower()]


# From the calendar


class Outlook:
    """Meetings of every kind in one room's calendar, all of them with the marker in every text."""

    def __init__(self, office: Office, policy: str, anna, reception):
        self.office, self.policy = office, policy
        self.marker = f"zq{policy}xv".lower()
        self.room = office.new_room("--content", policy, **keeping(conflictPercentageAllowed=100))
        self.reception = reception
        texts = {"body": f"{self.marker} notes", "people": [f"{self.marker}@guests.example"]}
        address, title = self.room.address, f"{self.marker} title"
        self.singles = [WHEN.moved(hours=2 * number) for number in range(4)]
        for when, sensitivity in zip(self.singles, SENSITIVITIES):
            anna.book(None, title, when, invite=[address], sensitivity=sensitivity, **texts)
        # The room's own series, with exceptions of every kind.
        self.series = WHEN.moved(days=1)
        rule = weekly(weekday(self.series.start.date())).times(5)
        master = reception.book_series(
            address, title, self.series, rule, body=texts["body"], sensitivity="private")
        found = reception.occurrences(address, master, WHEN.instants[0], WHEN.moved(days=60).instants[0])
        self.moved = self.series.moved(days=7, hours=4)
        reception.change(address, found[1].id, when=self.moved, subject=f"{self.marker} moved")
        reception.change(address, found[2].id, body=f"{self.marker} other notes")
        reception.delete(address, found[3].id)
        self.held = [self.series, self.moved, self.series.moved(days=14), self.series.moved(days=28)]
        # Two that want one slot, and one that is moved, retitled and cancelled again.
        reception.book(address, f"{title} first", WHEN.moved(days=2), **texts)
        reception.book(address, f"{title} second", WHEN.moved(days=2), **texts)
        self.fleeting = reception.book(address, title, WHEN.moved(days=3), **texts)

    def settle(self) -> "Outlook":
        self.room.settled(lambda: len(self.room.bookings("confirmed")) == 7, "all meetings are booked")
        self.reception.change(
            self.room.address, self.fleeting, when=WHEN.moved(days=3, hours=2), subject=f"{self.marker} fleeting")
        self.room.settled(
            lambda: any(is_at(each, WHEN.moved(days=3, hours=2)) for each in self.room.bookings("confirmed")), "it moves")
        self.reception.delete(self.room.address, self.fleeting)
        self.room.settled(lambda: len(self.room.bookings("confirmed")) == 6, "it is cancelled")
        return self

    @property
    def booked_series(self) -> dict:
        (found,) = [each for each in self.room.bookings("confirmed") if each["recurrence"]]
        return found


@pytest.fixture(scope="module")
def calendars(discreet, anna, reception) -> dict[str, Outlook]:
    """One room for each policy; written all at once, then waited for."""
    made = {policy: Outlook(discreet, policy, anna, reception) for policy in ("everything", *LIMITED)}
    for each in made.values():
        each.settle()
    return made


@pytest.mark.parametrize("policy", LIMITED)
@shows("private content is nowhere, exceptions included", TO_LOOPBOOKING)
def test_nothing_of_the_calendar_s_content_is_kept_or_said(discreet, calendars, policy):
    calendar = calendars[policy]
    assert where(calendar.marker, kept(discreet)) == []
    assert where(calendar.marker, said(calendar.room)) == []


@shows("everything crosses where the policy says so", TO_LOOPBOOKING)
def test_the_search_finds_what_is_there(discreet, calendars):
    calendar = calendars["everything"]
    assert any("sqlite" in name for name in where(calendar.marker, kept(discreet)))
    assert f"/bookings?room={calendar.room.id}&limit=200" in where(calendar.marker, said(calendar.room))


def test_no_log_tells_what_people_wrote(discreet, calendars):
    logs = {name: text for name, text in kept(discreet).items() if name.endswith(".log")}
    assert logs and all(logs.values()), "there is a log to search"
    for calendar in calendars.values():
        assert where(calendar.marker, logs) == []


@pytest.mark.parametrize("policy", LIMITED)
@shows("times cross whatever the policy", TO_LOOPBOOKING)
def test_the_times_cross_all_the_same(discreet, calendars, policy):
    calendar = calendars[policy]
    for when in calendar.singles:
        assert any(is_at(each, when) for each in calendar.room.bookings("confirmed"))
    series = calendar.booked_series
    found = discreet.loopbooking.occurrences(series["id"], WHEN.instants[0], WHEN.moved(days=60).instants[0])
    shown = [Occurrence.in_loopbooking(each) for each in found if each["status"] == "confirmed"]
    expected = [Occurrence.at(when, series["subject"]) for when in calendar.held]
    assert sorted(shown, key=lambda each: each.start) == sorted(expected, key=lambda each: each.start)


@pytest.mark.parametrize(
    "policy, subjects, organizers",
    [("busyOnly", {"Busy"}, {None}), ("busyWithOrganizer", {"Anna Ansvarlig", "Busy"}, {"Anna Ansvarlig", None})])
@shows("who booked crosses only where the policy says so", TO_LOOPBOOKING)
def test_who_booked_crosses_only_by_policy(calendars, policy, subjects, organizers):
    bookings = calendars[policy].room.bookings("confirmed")
    own = [each for each in bookings if (each["organizer"] or {}).get("name") in (None, "Anna Ansvarlig")]
    if policy == "busyOnly":
        assert {each["subject"] for each in bookings} == subjects
        assert {(each["organizer"] or {}).get("name") for each in bookings} == organizers
    else:
        assert len([each for each in own if each["subject"] == "Anna Ansvarlig"]) == 4
    assert all(each["attendees"] == [] and each["body"] == "" for each in bookings)


# From LoopBooking


@pytest.mark.parametrize("writing", ["direct", "invite"])
@pytest.mark.parametrize("policy", LIMITED)
@shows("private content is nowhere in the calendar, exceptions included", TO_CALENDAR)
def test_nothing_of_a_booking_s_content_reaches_the_calendar(discreet, sim, policy, writing):
    marker = f"zq{policy}{writing}yw".lower()
    room = discreet.new_room("--content", policy, "--writing", writing, **keeping())
    lb = discreet.loopbooking
    texts = {
        "body": f"{marker} notes", "location": f"{marker} place", "sensitivity": "private",
        "attendees": [{"name": f"{marker} guest", "address": f"{marker}@guests.example", "role": "required"}],
    }
    if policy == "busyOnly":
        texts["organizer"] = {"name": f"{marker} host", "address": f"{marker}@hosts.example"}
    single = room.book(f"{marker} title", WHEN, **texts)
    series = room.book_series(f"{marker} series", WHEN.moved(hours=2), FIVE, **texts)
    original = WHEN.moved(days=7, hours=2)
    lb.change_occurrence(
        series["id"], original.start.isoformat(), subject=f"{marker} other", body=f"{marker} other notes",
        **original.moved(hours=2).loopbooking())
    room.settled(lambda: len(room.events()) == 2, "both are in the calendar")
    lb.change(single["id"], subject=f"{marker} retitled", **WHEN.moved(hours=6).loopbooking())
    there = lambda: {  # noqa: E731
        address: json.dumps(sim.events(address)) for address in (room.address, discreet.company.service_account)}
    room.settled(lambda: WHEN.moved(hours=6).instants[0].strftime("%Y-%m-%dT%H:%M") in there()[room.address], "it moves")
    room.settled(
        lambda: original.moved(hours=2).instants[0].strftime("%Y-%m-%dT%H:%M") in there()[room.address],
        "the moved occurrence crosses")
    assert where(marker, there()) == []
    logs = {name: text for name, text in kept(discreet).items() if name.endswith(".log")}
    assert where(marker, logs) == []
    room.remove()


# The private flag


@pytest.mark.parametrize("sensitivity", ["personal", "private", "confidential"])
@shows("a series' private flag", TO_LOOPBOOKING)
def test_a_series_private_in_outlook(sensitivity, office, new_room, _desks):
    from conftest import _person

    room, person = new_room(), _person(office, _desks, "sdk", "reception")
    series = Series.made_in_outlook(room, person, WHEN, FIVE, "Salary", sensitivity=sensitivity)
    assert series.now()["sensitivity"] == sensitivity
    person.change(room.address, series.instance(2).id, subject="Salary, again")
    series.expect_changed(2, subject="Salary, again").settle("one is retitled")
    assert series.now()["sensitivity"] == sensitivity


@shows("a series' private flag", TO_CALENDAR)
def test_a_series_private_in_loopbooking(office, new_room, _desks):
    from conftest import _person

    room, person = new_room(), _person(office, _desks, "sdk", "reception")
    series = Series.made_in_loopbooking(room, person, WHEN, FIVE, "Salary", sensitivity="private")
    moved = series.regular(2).moved(hours=2)
    office.loopbooking.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.expect_changed(2, moved).settle("one is moved")
    assert {each.sensitivity for each in series.instances()} == {"private"}
    office.loopbooking.change(series.booking, sensitivity="normal")
    room.settled(
        lambda: {each.sensitivity for each in series.instances()} == {"normal"}, "the flag is taken away everywhere")
