"""A series as a whole is changed: longer, shorter, another time, another rule, cut in two; what differed keeps its own."""

from datetime import timedelta

import pytest

from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.recurrence import WEEK, weekday, weekly
from rig.series import Series
from rig.when import at

pytestmark = pytest.mark.chapter("Changes to a whole series")

WHEN = at("10:00", days=3)
WEEKLY = weekly(weekday(WHEN.start.date()))
SIX = WEEKLY.times(6)


either = pytest.mark.parametrize("series", ["made in Outlook", "made in LoopBooking"], indirect=True)
ours = pytest.mark.parametrize("series", ["made in LoopBooking"], indirect=True)


@pytest.fixture
def series(request, reception, room):
    """Made in Outlook unless the test says otherwise."""
    made = getattr(request, "param", "made in Outlook")
    make = Series.made_in_outlook if made == "made in Outlook" else Series.made_in_loopbooking
    return make(room, reception, WHEN, SIX, "Standup")


@pytest.fixture
def varied(series, reception, room):
    """The same with its second meeting cancelled, the third moved, the last one retitled."""
    moved = series.regular(2).moved(hours=2)
    reception.delete(room.address, series.instance(1).id)
    reception.change(room.address, series.instance(2).id, when=moved)
    reception.change(room.address, series.instance(5).id, subject="Farewell")
    return series.expect_cancelled(1).expect_changed(2, moved).expect_changed(5, subject="Farewell").settle(
        "three meetings differ")


def ruled(series: Series, repeats, when=WHEN) -> Series:
    """The series as a rule alone."""
    series.repeats, series.when = repeats, when
    return series.expect_rule()


def kept(series: Series, repeats) -> Series:
    """The series with another rule; the meetings that both rules have stay as they were."""
    before = series.expected
    ruled(series, repeats)
    series.expected.update({original: each for original, each in before.items() if original in series.expected})
    return series


# Its end


@either
@shows("extended", TO_LOOPBOOKING)
def test_extended_in_outlook(series, reception, room):
    reception.change_series(room.address, series.master, WEEKLY.times(9), WHEN)
    ruled(series, WEEKLY.times(9)).settle("there are nine").is_one_meeting()


@shows("extended, with changed meetings", TO_LOOPBOOKING)
def test_extended_in_outlook_with_changed_meetings(varied, reception, room):
    # Exchange forgets what differed when the recurrence is written; so the booking does.
    reception.change_series(room.address, varied.master, WEEKLY.times(9), WHEN)
    ruled(varied, WEEKLY.times(9)).settle("there are nine").is_one_meeting()


@either
@shows("extended, with changed meetings", TO_CALENDAR)
def test_extended_in_loopbooking(varied, lb):
    lb.change(varied.booking, recurrence={"count": 9})
    kept(varied, WEEKLY.times(9)).settle("there are nine").is_one_meeting()


@ours
@shows("shortened", TO_LOOPBOOKING)
def test_shortened_in_outlook(series, outlook, room):
    last = series.regular(3).start.date()
    outlook.change_series(room.address, series.master, WEEKLY.until(last), WHEN)
    ruled(series, WEEKLY.until(last)).settle("four weeks are left").is_one_meeting()
    assert room.book("Somebody else", WHEN.moved(days=7 * 4))["status"] == "confirmed"


@shows("shortened, with changed meetings", TO_CALENDAR)
def test_shortened_in_loopbooking(varied, lb):
    last = varied.regular(3).start.date()
    lb.change(varied.booking, recurrence={"until": last.isoformat()})
    kept(varied, WEEKLY.until(last)).settle("four weeks are left").is_one_meeting()


@shows("end taken away, and given again", TO_LOOPBOOKING)
def test_made_endless_and_ended_in_outlook(series, reception, room):
    reception.change_series(room.address, series.master, WEEKLY.endless(), WHEN)
    ruled(series, WEEKLY.endless()).settle("it has no end")
    last = series.regular(7).start.date()
    reception.change_series(room.address, series.master, WEEKLY.until(last), WHEN)
    ruled(series, WEEKLY.until(last)).settle("it has an end")


@ours
@shows("end taken away, and given again", TO_CALENDAR)
def test_made_endless_and_ended_in_loopbooking(series, lb):
    lb.change(series.booking, recurrence={"count": None})
    ruled(series, WEEKLY.endless()).settle("it has no end")
    last = series.regular(7).start.date()
    lb.change(series.booking, recurrence={"until": last.isoformat()})
    ruled(series, WEEKLY.until(last)).settle("it has an end")


# Its time


@either
@shows("moved to another hour", TO_LOOPBOOKING)
def test_moved_in_outlook(series, reception, room):
    later = WHEN.moved(hours=2)
    reception.change_series(room.address, series.master, SIX, later, moved=True)
    ruled(series, SIX, later).settle("all are two hours later").is_one_meeting()


@ours
@shows("moved to another hour, with changed meetings", TO_LOOPBOOKING)
def test_moved_in_outlook_with_changed_meetings(varied, reception, room):
    # Exchange forgets what differed when a series is moved; so the booking does.
    later = WHEN.moved(hours=4)
    reception.change_series(room.address, varied.master, SIX, later, moved=True)
    ruled(varied, SIX, later).settle("all are four hours later").is_one_meeting()


@either
@shows("moved to another hour", TO_CALENDAR)
def test_moved_in_loopbooking(series, lb):
    later = WHEN.moved(hours=2)
    lb.change(series.booking, **later.loopbooking())
    ruled(series, SIX, later).settle("all are two hours later").is_one_meeting()


