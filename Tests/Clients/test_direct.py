"""One meeting, both ways: what a person does in Outlook stands in LoopBooking, and the other way round.

The Outlook side is msgraph-sdk and O365 in turn; they write straight into the room's calendar, as a receptionist with Full
Access does.
"""

from datetime import timedelta

import pytest

from rig.interoperability import BOTH, TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import instants, is_at, shown_at
from rig.office import one
from rig.when import at

pytestmark = pytest.mark.chapter("Single meetings")


def shown(outlook, room, when):
    """What the person sees in the room's calendar around a time."""
    start, end = when.instants
    return outlook.events(room.address, start - timedelta(days=2), end + timedelta(days=2))


def crossed(room, subject: str) -> dict:
    """The confirmed booking with this subject, once it is there."""

    def confirmed():
        booking = room.booking(subject)
        return booking if booking and booking["status"] == "confirmed" else None

    return room.settled(confirmed, f"'{subject}' is booked in LoopBooking")


def seen(outlook, room, subject: str, when):
    return room.settled(lambda: one(shown(outlook, room, when), subject), f"'{subject}' is in the room's calendar")


@shows("booked", TO_LOOPBOOKING)
def test_booked_in_outlook(outlook, room):
    when = at("10:00")
    outlook.book(room.address, "Budget", when, body="Bring numbers")
    booking = crossed(room, "Budget")
    assert is_at(booking, when)
    assert booking["start"]["dateTime"] == when.start.isoformat()
    assert booking["start"]["timeZone"] == "Europe/Oslo"
    assert (booking["body"], booking["origin"], booking["showAs"]) == ("Bring numbers", "calendar", "busy")
    assert booking["sensitivity"] == "normal"


@shows("booked", TO_CALENDAR)
def test_booked_in_loopbooking(outlook, room):
    when = at("14:30", minutes=45)
    room.book("Interview", when, body="Second round", organizer={"name": "Eva Dahl", "address": "eva@example.com"})
    event = seen(outlook, room, "Interview", when)
    assert shown_at(event, when)
    assert (event.show_as, event.sensitivity, event.attendees) == ("busy", "normal", {})
    assert event.body.startswith("Second round")
    assert "Eva Dahl" in event.body
    booking = room.booking("Interview")
    assert (booking["status"], booking["origin"]) == ("confirmed", "loopBooking")


@shows("moved", TO_LOOPBOOKING)
def test_moved_in_outlook(outlook, room):
    when = at("10:00")
    event = outlook.book(room.address, "Standup", when)
    booking = crossed(room, "Standup")
    outlook.change(room.address, event, when=when.moved(days=1, hours=2))
    room.settled(lambda: is_at(room.booking("Standup"), when.moved(days=1, hours=2)), "the booking moves")
    assert room.booking("Standup")["id"] == booking["id"]


@shows("moved", TO_CALENDAR)
def test_moved_in_loopbooking(outlook, room):
    when = at("10:00")
    booking = room.book("Retro", when)
    event = seen(outlook, room, "Retro", when)
    room.office.loopbooking.change(booking["id"], **when.moved(hours=3).loopbooking())
    room.settled(lambda: shown_at(seen(outlook, room, "Retro", when), when.moved(hours=3)), "the event moves")
    assert seen(outlook, room, "Retro", when).id == event.id


@shows("extended, shortened", TO_CALENDAR)
@shows("extended, shortened", TO_LOOPBOOKING)
def test_extended_and_shortened(outlook, room):
    when = at("10:00")
    booking = room.book("Elastic", when)
    event = seen(outlook, room, "Elastic", when)
    room.office.loopbooking.change(booking["id"], **when.lasting(90).loopbooking())
    room.settled(lambda: shown_at(seen(outlook, room, "Elastic", when), when.lasting(90)), "the event is extended")
    outlook.change(room.address, event.id, when=when.lasting(30))
    room.settled(lambda: is_at(room.booking("Elastic"), when.lasting(30)), "the booking is shortened")


@shows("retitled", TO_LOOPBOOKING)
def test_retitled_in_outlook(outlook, room):
    when = at("10:00")
    event = outlook.book(room.address, "Draft title", when)
    booking = crossed(room, "Draft title")
    outlook.change(room.address, event, subject="Final title")
    assert crossed(room, "Final title")["id"] == booking["id"]
    assert room.booking("Draft title") is None


@shows("retitled", TO_CALENDAR)
def test_retitled_in_loopbooking(outlook, room):
    when = at("10:00")
    booking = room.book("Draft title", when)
    event = seen(outlook, room, "Draft title", when)
    room.office.loopbooking.change(booking["id"], subject="Final title")
    assert seen(outlook, room, "Final title", when).id == event.id


