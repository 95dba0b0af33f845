"""Writing by invitation: the service account organizes and invites the room, and Exchange decides."""

import pytest

from rig.interoperability import TO_CALENDAR, shows
from rig.meeting import is_at, raw_instants
from rig.when import at

pytestmark = pytest.mark.chapter("The service account organizes and invites the room")

INVITE = ("--writing", "invite")


def own(room, subject: str) -> list[dict]:
    """The service account's meetings with this subject to which it invited the room."""
    office = room.office
    return [
        event for event in office.sim.events(office.company.service_account)
        if event["subject"].endswith(subject) and not event.get("isCancelled")
        and room.address in [each["emailAddress"]["address"].lower() for each in event["attendees"]]]


@pytest.fixture
def room(new_room):
    return new_room(*INVITE)


def confirmed(room, booking):
    """The booking once the room has accepted its invitation."""
    def status():
        now = room.office.loopbooking.booking(booking["id"])
        answers = [
            attendee["status"]["response"] for meeting in own(room, now["subject"]) for attendee in meeting["attendees"]
            if attendee["emailAddress"]["address"].lower() == room.address]
        return now if (now["status"], answers) == ("confirmed", ["accepted"]) else None

    return room.settled(status, "the booking is confirmed")


@shows("accepted", TO_CALENDAR)
def test_the_room_accepts_and_the_booking_is_confirmed(room):
    when = at("10:00")
    room.settled(lambda: room.condition() == "in sync", "the first pass is over")
    booking = room.book("Invited", when)
    assert (booking["status"], booking["reason"]) == ("pending", "The room has not answered the invitation yet.")
    confirmed(room, booking)
    (meeting,) = own(room, "Invited")
    assert raw_instants(meeting) == when.instants
    (answer,) = [
        attendee for attendee in meeting["attendees"] if attendee["emailAddress"]["address"].lower() == room.address]
    assert (answer["type"], answer["status"]["response"]) == ("resource", "accepted")
    (copy,) = room.settled(room.events, "the room has its copy")
    assert copy["subject"].strip() == "Company Booking"
    assert raw_instants(copy) == when.instants


@shows("no second booking comes back", TO_CALENDAR)
def test_no_second_booking_comes_back(room):
    booking = room.book("Invited", at("10:00"))
    confirmed(room, booking)
    mark = room.office.sim.mark()
    room.settled(lambda: len(room.office.sim.requests_since(mark, room.address)) >= 4, "four more passes")
    assert len(room.bookings()) == 1
    assert room.bookings()[0]["subject"] == "Invited"


@shows("moved in LoopBooking", TO_CALENDAR)
def test_moved(room):
    when = at("10:00")
    booking = room.book("Invited", when)
    confirmed(room, booking)
    changed = room.office.loopbooking.change(booking["id"], **when.moved(hours=4).loopbooking())
    assert changed["status"] == "pending"
    room.settled(
        lambda: [raw_instants(event) for event in room.events()] == [when.moved(hours=4).instants], "the room's copy moves")
    assert is_at(confirmed(room, booking), when.moved(hours=4))


@shows("cancelled in LoopBooking", TO_CALENDAR)
def test_cancelled(room):
    booking = room.book("Invited", at("10:00"))
    confirmed(room, booking)
    room.office.loopbooking.cancel(booking["id"])
    room.settled(lambda: not room.events() and not own(room, "Invited"), "the meeting is cancelled everywhere")
    assert room.office.loopbooking.booking(booking["id"])["status"] == "cancelled"


@shows("the room is taken: refused", TO_CALENDAR)
def test_a_room_that_is_taken_refuses(reception, room):
    when = at("10:00")
    with room.paused():
        reception.book(room.address, "Theirs", when)
        booking = room.book("Ours", when)
    room.settled(
        lambda: room.office.loopbooking.booking(booking["id"])["status"] == "refused", "the booking is refused")
    assert room.office.loopbooking.booking(booking["id"])["reason"]
    assert [each["subject"] for each in room.bookings("confirmed")] == ["Theirs"]
    room.settled(lambda: not own(room, "Ours"), "no meeting of the service account is left")
