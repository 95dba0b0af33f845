"""A person organizes the meeting and invited the room: each side does what it is allowed to, and says so.

The organizer changes her meeting as she likes. LoopBooking may answer for the room: decline, or propose another time; what
it may not do is put back, with the reason.
"""

import pytest

from rig.changes import CHANGES, FIVE, WHEN
from rig.company import keeping
from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import is_at, shown_at
from rig.series import Series
from test_direct import crossed

pytestmark = pytest.mark.chapter("A person organizes and invited the room")


@pytest.fixture
def room(new_room):
    return new_room(**keeping())


@pytest.fixture
def meeting(anna, room):
    """Anna's single meeting, booked, whether the room has answered already or not: her event and its booking."""
    event = anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = crossed(room, "Strategy")
    return event, booking["id"]


@pytest.fixture
def series(anna, room, reception):
    """Anna's series, accepted and booked, and her own event."""
    series, event = Series.organized(anna, room, reception, WHEN, FIVE, "Strategy")
    room.settled(lambda: answer(anna, event, room) == "accepted", "the room accepts")
    return series, event


def answer(anna, event, room) -> str | None:
    return anna.event(None, event).attendees.get(room.address)


def own_occurrence(anna, event, series: Series, number: int):
    """An occurrence in the organizer's own calendar."""
    wanted = series.expected[series.original(number)] or None
    start = wanted.start if wanted else series.regular(number).instants[0]
    return next(each for each in anna.occurrences(None, event, series.start, series.end) if each.start == start)


# A single meeting


@pytest.mark.parametrize(
    "change", [pytest.param(name, marks=shows(f"{name} by the organizer", TO_LOOPBOOKING)) for name in CHANGES])
def test_the_organizer_changes_her_meeting(anna, room, lb, meeting, change):
    event, booking = meeting
    anna.change(None, event, when=CHANGES[change])
    room.settled(
        lambda: is_at(lb.booking(booking), CHANGES[change]) and lb.booking(booking)["status"] == "confirmed",
        "the booking follows")


@shows("retitled by the organizer", TO_LOOPBOOKING)
def test_the_organizer_retitles_her_meeting(anna, room, lb, meeting):
    event, booking = meeting
    anna.change(None, event, subject="Strategy 2030")
    room.settled(lambda: lb.booking(booking)["subject"] == "Strategy 2030", "the booking follows")


@pytest.mark.parametrize(
    "change", [pytest.param(name, marks=shows(f"{name} in LoopBooking: proposed", TO_CALENDAR)) for name in CHANGES])
def test_loopbooking_s_change_is_proposed_and_put_back(anna, room, lb, meeting, change):
    event, booking = meeting
    lb.change(booking, **CHANGES[change].loopbooking())
    proposed = room.settled(
        lambda: anna.event(None, event).proposals.get(room.address), "the organizer sees the proposal")
    assert proposed == CHANGES[change].instants
    room.settled(lambda: is_at(lb.booking(booking), WHEN), "the booking is put back until she decides")
    assert shown_at(anna.event(None, event), WHEN)
    story = room.office.operator.ask("history", booking)
    assert any("Only Anna Ansvarlig can change this meeting" in line["what"] for line in story), story


@shows("moved in LoopBooking before the room has answered: proposed when it has", TO_CALENDAR)
def test_a_proposal_waits_for_the_room_s_answer(anna, new_room, lb, office):
    # A room that somebody answers for; an attendant answers in the same way, only sooner.
    room = new_room(**keeping(automateProcessing="AutoUpdate"))
    event = anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = room.settled(lambda: room.booking("Strategy"), "the request is seen")["id"]
    later = WHEN.moved(hours=2)
    lb.change(booking, **later.loopbooking())
    mark = office.sim.mark()
    room.settled(lambda: len(office.sim.requests_since(mark, room.address)) >= 4, "four more passes")
    assert anna.event(None, event).proposals == {}, "the answer would take it back"
    assert is_at(lb.booking(booking), later)
    (request,) = room.events()
    office.sim.room_s_delegate_answers(room.address, request["id"], "accepted")
    room.settled(
        lambda: anna.event(None, event).proposals.get(room.address) == later.instants, "the organizer sees the proposal")
    room.settled(lambda: is_at(lb.booking(booking), WHEN), "the booking is put back until she decides")
    assert anna.event(None, event).proposals.get(room.address) == later.instants


