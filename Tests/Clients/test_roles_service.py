"""The service account organizes (`--writing invite`) or the room itself does (direct): a series made in LoopBooking."""

import pytest

from rig.changes import CHANGES, FIVE, WHEN
from rig.company import keeping
from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.meeting import is_at, raw_instants
from rig.series import Series
from test_invite_mode import INVITE, confirmed, own

pytestmark = pytest.mark.chapter("The service account organizes and invites the room")


@pytest.fixture
def room(new_room):
    return new_room(*INVITE, **keeping())


@pytest.fixture
def meeting(room):
    """A single booking, accepted by the room."""
    booking = room.book("Invited", WHEN)
    return confirmed(room, booking)["id"]


@pytest.fixture
def series(room, reception):
    """A series, accepted by the room."""
    series = Series.made_in_loopbooking(room, reception, WHEN, FIVE, "Invited", is_copy=True)
    confirmed(room, {"id": series.booking})
    return series


def own_occurrence(service, series: Series, number: int):
    (mine,) = own(series.room, series.subject)
    start = series.regular(number).instants[0]
    return next(
        each for each in service.occurrences(None, mine["id"], series.start, series.end) if each.start == start)


@pytest.mark.parametrize(
    "change", [pytest.param(name, marks=shows(f"{name} in LoopBooking", TO_CALENDAR)) for name in CHANGES])
def test_changed_in_loopbooking(room, lb, meeting, change):
    lb.change(meeting, **CHANGES[change].loopbooking())
    room.settled(
        lambda: [raw_instants(event) for event in room.events()] == [CHANGES[change].instants], "the room's copy follows")
    assert is_at(confirmed(room, {"id": meeting}), CHANGES[change])


@pytest.mark.parametrize(
    "change", [pytest.param(name, marks=shows(f"{name} by the service account", TO_LOOPBOOKING)) for name in CHANGES])
def test_changed_by_the_service_account(room, lb, service, meeting, change):
    (mine,) = own(room, "Invited")
    service.change(None, mine["id"], when=CHANGES[change])
    room.settled(lambda: is_at(lb.booking(meeting), CHANGES[change]), "the booking follows")
    assert is_at(confirmed(room, {"id": meeting}), CHANGES[change])


@shows("cancelled by the service account", TO_LOOPBOOKING)
def test_cancelled_by_the_service_account(room, lb, service, meeting):
    (mine,) = own(room, "Invited")
    service.cancel(None, mine["id"], "Not needed")
    room.settled(lambda: lb.booking(meeting)["status"] == "cancelled", "the booking is cancelled")


@shows("a series, accepted", TO_CALENDAR)
def test_a_series_is_one_invitation(series, room):
    (mine,) = own(room, "Invited")
    assert mine["type"] == "seriesMaster"
    series.is_one_meeting()


@shows("a series, one moved in LoopBooking", TO_CALENDAR)
def test_one_of_a_series_is_moved_in_loopbooking(series, lb):
    moved = series.regular(2).moved(hours=2)
    lb.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.expect_changed(2, moved).settle("the third meeting is moved").is_one_meeting()


@shows("a series, one cancelled in LoopBooking", TO_CALENDAR)
def test_one_of_a_series_is_cancelled_in_loopbooking(series, lb):
    lb.cancel_occurrence(series.booking, series.original(1))
    series.expect_cancelled(1).settle("the second meeting is off").is_one_meeting()


@shows("a series, extended in LoopBooking", TO_CALENDAR)
def test_a_series_is_extended_in_loopbooking(series, lb):
    lb.change(series.booking, recurrence={"count": 8})
    series.repeats = FIVE.times(8)
    series.expect_rule().settle("there are eight").is_one_meeting()


@shows("a series, shortened in LoopBooking", TO_CALENDAR)
def test_a_series_is_shortened_in_loopbooking(series, lb):
    lb.change(series.booking, recurrence={"count": 2})
    series.repeats = FIVE.times(2)
    series.expect_rule().settle("there are two").is_one_meeting()


@shows("a series, cancelled in LoopBooking", TO_CALENDAR)
def test_a_series_is_cancelled_in_loopbooking(series, room, lb):
    lb.cancel(series.booking)
    room.settled(lambda: not room.events() and not own(room, "Invited"), "it is cancelled everywhere")


@shows("a series, one moved by the service account", TO_LOOPBOOKING)
def test_one_of_a_series_is_moved_by_the_service_account(series, service):
    moved = series.regular(2).moved(hours=2)
    service.change(None, own_occurrence(service, series, 2).id, when=moved)
    series.expect_changed(2, moved).settle("the third meeting is moved").is_one_meeting()


@shows("a series, one cancelled by the service account", TO_LOOPBOOKING)
def test_one_of_a_series_is_cancelled_by_the_service_account(series, service):
    service.cancel(None, own_occurrence(service, series, 3).id)
    series.expect_cancelled(3).settle("the fourth meeting is off").is_one_meeting()


@shows("a series, one declined by the room", TO_LOOPBOOKING)
def test_the_room_declines_one_of_a_series(new_room, reception):
    room = new_room(*INVITE, **keeping(conflictPercentageAllowed=50, maximumConflictInstances=2))
    series = Series(room, reception, WHEN, FIVE, "Invited", is_copy=True)
    with room.paused():
        reception.book(room.address, "Theirs", WHEN.moved(days=14))
        series.booking = room.book_series("Invited", WHEN, FIVE)["id"]
    series.expect_cancelled(2).settle("four of five are booked")
    confirmed(room, {"id": series.booking})
