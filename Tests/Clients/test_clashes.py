"""Two people want the same thing: one yes per slot, and both edits of one meeting kept where they can be."""

import threading

import pytest

from rig.interoperability import BOTH, TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.loopbooking import Refused
from rig.meeting import is_at, shown_at
from rig.waiting import wait_until
from rig.when import at
from test_direct import crossed, seen, shown

pytestmark = pytest.mark.chapter("Clashes of single meetings")


def refused_event(outlook, room, subject: str, when):
    """The event once it is marked as not booked."""

    def marked():
        found = [event for event in shown(outlook, room, when) if event.subject == f"Not booked: {subject}"]
        return found[0] if found else None

    return room.settled(marked, f"'{subject}' is marked as not booked")


@shows("the first to book keeps the room", TO_LOOPBOOKING)
def test_the_first_to_book_keeps_the_room_against_outlook(outlook, room):
    when = at("10:00")
    room.book("Ours", when)
    seen(outlook, room, "Ours", when)
    outlook.book(room.address, "Theirs", when.moved(minutes=30))
    event = refused_event(outlook, room, "Theirs", when)
    assert event.show_as == "free"
    assert "already taken" in event.body
    assert room.booking("Ours")["status"] == "confirmed"
    assert [booking["subject"] for booking in room.bookings("confirmed")] == ["Ours"]


@shows("the first to book keeps the room", TO_CALENDAR)
def test_the_first_to_book_keeps_the_room_against_loopbooking(outlook, room):
    when = at("10:00")
    outlook.book(room.address, "Theirs", when)
    crossed(room, "Theirs")
    with pytest.raises(Refused) as refusal:
        room.book("Ours", when.moved(minutes=30))
    assert (refusal.value.status, refusal.value.code) == (409, "slot-taken")


@shows("nobody knew yet", BOTH)
def test_who_was_first_counts_even_when_nobody_knew_yet(reception, room):
    when = at("10:00")
    with room.paused():
        reception.book(room.address, "Theirs", when)
        room.book("Ours", when)
    lost = room.settled(
        lambda: (lambda booking: booking if booking["status"] == "refused" else None)(room.booking("Ours")),
        "the later booking is refused")
    assert "already taken" in lost["reason"]
    assert crossed(room, "Theirs")
    assert seen(reception, room, "Theirs", when).show_as == "busy"


@shows("LoopBooking leads", BOTH)
def test_loopbooking_leads(reception, new_room):
    room = new_room("--clash", "loopBookingLeads")
    when = at("10:00")
    with room.paused():
        reception.book(room.address, "Theirs", when)
        room.book("Ours", when)
    event = refused_event(reception, room, "Theirs", when)
    assert event.show_as == "free"
    assert "LoopBooking decides" in event.body
    assert crossed(room, "Ours")
    assert shown_at(seen(reception, room, "Ours", when), when)


@shows("the calendar leads", BOTH)
def test_the_calendar_leads(reception, new_room):
    room = new_room("--clash", "calendarLeads")
    when = at("10:00")
    room.book("Ours", when)
    seen(reception, room, "Ours", when)
    reception.book(room.address, "Theirs", when.moved(minutes=15))
    lost = room.settled(
        lambda: (lambda booking: booking if booking["status"] == "refused" else None)(room.booking("Ours")),
        "LoopBooking's booking is refused")
    assert "the calendar decides" in lost["reason"]
    assert is_at(crossed(room, "Theirs"), when.moved(minutes=15))
    room.settled(
        lambda: [event.subject for event in shown(reception, room, when) if event.show_as != "free"] == ["Theirs"],
        "only the winner holds the room in Outlook")


@shows("two direct writes", TO_LOOPBOOKING)
def test_two_direct_writes_into_one_slot(reception, outlook, room):
    when = at("10:00")
    with room.paused():
        reception.book(room.address, "First", when)
        outlook.book(room.address, "Second", when)
    refused_event(reception, room, "Second", when)
    crossed(room, "First")
    assert [booking["subject"] for booking in room.bookings("confirmed")] == ["First"]