@shows("a proposal is accepted", TO_LOOPBOOKING)
def test_the_organizer_accepts_the_proposal(anna, room, lb, meeting):
    event, booking = meeting
    later = WHEN.moved(hours=2)
    lb.change(booking, **later.loopbooking())
    room.settled(lambda: anna.event(None, event).proposals.get(room.address), "the organizer sees the proposal")
    anna.change(None, event, when=later)
    room.settled(
        lambda: is_at(lb.booking(booking), later) and lb.booking(booking)["showAs"] == "busy",
        "the booking is at the proposed time, for sure")


@shows("retitled in LoopBooking: put back, with the reason", TO_CALENDAR)
def test_loopbooking_s_title_is_put_back(anna, room, lb, meeting):
    event, booking = meeting
    lb.change(booking, subject="Something else")
    room.settled(lambda: lb.booking(booking)["subject"] == "Strategy", "the booking is put back")
    assert anna.event(None, event).subject == "Strategy"
    story = room.office.operator.ask("history", booking)
    assert any("Only Anna Ansvarlig can change this meeting" in line["what"] for line in story), story


@shows("cancelled in LoopBooking: the room declines", TO_CALENDAR)
def test_loopbooking_s_cancellation_is_a_decline(anna, room, lb, meeting):
    event, booking = meeting
    lb.cancel(booking)
    room.settled(lambda: answer(anna, event, room) == "declined", "the organizer sees that the room declined")
    assert anna.event(None, event).is_cancelled is False
    assert lb.booking(booking)["status"] == "cancelled"


# A series


@shows("a series, accepted", TO_LOOPBOOKING)
def test_an_accepted_series_is_one_booking(series, anna, room):
    accepted, event = series
    accepted.is_one_meeting()
    assert answer(anna, event, room) == "accepted"
    assert accepted.now()["organizer"]["name"] == "Anna Ansvarlig"


@shows("a series, one moved by the organizer", TO_LOOPBOOKING)
def test_the_organizer_moves_one_of_her_series(series, anna):
    accepted, event = series
    moved = accepted.regular(2).moved(hours=2)
    anna.change(None, own_occurrence(anna, event, accepted, 2).id, when=moved)
    accepted.expect_changed(2, moved).settle("the third meeting is moved").is_one_meeting()


@shows("a series, one cancelled by the organizer", TO_LOOPBOOKING)
def test_the_organizer_cancels_one_of_her_series(series, anna):
    accepted, event = series
    anna.cancel(None, own_occurrence(anna, event, accepted, 1).id, "Holiday")
    accepted.expect_cancelled(1).settle("the second meeting is off").is_one_meeting()


@shows("a series, extended by the organizer", TO_LOOPBOOKING)
def test_the_organizer_extends_her_series(series, anna):
    accepted, event = series
    anna.change_series(None, event, FIVE.times(8), WHEN)
    accepted.repeats = FIVE.times(8)
    accepted.expect_rule().settle("there are eight").is_one_meeting()


@shows("a series, shortened by the organizer", TO_LOOPBOOKING)
def test_the_organizer_shortens_her_series(series, anna):
    accepted, event = series
    anna.change_series(None, event, FIVE.times(2), WHEN)
    accepted.repeats = FIVE.times(2)
    accepted.expect_rule().settle("there are two").is_one_meeting()


@shows("a series, cancelled by the organizer", TO_LOOPBOOKING)
def test_the_organizer_cancels_her_series(series, anna, room):
    accepted, event = series
    anna.cancel(None, event, "No more")
    room.settled(lambda: accepted.now()["status"] == "cancelled", "the booking is cancelled")


@shows("a series, one cancelled in LoopBooking: declined", TO_CALENDAR)
def test_loopbooking_cancels_one_of_her_series(series, anna, room, lb):
    accepted, event = series
    lb.cancel_occurrence(accepted.booking, accepted.original(3))
    room.settled(
        lambda: own_occurrence(anna, event, accepted, 3).attendees.get(room.address) == "declined",
        "the organizer sees that the room declined that one")
    accepted.expect_cancelled(3).settle("the fourth meeting is off").is_one_meeting()
    assert answer(anna, event, room) == "accepted"


