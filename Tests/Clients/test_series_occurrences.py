"""One meeting of a series is moved, edited, cancelled, put back; the others stand.

What counts most is done to a series that was made in Outlook and to one that was made in LoopBooking, the rest to one.
"""

import pytest

from rig.interoperability import BOTH, TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.recurrence import weekday, weekly
from rig.series import Series
from rig.when import at

pytestmark = pytest.mark.chapter("Single meetings of a series")

WHEN = at("10:00", days=3)
WEEKLY = weekly(weekday(WHEN.start.date())).times(5)


either = pytest.mark.parametrize("series", ["made in Outlook", "made in LoopBooking"], indirect=True)
ours = pytest.mark.parametrize("series", ["made in LoopBooking"], indirect=True)


@pytest.fixture
def series(request, reception, room):
    """Made in Outlook unless the test says otherwise."""
    made = getattr(request, "param", "made in Outlook")
    make = Series.made_in_outlook if made == "made in Outlook" else Series.made_in_loopbooking
    return make(room, reception, WHEN, WEEKLY, "Standup", body="Agenda")


# Moved

HOURS_LATER = {"hours": 3}
DAYS_LATER = {"days": 2, "hours": -1}


@either
@pytest.mark.parametrize("shift", [HOURS_LATER, DAYS_LATER], ids=["that day", "another day"])
@shows("moved", TO_LOOPBOOKING)
def test_one_is_moved_in_outlook(series, reception, room, shift):
    moved = series.regular(2).moved(**shift)
    reception.change(room.address, series.instance(2).id, when=moved)
    series.expect_changed(2, moved).settle("the third meeting is moved").is_one_meeting()


@shows("moved", TO_LOOPBOOKING)
def test_one_is_moved_by_either_client(series, outlook, room):
    moved = series.regular(1).moved(minutes=45)
    outlook.change(room.address, series.instance(1).id, when=moved)
    series.expect_changed(1, moved).settle("the second meeting is moved")


@either
@pytest.mark.parametrize("shift", [HOURS_LATER, DAYS_LATER], ids=["that day", "another day"])
@shows("moved", TO_CALENDAR)
def test_one_is_moved_in_loopbooking(series, lb, shift):
    moved = series.regular(2).moved(**shift)
    lb.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.expect_changed(2, moved).settle("the third meeting is moved").is_one_meeting()


@ours
@shows("made longer", TO_LOOPBOOKING)
def test_one_is_extended_in_outlook(series, reception, room):
    longer = series.regular(1).lasting(150)
    reception.change(room.address, series.instance(1).id, when=longer)
    series.expect_changed(1, longer).settle("the second meeting is longer")


@shows("made shorter", TO_CALENDAR)
def test_one_is_shortened_in_loopbooking(series, lb):
    shorter = series.regular(1).lasting(20)
    lb.change_occurrence(series.booking, series.original(1), **shorter.loopbooking())
    series.expect_changed(1, shorter).settle("the second meeting is shorter")


@ours
@shows("moved and moved back", TO_LOOPBOOKING)
def test_one_is_moved_in_outlook_and_back(series, reception, room):
    moved = series.regular(2).moved(hours=3)
    reception.change(room.address, series.instance(2).id, when=moved)
    series.expect_changed(2, moved).settle("the third meeting is moved")
    reception.change(room.address, series.instance(2).id, when=series.regular(2))
    series.expect_rule().settle("the third meeting is where it was")


@shows("moved and moved back", TO_CALENDAR)
def test_one_is_moved_in_loopbooking_and_back(series, lb):
    moved = series.regular(2).moved(hours=3)
    lb.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.expect_changed(2, moved).settle("the third meeting is moved")
    lb.change_occurrence(series.booking, series.original(2), **series.regular(2).loopbooking())
    series.expect_rule().settle("the third meeting is where it was")


@ours
@shows("moved on one side, then on the other", BOTH)
def test_one_goes_back_and_forth(series, reception, room, lb):
    for hours in (2, 3):
        moved = series.regular(2).moved(hours=hours)
        lb.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
        series.expect_changed(2, moved).settle("LoopBooking's move crosses")
        moved = moved.moved(minutes=-30)
        reception.change(room.address, series.instance(2).id, when=moved)
        series.expect_changed(2, moved).settle("Outlook's move crosses")


# Edited