@shows("notes edited", TO_LOOPBOOKING)
def test_notes_edited_in_outlook(outlook, room):
    when = at("10:00")
    event = outlook.book(room.address, "Notes", when, body="One")
    crossed(room, "Notes")
    outlook.change(room.address, event, body="One\nTwo")
    room.settled(lambda: room.booking("Notes")["body"] == "One\nTwo", "the notes cross")


@shows("notes edited", TO_CALENDAR)
def test_notes_edited_in_loopbooking(outlook, room):
    when = at("10:00")
    booking = room.book("Notes", when, body="One")
    seen(outlook, room, "Notes", when)
    room.office.loopbooking.change(booking["id"], body="One\nTwo")
    room.settled(lambda: seen(outlook, room, "Notes", when).body.startswith("One\nTwo"), "the notes cross")


@shows("cancelled", TO_LOOPBOOKING)
def test_cancelled_in_outlook(outlook, room):
    when = at("10:00")
    event = outlook.book(room.address, "Doomed", when)
    crossed(room, "Doomed")
    outlook.delete(room.address, event)
    room.settled(lambda: room.booking("Doomed")["status"] == "cancelled", "the booking is cancelled")
    assert room.booking("Doomed")["reason"]
    # The slot is free again.
    assert room.book("Next", when)["status"] == "confirmed"


@shows("cancelled", TO_CALENDAR)
def test_cancelled_in_loopbooking(outlook, room):
    when = at("10:00")
    booking = room.book("Doomed", when)
    seen(outlook, room, "Doomed", when)
    room.office.loopbooking.cancel(booking["id"])
    room.settled(lambda: one(shown(outlook, room, when), "Doomed") is None, "the event is gone")
    assert room.booking("Doomed")["status"] == "cancelled"


@shows("cancelled on the other side", TO_LOOPBOOKING)
def test_made_in_loopbooking_cancelled_in_outlook(outlook, room):
    when = at("10:00")
    room.book("Doomed", when)
    event = seen(outlook, room, "Doomed", when)
    outlook.delete(room.address, event.id)
    room.settled(lambda: room.booking("Doomed")["status"] == "cancelled", "the booking is cancelled")


@shows("cancelled on the other side", TO_CALENDAR)
def test_made_in_outlook_cancelled_in_loopbooking(outlook, room):
    when = at("10:00")
    outlook.book(room.address, "Doomed", when)
    room.office.loopbooking.cancel(crossed(room, "Doomed")["id"])
    room.settled(lambda: one(shown(outlook, room, when), "Doomed") is None, "the event is gone")


@shows("back and forth without an echo", BOTH)
def test_a_meeting_goes_back_and_forth_without_an_echo(reception, room):
    when = at("10:00")
    booking = room.book("Traveller", when)
    event = seen(reception, room, "Traveller", when)
    for hour in range(1, 4):
        room.office.loopbooking.change(booking["id"], **when.moved(hours=2 * hour).loopbooking())
        room.settled(
            lambda: shown_at(seen(reception, room, "Traveller", when), when.moved(hours=2 * hour)), "the event moves")
        reception.change(room.address, event.id, when=when.moved(hours=2 * hour - 1))
        room.settled(lambda: is_at(room.booking("Traveller"), when.moved(hours=2 * hour - 1)), "the booking moves")
    revision = room.booking("Traveller")["revision"]
    before = room.office.sim.mark()

    def quiet():
        recent = room.office.sim.requests_since(before, room.address)
        assert not [entry for entry in recent if entry["method"] in ("POST", "PATCH", "DELETE")], recent
        return len(recent) >= 4

    room.settled(quiet, "four passes that write nothing")
    assert room.booking("Traveller")["revision"] == revision


@pytest.mark.parametrize("sensitivity", ["private", "confidential", "personal"])
@shows("private flag", TO_LOOPBOOKING)
def test_private_in_outlook(reception, room, sensitivity):
    when = at("10:00")
    reception.book(room.address, "Salary", when, sensitivity=sensitivity)
    assert crossed(room, "Salary")["sensitivity"] == sensitivity


@shows("private flag", TO_CALENDAR)
def test_private_in_loopbooking(outlook, room):
    when = at("10:00")
    room.book("Salary", when, sensitivity="private")
    assert seen(outlook, room, "Salary", when).sensitivity == "private"


