"""Whole days, time zones and changes of the clocks: a meeting is at the same instant on both sides, and in its own zone."""

from datetime import timedelta

import pytest

from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import is_at, shown_at
from rig.when import WINDOWS, When, all_day, at, next_change_of_clocks, on
from test_direct import crossed, seen, shown

pytestmark = pytest.mark.chapter("Time zones and whole days")


@pytest.mark.parametrize("days", [1, 3], ids=["one day", "three days"])
@shows("whole days", TO_LOOPBOOKING)
def test_whole_days_in_outlook(outlook, room, days):
    when = all_day(lasting=days)
    outlook.book(room.address, "Fair", when)
    booking = crossed(room, "Fair")
    assert is_at(booking, when), booking
    assert "start" not in booking


@shows("whole days", TO_CALENDAR)
def test_whole_days_in_loopbooking(outlook, room):
    when = all_day(lasting=1)
    room.book("Fair", when)
    event = seen(outlook, room, "Fair", when)
    assert shown_at(event, when)


@shows("several whole days", TO_CALENDAR)
def test_several_whole_days_in_loopbooking(outlook, room):
    when = all_day(lasting=3)
    room.office.loopbooking.call("PATCH", f"/rooms/{room.id}", {"maximumMinutes": 5 * 24 * 60})
    room.book("Fair", when)
    assert shown_at(seen(outlook, room, "Fair", when), when)


@shows("a whole day becomes a morning and back", TO_LOOPBOOKING)
@shows("a whole day becomes a morning and back", TO_CALENDAR)
def test_a_whole_day_becomes_a_morning_and_back(reception, room):
    when, morning = all_day(), at("09:00", minutes=180)
    event = reception.book(room.address, "Flexible", when)
    booking = crossed(room, "Flexible")
    reception.change(room.address, event, when=morning)
    room.settled(lambda: is_at(room.booking("Flexible"), morning), "the booking is timed")
    room.office.loopbooking.change(booking["id"], **when.loopbooking())
    room.settled(lambda: shown_at(seen(reception, room, "Flexible", when), when), "the event is a whole day again")


@shows("a whole day moves", TO_LOOPBOOKING)
def test_a_whole_day_moves(reception, room):
    when = all_day()
    event = reception.book(room.address, "Fair", when)
    crossed(room, "Fair")
    reception.change(room.address, event, when=when.moved(days=2))
    room.settled(lambda: is_at(room.booking("Fair"), when.moved(days=2)), "the booking moves")


@shows("over midnight", TO_LOOPBOOKING)
def test_over_midnight(outlook, room):
    when = at("22:30", minutes=180)
    outlook.book(room.address, "Night shift", when)
    assert is_at(crossed(room, "Night shift"), when)


@pytest.mark.parametrize("iana", [False, True], ids=["Windows name", "IANA name"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC", "Asia/Kolkata"])
@shows("made in another zone", TO_LOOPBOOKING)
def test_made_in_another_zone_in_outlook(reception, room, zone, iana):
    when = at("10:00", zone=zone)
    reception.book(room.address, "Far away", when, iana=iana)
    booking = crossed(room, "Far away")
    assert is_at(booking, when), booking
    assert booking["start"]["dateTime"] == when.start.isoformat(), "the wall time is the one of the meeting's own zone"
    assert WINDOWS.get(booking["start"]["timeZone"]) == WINDOWS[zone], booking["start"]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Asia/Calcutta", "Australia/Adelaide"])
@shows("made in another zone", TO_CALENDAR)
def test_made_in_another_zone_in_loopbooking(outlook, room, zone):
    when = at("09:15", minutes=50, zone=zone)
    room.book("Far away", when)
    event = seen(outlook, room, "Far away", when)
    assert shown_at(event, when)
    if event.zone is not None:
        assert event.zone in (WINDOWS[zone], zone)


@pytest.mark.parametrize("clock", ["00:30", "02:30", "09:00", "23:30"])
@pytest.mark.parametrize("days", [-1, 0, 1], ids=["the day before", "the day itself", "the day after"])
@shows("around a change of the clocks", TO_LOOPBOOKING)
@shows("around a change of the clocks", TO_CALENDAR)
def test_around_a_change_of_the_clocks(reception, room, clock, days):
    when = on(next_change_of_clocks() + timedelta(days=days), clock, minutes=25)
    reception.book(room.address, "From Outlook", when)
    room.book("From LoopBooking", when.moved(hours=10))
    assert is_at(crossed(room, "From Outlook"), when)
    assert shown_at(seen(reception, room, "From LoopBooking", when), when.moved(hours=10))


@shows("moved over a change of the clocks", TO_LOOPBOOKING)
@shows("moved over a change of the clocks", TO_CALENDAR)
def test_moved_across_a_change_of_the_clocks(reception, room):
    change = next_change_of_clocks()
    before, after = on(change - timedelta(days=2), "09:00"), on(change + timedelta(days=2), "09:00")
    assert after.instants[0] - before.instants[0] != timedelta(days=4), "the clocks do change between them"
    event = reception.book(room.address, "Nine o'clock", before)
    booking = crossed(room, "Nine o'clock")
    reception.change(room.address, event, when=after)
    room.settled(lambda: is_at(room.booking("Nine o'clock"), after), "the booking moves")
    assert room.booking("Nine o'clock")["start"]["dateTime"].endswith("T09:00:00")
    room.office.loopbooking.change(booking["id"], **before.loopbooking())
    room.settled(lambda: shown_at(seen(reception, room, "Nine o'clock", before), before), "the event moves back")


@pytest.mark.parametrize("start, end", [("01:30", "02:30"), ("02:15", "02:45"), ("02:30", "03:30")])
@shows("in the hour that comes twice, the second time", TO_LOOPBOOKING)
@shows("in the hour that comes twice, the second time", TO_CALENDAR)
def test_in_the_hour_that_comes_twice_the_second_time(reception, room, start, end):
    change = next_change_of_clocks(later=True)
    first, last = (on(change, clock).start for clock in (start, end))
    when = When(*(each.replace(fold=1) if each.hour == 2 else each for each in (first, last)))
    booking = room.book("Night shift", when)
    assert is_at(booking, when), booking
    assert shown_at(seen(reception, room, "Night shift", when), when)
    assert is_at(room.office.loopbooking.change(booking["id"], subject="Late shift"), when)
    seen(reception, room, "Late shift", when)
    assert is_at(room.booking("Late shift"), when), "nothing comes back"
    room.office.loopbooking.cancel(booking["id"])
    reception.book(room.address, "From Outlook", when.in_utc())
    assert is_at(crossed(room, "From Outlook"), when)


@shows("the room is elsewhere", TO_LOOPBOOKING)
@shows("the room is elsewhere", TO_CALENDAR)
def test_a_room_elsewhere(reception, new_room):
    room = new_room(zone="America/New_York", timeZone="Eastern Standard Time")
    when = at("17:00", zone="America/New_York")
    room.book("East coast", when)
    assert shown_at(seen(reception, room, "East coast", when), when)
    day = all_day(days=9, zone="America/New_York")
    reception.book(room.address, "Whole day there", day)
    assert is_at(crossed(room, "Whole day there"), day)
    assert len(shown(reception, room, when)) == 2