@either
@shows("retitled", TO_LOOPBOOKING)
def test_one_is_retitled_in_outlook(series, reception, room):
    reception.change(room.address, series.instance(3).id, subject="Standup with guests")
    series.expect_changed(3, subject="Standup with guests").settle("the fourth meeting has its own title")
    assert series.now()["subject"] == "Standup"


@either
@shows("retitled", TO_CALENDAR)
def test_one_is_retitled_in_loopbooking(series, lb, reception, room):
    lb.change_occurrence(series.booking, series.original(3), subject="Standup with guests")
    series.expect_changed(3, subject="Standup with guests").settle("the fourth meeting has its own title")
    assert reception.event(room.address, series.master).subject == "Standup"


def notes_in_loopbooking(series, number: int) -> str:
    found = series.room.office.loopbooking.occurrences(series.booking, series.start, series.end)
    return next(each["body"] for each in found if each["original"] == series.original(number))


@ours
@shows("notes edited", TO_LOOPBOOKING)
def test_notes_of_one_are_edited_in_outlook(series, reception, room):
    reception.change(room.address, series.instance(1).id, body="Agenda\nBring numbers")
    room.settled(lambda: notes_in_loopbooking(series, 1) == "Agenda\nBring numbers", "the notes cross")
    assert notes_in_loopbooking(series, 2) == "Agenda"
    series.settle("nothing else is changed")


@shows("notes edited", TO_CALENDAR)
def test_notes_of_one_are_edited_in_loopbooking(series, lb, room):
    lb.change_occurrence(series.booking, series.original(1), body="Agenda\nBring numbers")
    room.settled(lambda: series.instance(1).body.startswith("Agenda\nBring numbers"), "the notes cross")
    assert series.instance(2).body == "Agenda"
    series.settle("nothing else is changed")


# Cancelled


@either
@shows("cancelled", TO_LOOPBOOKING)
def test_one_is_cancelled_in_outlook(series, reception, room):
    reception.delete(room.address, series.instance(1).id)
    series.expect_cancelled(1).settle("the second meeting is off").is_one_meeting()
    assert room.book("Somebody else", series.regular(1))["status"] == "confirmed"


@shows("cancelled", TO_LOOPBOOKING)
def test_one_is_cancelled_by_either_client(series, outlook, room):
    outlook.delete(room.address, series.instance(0).id)
    outlook.delete(room.address, series.instance(4).id)
    series.expect_cancelled(0, 4).settle("the first and the last meeting are off").is_one_meeting()


@either
@shows("cancelled", TO_CALENDAR)
def test_one_is_cancelled_in_loopbooking(series, lb):
    lb.cancel_occurrence(series.booking, series.original(1))
    series.expect_cancelled(1).settle("the second meeting is off").is_one_meeting()


@ours
@shows("moved, then cancelled", TO_LOOPBOOKING)
def test_a_moved_one_is_cancelled_in_outlook(series, reception, room):
    moved = series.regular(2).moved(hours=3)
    reception.change(room.address, series.instance(2).id, when=moved)
    series.expect_changed(2, moved).settle("the third meeting is moved")
    reception.delete(room.address, series.instance(2).id)
    series.expect_cancelled(2).settle("the third meeting is off")


@shows("all cancelled one by one", TO_LOOPBOOKING)
def test_the_last_one_left_is_cancelled_in_outlook(series, reception, room):
    for number in range(5):
        reception.delete(room.address, series.instance(number).id)
    room.settled(lambda: series.now()["status"] == "cancelled", "the booking is cancelled")


@ours
@shows("all cancelled one by one", TO_CALENDAR)
def test_the_last_one_left_is_cancelled_in_loopbooking(series, lb, room):
    for number in range(5):
        lb.cancel_occurrence(series.booking, series.original(number))
    room.settled(lambda: not room.events(), "the series is gone")
    assert series.now()["status"] == "cancelled"


@ours
@shows("shown as free, and busy again", TO_LOOPBOOKING)
def test_one_is_shown_as_free_in_outlook(series, reception, room):
    event = series.instance(2).id
    reception.change(room.address, event, show_as="free")
    series.expect_cancelled(2).settle("the third meeting holds the room no longer")
    reception.change(room.address, event, show_as="busy")
    series.expect_rule().settle("it holds the room again")


# Put back