@shows("a series, one moved in LoopBooking: proposed", TO_CALENDAR)
def test_loopbooking_moves_one_of_her_series(series, anna, room, lb):
    accepted, event = series
    wish = accepted.regular(2).moved(hours=3)
    lb.change_occurrence(accepted.booking, accepted.original(2), **wish.loopbooking())
    proposed = room.settled(
        lambda: own_occurrence(anna, event, accepted, 2).proposals.get(room.address), "she sees the proposal")
    assert proposed == wish.instants
    accepted.settle("the booking is put back until she decides").is_one_meeting()


@shows("a series, changed as a whole in LoopBooking: put back", TO_CALENDAR)
def test_loopbooking_cannot_change_her_series(series, room, lb):
    accepted, _ = series
    lb.change(accepted.booking, recurrence={"count": 8})
    story = lambda: room.office.operator.ask("history", accepted.booking)  # noqa: E731
    room.settled(
        lambda: any("Only Anna Ansvarlig can change this meeting" in line["what"] for line in story()),
        "the story says who can")
    accepted.settle("the series is put back")


@shows("a series, cancelled in LoopBooking: declined", TO_CALENDAR)
def test_loopbooking_cancels_her_series(series, anna, room, lb):
    accepted, event = series
    lb.cancel(accepted.booking)
    room.settled(lambda: answer(anna, event, room) == "declined", "the organizer sees that the room declined")
    assert accepted.now()["status"] == "cancelled"


# Who else has to do with it


@shows("forwarded to the room by an attendee", TO_LOOPBOOKING)
def test_a_forwarded_invitation_books_the_room(anna, ben, room, office):
    anna.book(None, "Strategy", WHEN, people=[office.company.person("ben")])
    start, end = WHEN.instants
    copy = room.settled(lambda: ben.events(None, start, end), "Ben has the invitation")[-1]
    ben.forward(None, copy.id, room.address)
    booking = crossed(room, "Strategy")
    assert booking["organizer"]["name"] == "Anna Ansvarlig"


@shows("made by the organizer's delegate", TO_LOOPBOOKING)
def test_a_delegate_books_for_the_organizer(ben, room, office):
    office.sim.change_user(
        office.company.domain, office.company.person("anna"), delegates=[office.company.person("ben")])
    ben.book(office.company.person("anna"), "For Anna", WHEN, invite=[room.address])
    booking = crossed(room, "For Anna")
    assert booking["organizer"]["name"] == "Anna Ansvarlig"


@shows("attendees come and go", TO_LOOPBOOKING)
def test_attendees_come_and_go(anna, room, lb, office):
    ben = office.company.person("ben")
    event = anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = crossed(room, "Strategy")["id"]
    anna.change(None, event, invite=[room.address], people=[ben])
    room.settled(lambda: ben in [each["address"] for each in lb.booking(booking)["attendees"]], "Ben is an attendee")
    anna.change(None, event, invite=[room.address], people=[])
    room.settled(
        lambda: ben not in [each["address"] for each in lb.booking(booking)["attendees"]], "Ben is not any more")
    assert lb.booking(booking)["status"] == "confirmed"


@shows("the organizer changes", TO_LOOPBOOKING)
def test_somebody_else_takes_the_meeting_over(anna, ben, room, lb, office, meeting):
    event, booking = meeting
    office.sim.change_organizer(office.company.person("anna"), event, office.company.person("ben"))
    room.settled(
        lambda: (lb.booking(booking)["organizer"] or {}).get("address") == office.company.person("ben"),
        "the booking says who organizes it now")
    assert len(room.bookings("confirmed")) == 1


@shows("the organizer is gone", TO_CALENDAR)
def test_the_organizer_has_left(office, room, lb):
    company = office.company
    company.add_person("leaver", "Lea Leaver")
    leaver = office.outlook("sdk", "leaver")
    leaver.book(None, "Handover", WHEN, invite=[room.address])
    booking = crossed(room, "Handover")["id"]
    office.sim.delete_user(company.domain, company.person("leaver"))
    # Nobody can move it any more; LoopBooking can still free the room.
    lb.cancel(booking)
    room.settled(lambda: not room.events(), "the room is free")
    assert lb.booking(booking)["status"] == "cancelled"
    assert room.book("Somebody else", WHEN)["status"] == "confirmed"


