"""A series keeps the time of day of its own zone, through every change of the clocks: in its zone, the room's, anybody's."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import instants
from rig.recurrence import daily, weekday, weekly
from rig.series import Series
from rig.when import all_day, at, next_change_of_clocks, on

pytestmark = pytest.mark.chapter("Time zones of recurring meetings")

OSLO, NEW_YORK, TOKYO, ADELAIDE, CASABLANCA = (
    "Europe/Oslo", "America/New_York", "Asia/Tokyo", "Australia/Adelaide", "Africa/Casablanca")


@pytest.fixture(params=[
    pytest.param(Series.made_in_outlook, marks=pytest.mark.way(TO_LOOPBOOKING), id="from Outlook"),
    pytest.param(Series.made_in_loopbooking, marks=pytest.mark.way(TO_CALENDAR), id="from LoopBooking")])
def make(request):
    """A series is made on one side, and stands on both."""
    return request.param


def over_the_change(zone: str, clock: str):
    """Weekly, from three weeks before the next change of the clocks on; daily would do, but lasts longer."""
    change = next_change_of_clocks(zone)
    first = on(change - timedelta(days=20), clock, zone=zone)
    while first.start < at("00:00", days=2).start:
        first = first.moved(days=7)
    return first, weekly(weekday(first.start.date())).times(8)


def offsets(series: Series) -> int:
    """How many different distances from UTC its meetings have."""
    return len({
        (each.start.replace(tzinfo=None) - series.when.on_date(each.start.date()).start) for each in series.held})


@shows("its own clocks change")
def test_it_stays_at_nine_when_its_clocks_change(make, reception, room):
    first, rule = over_the_change(OSLO, "09:00")
    series = make(room, reception, first, rule)
    assert offsets(series) == 2, "the clocks do change meanwhile"
    found = room.office.loopbooking.occurrences(series.booking, series.start, series.end)
    assert {each["start"]["dateTime"][11:] for each in found} == {"09:00:00"}


@shows("all through the year")
def test_it_stays_at_nine_all_through_the_year(make, reception, room):
    first = at("09:00", days=4)
    series = make(room, reception, first, weekly(weekday(first.start.date())))
    assert offsets(series) == 2


@shows("made in another zone than the room's")
def test_new_york_s_clocks_decide_about_new_york_s_meeting(make, reception, room):
    # America and Europe change their clocks on different days: for some weeks the meeting is an hour off in Oslo.
    first, rule = over_the_change(NEW_YORK, "11:00")
    series = make(room, reception, first, rule)
    assert series.now()["start"]["timeZone"] == NEW_YORK


@shows("a zone without change, a room with")
def test_tokyo_s_meeting_does_not_follow_the_room_s_clocks(make, reception, room):
    change = next_change_of_clocks(OSLO)
    first = on(change - timedelta(days=10), "19:00", zone=TOKYO)
    if first.start < at("00:00", days=2).start:
        first = first.moved(days=14)
    series = make(room, reception, first, daily(4).times(8))
    assert offsets(series) == 1


@shows("the room is elsewhere")
def test_a_room_in_adelaide_holds_oslo_s_meeting(make, reception, new_room):
    room = new_room(zone=ADELAIDE, timeZone="Cen. Australia Standard Time")
    first, rule = over_the_change(OSLO, "09:30")
    make(room, reception, first, rule)


@shows("a zone whose rules follow the moon")
def test_morocco_s_clocks_change_four_times_a_year(make, reception, room):
    first = at("10:00", days=4, zone=CASABLANCA)
    series = make(room, reception, first, weekly(weekday(first.start.date())))
    assert offsets(series) == 2, "Ramadan lies within the year"


@shows("in the hour that is left out in spring")
def test_in_the_hour_that_does_not_exist(make, reception, room):
    change = next_change_of_clocks(OSLO, later=False)
    first = on(change - timedelta(days=2), "02:30", minutes=20)
    if first.start < at("00:00", days=1).start:
        first = first.moved(days=1)
    make(room, reception, first, daily().times(5))


@shows("in the hour that comes twice in autumn")
def test_in_the_hour_that_comes_twice(make, reception, room):
    change = next_change_of_clocks(OSLO, later=True)
    first = on(change - timedelta(days=2), "02:30", minutes=20)
    if first.start < at("00:00", days=1).start:
        first = first.moved(days=1)
    make(room, reception, first, daily().times(5))


@shows("through the hour that comes twice")
def test_through_the_change_it_keeps_its_length(make, reception, room):
    change = next_change_of_clocks(OSLO, later=True)
    first = on(change - timedelta(days=2), "01:30", minutes=150)
    if first.start < at("00:00", days=1).start:
        first = first.moved(days=1)
    # On the day of the change it ends at three by the clock, not at four.
    make(room, reception, first, daily().times(5))


@shows("into the second of the hours that look the same")
def test_it_ends_in_the_hour_that_comes_twice(make, reception, room):
    change = next_change_of_clocks(OSLO, later=True)
    first = on(change - timedelta(days=2), "01:30", minutes=120)
    if first.start < at("00:00", days=1).start:
        first = first.moved(days=1)
    make(room, reception, first, daily().times(5))


@shows("one moved over a change of the clocks")
def test_one_is_moved_over_a_change_of_the_clocks(make, reception, room):
    change = next_change_of_clocks(OSLO)
    first = on(change - timedelta(days=6), "09:00")
    if first.start < at("00:00", days=1).start:
        first = first.moved(days=7)
    series = make(room, reception, first, weekly(weekday(first.start.date())).times(4))
    moved = series.regular(0).moved(days=6)
    reception.change(room.address, series.instance(0).id, when=moved)
    series.expect_changed(0, moved).settle("it is at nine on the other side of the change")


@shows("whole days, seen from a room elsewhere")
def test_whole_days_float(make, reception, new_room):
    room = new_room(zone=NEW_YORK, timeZone="Eastern Standard Time")
    when = all_day(days=5, zone=NEW_YORK)
    make(room, reception, when, weekly(weekday(when.start.date())), "Closed")
    held = room.office.loopbooking.call(
        "GET", f"/rooms/{room.id}/availability",
        params={"from": f"{when.start.date()}T00:00:00Z", "to": f"{when.moved(days=2).start.date()}T00:00:00Z"})
    (taken,) = held["taken"]
    assert taken["start"] == when.instants[0].strftime("%Y-%m-%dT%H:%M:%SZ"), "midnight in New York"


@shows("another zone's series, one moved in the room's zone")
def test_one_of_tokyo_s_meetings_is_moved_in_oslo(make, reception, room):
    first = at("17:00", days=4, zone=TOKYO)
    series = make(room, reception, first, weekly(weekday(first.start.date())).times(5))
    moved = at("15:00", days=18, zone=OSLO)
    room.office.loopbooking.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.expect_changed(2, moved).settle("the third meeting is at three in Oslo")


# New York's rules, under a name that nobody knows.
UNNAMED = """\
BEGIN:VTIMEZONE
TZID:Head office
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@shows("a zone with rules and without a name", TO_LOOPBOOKING)
def test_a_zone_without_a_name_changes_its_clocks(reception, room):
    first, rule = over_the_change(NEW_YORK, "11:00")
    room.office.sim.import_file(room.address, (
        f"BEGIN:VCALENDAR\n{UNNAMED}BEGIN:VEVENT\nUID:1\nSUMMARY:Series\n"
        f"DTSTART;TZID=Head office:{first.start:%Y%m%dT%H%M%S}\nDTEND;TZID=Head office:{first.end:%Y%m%dT%H%M%S}\n"
        f"RRULE:FREQ=WEEKLY;COUNT={rule.count}\nEND:VEVENT\nEND:VCALENDAR\n").encode()).raise_for_status()
    (event,) = room.events()
    assert event["originalStartTimeZone"] == event["recurrence"]["range"]["recurrenceTimeZone"] == "tzone://Microsoft/Custom"
    meetings = sorted(each.instants for each in rule.whens(first, 400))
    assert len({start.astimezone(ZoneInfo(NEW_YORK)).utcoffset() for start, _ in meetings}) == 2, "the clocks do change"

    def held():
        booking = room.booking("Series")
        if not booking:
            return False
        found = room.office.loopbooking.occurrences(
            booking["id"], meetings[0][0] - timedelta(days=1), meetings[-1][1] + timedelta(days=30))
        assert sorted(map(instants, found)) == meetings
        return True

    room.settled(held, "each occurrence is in LoopBooking when it is in Outlook")
    room.office.loopbooking.change(room.booking("Series")["id"], subject="Retitled")
    room.settled(lambda: [each.subject for each in reception.masters(room.address)] == ["Retitled"], "the title crosses")
    shown = reception.events(room.address, meetings[0][0] - timedelta(days=1), meetings[-1][1] + timedelta(days=1))
    assert sorted((each.start, each.end) for each in shown) == meetings