@ours
@shows("moved to another hour, with changed meetings", TO_CALENDAR)
def test_moved_in_loopbooking_with_changed_meetings(varied, lb):
    moved, later = varied.regular(2).moved(hours=2), WHEN.moved(hours=4)
    lb.change(varied.booking, **later.loopbooking())
    ruled(varied, SIX, later).expect_cancelled(1).expect_changed(2, moved).expect_changed(5, subject="Farewell")
    varied.settle("the others are four hours later, and what differed does").is_one_meeting()


@ours
@shows("made longer", TO_LOOPBOOKING)
def test_made_longer_in_outlook(series, reception, room):
    reception.change_series(room.address, series.master, SIX, WHEN.lasting(90), moved=True)
    ruled(series, SIX, WHEN.lasting(90)).settle("all are longer")


@shows("made shorter", TO_CALENDAR)
def test_made_shorter_in_loopbooking(series, lb):
    lb.change(series.booking, **WHEN.lasting(30).loopbooking())
    ruled(series, SIX, WHEN.lasting(30)).settle("all are shorter")


# Its rule

EVERY_SECOND_WEEK = weekly(weekday(WHEN.start.date()), every=2).times(4)
ALSO_NEXT_DAY = weekly(weekday(WHEN.start.date()), WEEK[(WHEN.start.weekday() + 1) % 7]).times(8)


@shows("another rule", TO_LOOPBOOKING)
def test_another_rule_in_outlook(series, outlook, room):
    outlook.change_series(room.address, series.master, EVERY_SECOND_WEEK, WHEN)
    ruled(series, EVERY_SECOND_WEEK).settle("it is every second week").is_one_meeting()


@either
@shows("another rule, with changed meetings", TO_LOOPBOOKING)
def test_another_rule_in_outlook_with_changed_meetings(varied, reception, room):
    # Exchange forgets what differed; what had been taken out is on again.
    reception.change_series(room.address, varied.master, ALSO_NEXT_DAY, WHEN)
    ruled(varied, ALSO_NEXT_DAY).settle("it is twice a week").is_one_meeting()


@either
@shows("another rule, with changed meetings", TO_CALENDAR)
def test_another_rule_in_loopbooking_with_changed_meetings(varied, lb):
    lb.change(varied.booking, recurrence=ALSO_NEXT_DAY.loopbooking())
    kept(varied, ALSO_NEXT_DAY).settle("it is twice a week, and what differed does").is_one_meeting()


@ours
@shows("another rule, with changed meetings", TO_CALENDAR)
def test_another_rule_in_loopbooking_drops_what_it_no_longer_has(varied, lb):
    lb.change(varied.booking, recurrence=EVERY_SECOND_WEEK.loopbooking())
    kept(varied, EVERY_SECOND_WEEK).settle("it is every second week").is_one_meeting()


# Its content


@ours
@shows("retitled, with changed meetings", TO_LOOPBOOKING)
def test_retitled_in_outlook(varied, reception, room):
    reception.change(room.address, varied.master, subject="Daily")
    retitled(varied, "Daily").settle("all but the one with a title of its own are retitled")


@shows("retitled, with changed meetings", TO_CALENDAR)
def test_retitled_in_loopbooking(varied, lb):
    lb.change(varied.booking, subject="Daily")
    retitled(varied, "Daily").settle("all but the one with a title of its own are retitled")


def retitled(series: Series, subject: str) -> Series:
    moved = series.regular(2).moved(hours=2)
    series.subject = subject
    return series.expect_rule().expect_cancelled(1).expect_changed(2, moved).expect_changed(5, subject="Farewell")


# Cut in two


@shows("cut in two", TO_LOOPBOOKING)
def test_this_and_following_in_outlook(series, reception, room):
    """As Outlook does it: the series ends, another one goes on."""
    cut = series.regular(3)
    before = WEEKLY.until(cut.start.date() - timedelta(days=1))
    reception.change_series(room.address, series.master, before, WHEN)
    following = Series.made_in_outlook(room, reception, cut.moved(hours=1), WEEKLY.times(3), "Standup, later")
    ruled(series, before).settle("the first half ends")
    assert following.booking != series.booking


@either
@shows("cut in two", TO_CALENDAR)
def test_this_and_following_in_loopbooking(series, lb, room):
    cut = series.regular(3).moved(hours=1)
    first, second = lb.split(series.booking, series.original(3), subject="Standup, later", **cut.loopbooking())
    assert first["id"] == series.booking
    ruled(series, WEEKLY.times(3)).settle("the first half ends")
    following = Series(room, series.reader, cut, WEEKLY.times(3), "Standup, later", booking=second["id"])
    following.settle("the second half goes on at its new time")


@shows("cut in two, with changed meetings", TO_CALENDAR)
def test_this_and_following_in_loopbooking_with_changed_meetings(varied, lb, room):
    moved = varied.regular(2)
    _, second = lb.split(varied.booking, varied.original(2), location="Somewhere else", subject="Standup, later")
    following = Series(room, varied.reader, moved, WEEKLY.times(4), "Standup, later", booking=second["id"])
    following.expect_changed(0, moved.moved(hours=2)).expect_changed(3, subject="Farewell")
    following.settle("what differed moves along")
    ruled(varied, WEEKLY.times(2)).expect_cancelled(1).settle("the first half ends")