# How the room answers


@shows("the room keeps cancelled meetings", TO_LOOPBOOKING)
def test_a_cancelled_meeting_that_the_room_keeps_is_a_cancellation(anna, new_room, lb):
    room = new_room(**keeping(removeCanceledMeetings=False))
    event = anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = crossed(room, "Strategy")["id"]
    anna.cancel(None, event, "Moved online")
    room.settled(lambda: lb.booking(booking)["status"] == "cancelled", "the booking is cancelled")
    kept = room.office.sim.events(room.address)
    assert [each["isCancelled"] for each in kept] == [True], "the room kept the item"


@shows("the room removes cancelled meetings", TO_LOOPBOOKING)
def test_a_cancelled_meeting_that_the_room_removes(anna, new_room, lb):
    room = new_room(**keeping(removeCanceledMeetings=True))
    event = anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = crossed(room, "Strategy")["id"]
    anna.cancel(None, event, "Moved online")
    room.settled(lambda: lb.booking(booking)["status"] == "cancelled", "the booking is cancelled")
    assert room.office.sim.events(room.address) == []


@shows("the room declines one of a series", TO_LOOPBOOKING)
def test_the_room_accepts_a_series_without_the_one_that_clashes(anna, new_room, reception):
    room = new_room(**keeping(conflictPercentageAllowed=50, maximumConflictInstances=2))
    room.book("Ours", WHEN.moved(days=14))
    room.settled(lambda: room.events(), "the booking is in the room's calendar")
    series = Series(room, reception, WHEN, FIVE, "Strategy", days=170, is_copy=True)
    event = anna.book_series(None, "Strategy", WHEN, FIVE, invite=[room.address])
    series.expect_cancelled(2).settle("four of five are booked")
    own = next(each for each in anna.occurrences(None, event, series.start, series.end)
               if each.start == series.regular(2).instants[0])
    assert own.attendees[room.address] == "declined"
    assert crossed(room, "Ours")


@shows("the room shortens a series to its booking window", TO_LOOPBOOKING)
def test_the_room_shortens_a_series(anna, new_room, reception):
    room = new_room(**keeping(bookingWindowInDays=30, enforceSchedulingHorizon=False))
    anna.book_series(None, "Strategy", WHEN, FIVE.times(20), invite=[room.address])
    booking = crossed(room, "Strategy")
    held = Series(room, reception, WHEN, FIVE.times(20), "Strategy", booking=booking["id"], days=170, is_copy=True)
    room.settled(lambda: len(held.in_loopbooking()) == 4, "only what lies within the window is booked")


@shows("a request waits for approval, and is approved", TO_LOOPBOOKING)
def test_a_request_is_approved(anna, new_room, office, lb):
    room = new_room(**keeping(allBookInPolicy=False, allRequestInPolicy=True))
    anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = room.settled(lambda: room.booking("Strategy"), "the request is seen")["id"]
    assert lb.booking(booking)["showAs"] == "tentative"
    (request,) = room.events()
    office.sim.room_s_delegate_answers(room.address, request["id"], "accepted")
    room.settled(
        lambda: (lb.booking(booking)["status"], lb.booking(booking)["showAs"]) == ("confirmed", "busy"), "it is booked")


@shows("a request waits for approval, and is refused", TO_LOOPBOOKING)
def test_a_request_is_refused(anna, new_room, office, lb):
    room = new_room(**keeping(automateProcessing="AutoUpdate"))
    anna.book(None, "Strategy", WHEN, invite=[room.address])
    booking = room.settled(lambda: room.booking("Strategy"), "the request is seen")["id"]
    (request,) = room.events()
    office.sim.room_s_delegate_answers(room.address, request["id"], "declined")
    room.settled(lambda: lb.booking(booking)["status"] in ("cancelled", "refused"), "the booking is off")


@shows("a series waits for approval", TO_LOOPBOOKING)
def test_a_series_waits_for_approval(anna, new_room, reception, lb):
    room = new_room(**keeping(automateProcessing="AutoUpdate"))
    series, _ = Series.organized(anna, room, reception, WHEN, FIVE, "Strategy")
    assert series.now()["showAs"] == "tentative"
    series.is_one_meeting()