@pytest.mark.parametrize("attempt", range(3))
@shows("booked by invitation, a person invites the room in the same second", BOTH)
def test_our_invitation_races_a_person_s(anna, new_room, attempt):
    # The room's attendant answers both, and says yes to one of them.
    room, when = new_room("--writing", "invite"), at("10:00")
    ready = threading.Barrier(2)
    ours: list = []

    def book():
        ready.wait()
        try:
            ours.append(room.book("Ours", when)["id"])
        except Refused as refusal:
            ours.append(refusal)

    booking = threading.Thread(target=book)
    booking.start()
    ready.wait()
    event = anna.book(None, "Theirs", when, invite=[room.address])
    booking.join()

    def answered():
        theirs = anna.event(None, event).attendees.get(room.address)
        assert theirs in ("accepted", "declined"), f"the room answered Anna: {theirs}"
        if isinstance(ours[0], Refused):
            return theirs, "refused", ours[0].problem["detail"]
        mine = room.office.loopbooking.booking(ours[0])
        assert mine["status"] in ("confirmed", "refused"), f"the booking is {mine['status']}"
        return theirs, mine["status"], mine["reason"]

    def one_yes():
        theirs, mine, reason = answered()
        assert (theirs, mine) in (("accepted", "refused"), ("declined", "confirmed")), (theirs, mine)
        assert mine == "confirmed" or reason
        held = [each["showAs"] for each in room.events() if each["showAs"] != "free"]
        assert len(held) == len(room.bookings("confirmed")) == 1, held
        return theirs, mine

    said = room.settled(one_yes, "one is told yes, and the other no")
    # And it stays so.
    mark = room.office.sim.mark()
    room.settled(lambda: len(room.office.sim.requests_since(mark, room.address)) >= 3, "three more passes")
    assert one_yes() == said


@shows("moved into a busy slot", TO_LOOPBOOKING)
def test_a_move_into_a_taken_slot_is_undone(outlook, room):
    taken, free = at("10:00"), at("14:00")
    room.book("Ours", taken)
    seen(outlook, room, "Ours", taken)
    event = outlook.book(room.address, "Theirs", free)
    crossed(room, "Theirs")
    outlook.change(room.address, event, when=taken)

    def moved_back():
        found = [each for each in shown(outlook, room, free) if each.id == event]
        return found and shown_at(found[0], free) and found[0].show_as == "busy"

    room.settled(moved_back, "the event is moved back")
    assert is_at(crossed(room, "Theirs"), free)
    assert is_at(crossed(room, "Ours"), taken)
    story = room.office.operator.ask("history", room.booking("Theirs")["id"])
    assert any("undone" in line["what"] for line in story), story


@shows("moved into a busy slot", TO_CALENDAR)
def test_a_move_into_a_taken_slot_in_loopbooking_is_refused_at_once(reception, room):
    taken, free = at("10:00"), at("14:00")
    reception.book(room.address, "Theirs", taken)
    crossed(room, "Theirs")
    booking = room.book("Ours", free)
    with pytest.raises(Refused) as refusal:
        room.office.loopbooking.change(booking["id"], **taken.loopbooking())
    assert refusal.value.code == "slot-taken"
    assert is_at(room.booking("Ours"), free)


@shows("a freed slot is free", TO_CALENDAR)
def test_a_freed_slot_is_free_on_both_sides(reception, room):
    when = at("10:00")
    booking = room.book("First", when)
    event = seen(reception, room, "First", when)
    room.office.loopbooking.cancel(booking["id"])
    room.settled(lambda: event.id not in [each.id for each in shown(reception, room, when)], "the event is gone")
    reception.book(room.address, "Second", when)
    crossed(room, "Second")