@shows("private flag", TO_LOOPBOOKING)
def test_made_private_later(reception, room):
    when = at("10:00")
    event = reception.book(room.address, "Salary", when)
    crossed(room, "Salary")
    reception.change(room.address, event, sensitivity="private")
    room.settled(lambda: room.booking("Salary")["sensitivity"] == "private", "the private flag crosses")


@shows("tentative", TO_LOOPBOOKING)
def test_tentative_in_outlook_holds_the_room(outlook, room):
    when = at("10:00")
    outlook.book(room.address, "Maybe", when, show_as="tentative")
    booking = crossed(room, "Maybe")
    assert booking["showAs"] == "tentative"
    assert instants(booking) == when.instants


@shows("shown as free", TO_LOOPBOOKING)
def test_free_in_outlook_holds_nothing(reception, room):
    when = at("10:00")
    event = reception.book(room.address, "Reminder", when, show_as="free")
    reception.book(room.address, "Marker", when.moved(hours=4))
    crossed(room, "Marker")
    assert room.booking("Reminder") is None
    # It takes the room once it is shown as busy, and lets go of it again.
    reception.change(room.address, event, show_as="busy")
    crossed(room, "Reminder")
    reception.change(room.address, event, show_as="free")
    room.settled(lambda: room.booking("Reminder")["status"] == "cancelled", "the booking is cancelled")


@shows("tentative", TO_CALENDAR)
def test_tentative_in_loopbooking(reception, room):
    when = at("10:00")
    room.book("Maybe", when, showAs="tentative")
    assert seen(reception, room, "Maybe", when).show_as == "tentative"


TEXTS = {
    "umlauts": "Møte på Ærøskøbing: Grüße, façade, Žižkov",
    "emoji": "🎉 Launch 👩‍💻 party 🇳🇴",
    "right to left": "פגישה עם שלום",
    "chinese": "季度预算会议",
    "markup": "Q&A <b>not bold</b> \"quoted\" & 'single'",
    "long": "Long " + "subject " * 31 + "end",
}


@pytest.mark.parametrize("name", TEXTS)
@shows("every script and sign in a title", TO_LOOPBOOKING)
@shows("every script and sign in a title", TO_CALENDAR)
def test_subjects_cross_unharmed(outlook, room, name):
    text = TEXTS[name][:255]
    when = at("10:00")
    outlook.book(room.address, text, when, body=text)
    booking = crossed(room, text)
    assert booking["body"] == text
    back = "Zurück: " + text[:240]
    later = when.moved(hours=3)
    room.book(back, later, body=text)
    event = seen(outlook, room, back, later)
    assert event.body.startswith(text)


@shows("formatted notes become text", TO_LOOPBOOKING)
def test_html_becomes_text(outlook, room):
    when = at("10:00")
    outlook.book(
        room.address, "Rich", when, html=True,
        body='<html><body><p>Read <a href="https://example.com/plan?a=1&amp;b=2">the plan</a></p>'
        "<ul><li>First</li><li>Second</li></ul></body></html>")
    body = crossed(room, "Rich")["body"]
    assert "<" not in body, body
    assert "the plan" in body and "First" in body and "Second" in body


@shows("markup stays text", TO_CALENDAR)
def test_markup_typed_in_loopbooking_stays_text(outlook, room):
    when = at("10:00")
    body = "if a < b & b > c:\n<script>alert(1)</script>"
    room.book("Code", when, body=body)
    event = seen(outlook, room, "Code", when)
    assert event.body.startswith(body)
    booking = room.booking("Code")
    assert booking["body"] == body


@shows("attendees", TO_LOOPBOOKING)
def test_attendees_in_outlook_are_seen_in_loopbooking(reception, room, office):
    ben = office.company.person("ben")
    reception.book(room.address, "Guests", at("10:00"), people=[ben])
    assert [each["address"] for each in crossed(room, "Guests")["attendees"]] == [ben]


@shows("back to back", TO_LOOPBOOKING)
@shows("back to back", TO_CALENDAR)
def test_back_to_back_is_no_clash(outlook, room):
    first, second, third = at("10:00"), at("11:00"), at("12:00")
    outlook.book(room.address, "First", first)
    room.book("Second", second)
    outlook.book(room.address, "Third", third)
    crossed(room, "First")
    crossed(room, "Third")
    event = seen(outlook, room, "Second", second)
    assert shown_at(event, second)
    crossed(room, "Second")
    assert [booking["status"] for booking in room.bookings()] == ["confirmed"] * 3
    assert not [event for event in shown(outlook, room, second) if event.subject.startswith("Not booked")]