@either
@shows("restored", TO_CALENDAR)
def test_one_cancelled_in_loopbooking_is_restored(series, lb):
    lb.cancel_occurrence(series.booking, series.original(2))
    series.expect_cancelled(2).settle("the third meeting is off")
    lb.restore_occurrence(series.booking, series.original(2))
    series.expect_rule().settle("the third meeting is on again").is_one_meeting()


@ours
@shows("restored", TO_CALENDAR)
def test_one_cancelled_in_outlook_is_restored_in_loopbooking(series, lb, reception, room):
    reception.delete(room.address, series.instance(2).id)
    series.expect_cancelled(2).settle("the third meeting is off")
    lb.restore_occurrence(series.booking, series.original(2))
    series.expect_rule().settle("the third meeting is on again").is_one_meeting()


@either
@shows("restored, others changed", TO_CALENDAR)
def test_one_is_restored_and_the_changed_ones_stay_changed(series, lb, reception, room):
    moved = series.regular(3).moved(hours=2)
    reception.change(room.address, series.instance(3).id, when=moved)
    reception.change(room.address, series.instance(4).id, subject="Last one")
    reception.delete(room.address, series.instance(1).id)
    series.expect_cancelled(1).expect_changed(3, moved).expect_changed(4, subject="Last one").settle("all is changed")
    lb.restore_occurrence(series.booking, series.original(1))
    series.expected.update(Series(room, reception, WHEN, WEEKLY.times(3), "Standup").expected)
    series.settle("the second meeting is on again, the others as they were").is_one_meeting()


@shows("moved in Outlook, restored", TO_CALENDAR)
def test_a_moved_one_is_put_back_in_loopbooking(series, lb, reception, room):
    moved = series.regular(2).moved(hours=3)
    reception.change(room.address, series.instance(2).id, when=moved)
    series.expect_changed(2, moved).settle("the third meeting is moved")
    lb.restore_occurrence(series.booking, series.original(2))
    series.expect_rule().settle("the third meeting is where the rule puts it")


# Both sides at once


@either
@shows("different meetings changed on both sides", BOTH)
def test_different_ones_are_changed_on_both_sides(series, reception, room, lb):
    earlier, later = series.regular(1).moved(hours=-2), series.regular(3).moved(hours=2)
    with room.paused():
        reception.change(room.address, series.instance(1).id, when=earlier)
        reception.delete(room.address, series.instance(2).id)
        lb.change_occurrence(series.booking, series.original(3), **later.loopbooking())
        lb.cancel_occurrence(series.booking, series.original(4))
    series.expect_changed(1, earlier).expect_cancelled(2, 4).expect_changed(3, later)
    series.settle("both sides have all of it").is_one_meeting()


@shows("one meeting moved here and retitled there", BOTH)
def test_one_is_moved_in_outlook_and_retitled_in_loopbooking(series, reception, room, lb):
    moved = series.regular(2).moved(hours=2)
    with room.paused():
        reception.change(room.address, series.instance(2).id, when=moved)
        lb.change_occurrence(series.booking, series.original(2), subject="Retro")
    series.expect_changed(2, moved, "Retro").settle("it is moved and retitled")


@ours
@shows("the series retitled here, one meeting moved there", BOTH)
def test_the_series_is_retitled_in_outlook_and_one_moved_in_loopbooking(series, reception, room, lb):
    moved = series.regular(2).moved(hours=2)
    with room.paused():
        reception.change(room.address, series.master, subject="Daily")
        lb.change_occurrence(series.booking, series.original(2), **moved.loopbooking())
    series.subject = "Daily"
    series.expect_rule().expect_changed(2, moved).settle("the series has its new title, and one is moved")


@pytest.mark.parametrize("policy", ["loopBookingLeads", "calendarLeads"])
@shows("one meeting moved on both sides", BOTH)
def test_one_is_moved_on_both_sides(reception, new_room, lb, policy):
    room = new_room("--divergence", policy)
    series = Series.made_in_outlook(room, reception, WHEN, WEEKLY)
    here, there = series.regular(2).moved(hours=2), series.regular(2).moved(hours=4)
    with room.paused():
        reception.change(room.address, series.instance(2).id, when=there)
        lb.change_occurrence(series.booking, series.original(2), **here.loopbooking())
    series.expect_changed(2, here if policy == "loopBookingLeads" else there)
    series.settle("the policy's side stands on both")
