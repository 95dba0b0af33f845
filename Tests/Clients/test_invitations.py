"""Meetings that people organize from their own calendars and invite the room to, as most meetings in Outlook are made.

The room answers by itself (AutoAccept) and rewrites its copy; only the organizer may change the meeting.
"""

import pytest

from rig.company import keeping
from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import is_at, shown_at
from rig.when import all_day, at
from test_direct import crossed

pytestmark = pytest.mark.chapter("A person organizes and invited the room")


def accepted(organizer, room, event):
    room.settled(
        lambda: organizer.event(None, event).attendees.get(room.address) == "accepted",
        "the organizer sees that the room accepted")


@shows("accepted", TO_LOOPBOOKING)
def test_an_accepted_invitation_is_a_booking(organizer, room):
    when = at("10:00")
    event = organizer.book(None, "Strategy", when, body="Secret plan", invite=[room.address])
    accepted(organizer, room, event)
    # The room's own calendar shows the organizer's name; so does LoopBooking.
    booking = crossed(room, "Anna Ansvarlig")
    assert is_at(booking, when)
    assert booking["organizer"]["address"] == room.office.company.person("anna")
    assert booking["organizer"]["name"] == "Anna Ansvarlig"
    assert (booking["origin"], booking["body"]) == ("calendar", "")
    assert len(room.bookings()) == 1


@shows("title, notes and attendees, where the room keeps them", TO_LOOPBOOKING)
def test_a_room_that_keeps_subjects(anna, new_room):
    room = new_room(**keeping())
    anna.book(
        None, "Strategy", at("10:00"), body="Plan", invite=[room.address], people=[room.office.company.person("ben")])
    booking = crossed(room, "Strategy")
    assert booking["body"] == "Plan"
    assert room.office.company.person("ben") in [person["address"] for person in booking["attendees"]]
    assert room.address not in [person["address"] for person in booking["attendees"]]


@shows("moved by the organizer", TO_LOOPBOOKING)
def test_the_organizer_moves(organizer, room):
    when = at("10:00")
    event = organizer.book(None, "Strategy", when, invite=[room.address])
    booking = crossed(room, "Anna Ansvarlig")
    organizer.change(None, event, when=when.moved(hours=2))

    def moved():
        # For a moment the room's copy has the organizer's subject, until the room has answered again.
        now = room.office.loopbooking.booking(booking["id"])
        return is_at(now, when.moved(hours=2)) and (now["subject"], now["status"]) == ("Anna Ansvarlig", "confirmed")

    room.settled(moved, "the booking moves")
    assert len(room.bookings()) == 1


@shows("cancelled by the organizer", TO_LOOPBOOKING)
def test_the_organizer_cancels(organizer, room):
    when = at("10:00")
    event = organizer.book(None, "Strategy", when, invite=[room.address])
    crossed(room, "Anna Ansvarlig")
    organizer.cancel(None, event, "Moved online")
    room.settled(lambda: room.bookings()[0]["status"] == "cancelled", "the booking is cancelled")
    assert room.bookings()[0]["reason"]
    assert room.book("Somebody else", when)["status"] == "confirmed"


@shows("cancelled in LoopBooking: the room declines", TO_CALENDAR)
def test_loopbooking_cancels_and_the_organizer_is_told(organizer, room):
    event = organizer.book(None, "Strategy", at("10:00"), invite=[room.address])
    booking = crossed(room, "Anna Ansvarlig")
    accepted(organizer, room, event)
    room.office.loopbooking.cancel(booking["id"])
    room.settled(
        lambda: organizer.event(None, event).attendees.get(room.address) == "declined",
        "the organizer sees that the room declined")
    # The meeting itself is hers: it stays in her calendar.
    mine = organizer.event(None, event)
    assert (mine.subject, mine.is_cancelled) == ("Strategy", False)
    room.settled(lambda: room.booking("Anna Ansvarlig")["status"] == "cancelled", "the booking stays cancelled")


@shows("moved in LoopBooking: put back, with the reason", TO_CALENDAR)
def test_only_the_organizer_moves_her_meeting(anna, room):
    when = at("10:00")
    event = anna.book(None, "Strategy", when, invite=[room.address])
    booking = crossed(room, "Anna Ansvarlig")
    room.office.loopbooking.change(booking["id"], **when.moved(hours=3).loopbooking())

    def put_back():
        now = room.office.loopbooking.booking(booking["id"])
        return now if is_at(now, when) else None

    room.settled(put_back, "the booking is put back")
    story = room.office.operator.ask("history", booking["id"])
    assert any(line["what"].startswith("Only Anna Ansvarlig can change this meeting") for line in story), story
    assert shown_at(anna.event(None, event), when)


@shows("whole days", TO_LOOPBOOKING)
def test_an_invitation_to_a_whole_day(anna, room):
    when = all_day(lasting=2)
    room.office.sim.change_room(
        room.office.company.domain, room.address, calendarProcessing={"bookingWindowInDays": 365, "maximumDurationInMinutes": 0})
    anna.book(None, "Offsite", when, invite=[room.address])
    assert is_at(crossed(room, "Anna Ansvarlig"), when)


@shows("a slot that LoopBooking holds: declined", TO_LOOPBOOKING)
def test_the_room_says_no_to_a_slot_that_loopbooking_holds(anna, room):
    when = at("10:00")
    room.book("Ours", when)
    room.settled(lambda: room.events(), "the booking is in the room's calendar")
    event = anna.book(None, "Theirs", when.moved(minutes=30), invite=[room.address])
    room.settled(
        lambda: anna.event(None, event).attendees.get(room.address) == "declined", "the room declines")
    assert [booking["subject"] for booking in room.bookings("confirmed")] == ["Ours"]


@shows("the room is taken off the meeting", TO_LOOPBOOKING)
def test_the_room_is_taken_off_the_meeting(anna, room):
    when = at("10:00")
    event = anna.book(None, "Strategy", when, invite=[room.address])
    crossed(room, "Anna Ansvarlig")
    anna.change(None, event, invite=[])
    room.settled(lambda: room.bookings()[0]["status"] == "cancelled", "the booking is cancelled")


@shows("a request waits for approval", TO_LOOPBOOKING)
def test_a_request_that_waits_for_approval_holds_the_room(anna, new_room):
    room = new_room(calendarProcessing={"automateProcessing": "AutoUpdate"})
    when = at("10:00")
    anna.book(None, "Strategy", when, invite=[room.address])
    booking = room.settled(lambda: (room.bookings() or [None])[0], "the request is seen")
    assert booking["showAs"] == "tentative"
    assert is_at(booking, when)
    assert booking["status"] == "confirmed"