@shows("different fields edited", BOTH)
def test_edits_of_different_fields_are_merged(outlook, room):
    when = at("10:00")
    event = outlook.book(room.address, "Plan", when, body="Old")
    booking = crossed(room, "Plan")
    with room.paused():
        outlook.change(room.address, event, subject="Plan B")
        room.office.loopbooking.change(booking["id"], body="New", **when.moved(hours=2).loopbooking())
    room.settled(
        lambda: (lambda now: now["subject"] == "Plan B" and now["body"] == "New" and is_at(now, when.moved(hours=2)))(
            room.office.loopbooking.booking(booking["id"])), "LoopBooking has both edits")
    room.settled(
        lambda: (lambda now: now and now.body.startswith("New") and shown_at(now, when.moved(hours=2)))(
            seen(outlook, room, "Plan B", when)), "Outlook has both edits")


@pytest.mark.parametrize(
    "policy, expected",
    [("latestChange", "From LoopBooking"), ("loopBookingLeads", "From LoopBooking"), ("calendarLeads", "From Outlook")])
@shows("the same field edited, by policy", BOTH)
def test_edits_of_the_same_field(reception, new_room, policy, expected):
    room = new_room("--divergence", policy)
    when = at("10:00")
    event = reception.book(room.address, "Plan", when)
    booking = crossed(room, "Plan")
    with room.paused():
        reception.change(room.address, event, subject="From Outlook")
        # Exchange touches an event once more after it was written; only then is LoopBooking's change the later one.
        (touched,) = [each["loopsimTag"]["change"] for each in room.events()]
        wait_until(lambda: room.events()[0]["loopsimTag"]["change"] > touched, "Exchange has touched the event")
        room.office.loopbooking.change(booking["id"], subject="From LoopBooking")
    assert seen(reception, room, expected, when).id == event
    assert crossed(room, expected)["id"] == booking["id"]
    assert len(room.bookings()) == 1


@shows("the same field edited, by policy", BOTH)
def test_the_later_edit_in_outlook_stands(reception, room):
    when = at("10:00")
    event = reception.book(room.address, "Plan", when)
    booking = crossed(room, "Plan")
    with room.paused():
        room.office.loopbooking.change(booking["id"], subject="From LoopBooking")
        reception.change(room.address, event, subject="From Outlook")
    assert crossed(room, "From Outlook")["id"] == booking["id"]
    assert seen(reception, room, "From Outlook", when).id == event


@shows("on both sides before the link", BOTH)
def test_the_same_meeting_on_both_sides_before_the_link(office, reception):
    name, address = office.company.add_room("Before-ext")
    made = office.loopbooking.add_room("Before")
    when = at("10:00")
    office.loopbooking.book(made["id"], "Known", when.loopbooking())
    reception.book(address, "Known", when)
    link = office.operator.ask("link", "add", "--room", "Before", "--resource", address)["id"]
    from rig.office import LinkedRoom

    room = LinkedRoom(office, "Before", made["id"], name, address, link)
    room.settled(lambda: room.condition() == "in sync", "the link is in sync")
    assert [booking["subject"] for booking in room.bookings()] == ["Known"]
    assert [event["subject"] for event in room.events()] == ["Known"]
    room.remove()


@shows("link removed and made again", BOTH)
def test_a_link_removed_and_made_again_changes_nothing(office, reception, room):
    room.book("Ours", at("10:00"))
    reception.book(room.address, "Theirs", at("13:00"))
    crossed(room, "Theirs")
    seen(reception, room, "Ours", at("10:00"))
    room.remove()
    room.link = office.operator.ask("link", "add", "--room", room.name, "--resource", room.address)["id"]
    room.settled(lambda: room.condition() == "in sync", "the link is in sync")
    assert sorted(event["subject"] for event in room.events()) == ["Ours", "Theirs"]
    assert sorted(booking["subject"] for booking in room.bookings("confirmed")) == ["Ours", "Theirs"]
