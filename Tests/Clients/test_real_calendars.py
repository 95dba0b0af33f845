"""Meetings of real calendars, synced: what one side was given the other one shows, occurrence by occurrence, for five years.

The calendars are those that two libraries ship for their own tests; recurring-ical-events is the referee. What is over was
moved by whole weeks into the weeks ahead, for the referee too.
"""

import datetime
import itertools
from collections import Counter

import pytest

from rig import calendars
from rig.calendar_view import CalendarView
from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import instants
from rig.real_meetings import FullRoom, ahead, in_rooms, meetings_of
from rig.waiting import wait_until
from test_ics import DIFFERENT, FIVE_YEARS, UNREADABLE_FOR_REFEREE

pytestmark = pytest.mark.chapter("Meetings of real calendars")

START = datetime.datetime.now(calendars.ZONE).date() + datetime.timedelta(days=3)
END = START + FIVE_YEARS
# A link looks 400 days ahead; a day less, for what lies across the end of that.
IN_SIGHT = calendars.midnight(START + datetime.timedelta(days=396))
# Of a file with more meetings, the first ones: the largest has five thousand.
MOST_OF_A_FILE = 12
# Why no meeting of these is tried, beside the files that the reader and the referee do not agree on (test_ics.py).
LEFT_OUT = {
    "calendars/big_bad_calendar.ics": "its calendar does not end",
    "calendars/pr_480_summary_with_colon.ics": "its calendar does not end",
    "calendars/small_bad_calendar.ics": "its calendar does not end",
    "calendars/timezone_same_start_and_offset.ics": "the referee drops its time zone, and stumbles over the next part",
}
# What LoopBooking's rules say to people, and not to the calendar; about so many of the meetings.
REFUSED = (
    # A series one of whose occurrences was moved beyond the room's horizon.
    "days ahead",
    # A series without length, one occurrence of which has some.
    "The end must be after the start.",
)
MOST_REFUSED = 4


@pytest.fixture(scope="module")
def full_rooms() -> list[FullRoom]:
    number = itertools.count()
    found = [
        ahead(meeting, START, END, IN_SIGHT - datetime.timedelta(days=20), next(number) % 40)
        for path in calendars.calendars() if calendars.name_of(path) not in {*DIFFERENT, *UNREADABLE_FOR_REFEREE, *LEFT_OUT}
        for meeting in meetings_of(path)[:MOST_OF_A_FILE]]
    rooms = in_rooms([meeting for meeting in found if meeting])
    assert sum(len(room.meetings) for room in rooms) > 200
    assert sum(room.occurrences.total() for room in rooms) > 10_000
    return rooms


@pytest.fixture
def linked(new_room):
    """Makes a room in which nothing is too long or too far ahead."""
    return lambda: new_room(zone="Europe/Berlin", rules={"horizonDays": 1900, "maximumMinutes": 31 * 24 * 60})


@pytest.fixture
def reader(office) -> CalendarView:
    return CalendarView(office.sim, office.company, "reception")


def in_calendar(reader: CalendarView, room) -> dict[tuple[str, str, str], str]:
    """start, end and subject of whatever holds the room in the calendar, and Graph's word for its kind."""
    shown = [
        (key, event["type"]) for key, event in reader.occurrences(room.address, START, END)
        if event["showAs"] != "free" and key[0] != key[1]]
    assert len(dict(shown)) == len(shown), "something is there twice"
    return dict(shown)


def in_loopbooking(room) -> Counter:
    """The same in LoopBooking."""
    found: Counter = Counter()
    # As long as the API tells at once.
    spans = list(itertools.pairwise(map(calendars.midnight, (START, START + FIVE_YEARS / 2, END))))
    for booking in room.bookings("confirmed"):
        rows = [booking]
        if booking["recurrence"]:
            rows = {
                row["original"]: row for span in spans
                for row in room.office.loopbooking.occurrences(booking["id"], *span)
                if row["status"] != "cancelled"}.values()
        for row in rows:
            times = (row["startDate"], row["endDate"]) if row["allDay"] else map(calendars.text, instants(row))
            found[*times, row["subject"].strip()] += 1
    return Counter({key: number for key, number in found.items() if key[0] != key[1]})


def required(full: FullRoom, kinds: dict[tuple[str, str, str], str], refused: set[str] = frozenset()) -> Counter:
    """What the sync owes: a series to its end, and of single events those that a link sees. A series that Exchange has no
    pattern for stands in the calendar as single events."""
    owed: Counter = Counter()
    for meeting in full.meetings:
        if meeting.uid in refused:
            continue
        is_series = any(kinds.get(key, "singleInstance") != "singleInstance" for key in meeting.occurrences)
        for key, number in meeting.occurrences.items():
            goes_on = kinds[key] != "singleInstance" if key in kinds else is_series
            if goes_on or calendars.instant(key[0]) < IN_SIGHT:
                owed[key] += number
    return owed


def compare(full: FullRoom, shown: Counter, owed: Counter, side: str) -> bool:
    missing, surplus = owed - shown, shown - full.occurrences
    assert not missing and not surplus, (
        f"{side} lacks {missing.total()}: {list(missing)[:3]}; has {surplus.total()} too many: {list(surplus)[:3]}")
    return True


def number_of_series(rooms: list[FullRoom], kinds: list[dict]) -> int:
    """How many meetings stand as series in the calendar."""
    return sum(
        any(of_room.get(key) == "occurrence" for key in meeting.occurrences)
        for full, of_room in zip(rooms, kinds) for meeting in full.meetings)


@shows("every occurrence of five years", TO_LOOPBOOKING)
def test_what_the_calendar_was_given_is_in_loopbooking(full_rooms, linked, reader, office):
    rooms = [linked() for _ in full_rooms]
    for full, room in zip(full_rooms, rooms):
        reply = office.sim.import_file(room.address, full.file.encode())
        assert reply.status_code == 201, reply.text
    kinds = [in_calendar(reader, room) for room in rooms]
    for full, room, shown in zip(full_rooms, rooms, kinds):
        compare(full, Counter(shown.keys()), full.occurrences, "Outlook")
        owed = required(full, shown)
        wait_until(
            lambda: compare(full, in_loopbooking(room), owed, "LoopBooking"), "the meetings are in LoopBooking", within=60,
            every=1)
        room.settled(lambda: room.condition() == "in sync", "the link is in sync")
    assert number_of_series(full_rooms, kinds) > 60


@shows("every occurrence of five years", TO_CALENDAR)
def test_what_loopbooking_was_given_is_in_the_calendar(full_rooms, linked, reader, office, tmp_path):
    rooms = [linked() for _ in full_rooms]
    refused = []
    for number, (full, room) in enumerate(zip(full_rooms, rooms)):
        file = tmp_path / f"room-{number}.ics"
        file.write_text(full.file)
        rows = office.operator.run("ics", "import", str(file), "--room", room.name, "--json").json["meetings"]
        lost = [row for row in rows if row["outcome"] != "booked"]
        assert all(row["outcome"] == "refused" and any(why in row["why"] for why in REFUSED) for row in lost), lost
        refused.append({row["uid"] for row in lost})
    assert sum(map(len, refused)) <= MOST_REFUSED, refused
    kinds = []
    for full, room, without in zip(full_rooms, rooms, refused):
        def same():
            shown = in_calendar(reader, room)
            return shown if compare(full, Counter(shown.keys()), required(full, shown, without), "Outlook") else None

        kinds.append(wait_until(same, "the meetings are in the calendar", within=60, every=1))
        room.settled(lambda: room.condition() == "in sync", "the link is in sync")
    assert number_of_series(full_rooms, kinds) > 60
