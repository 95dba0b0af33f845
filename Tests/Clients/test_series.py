"""A series is one booking and one event, whoever made it, and whatever its shape."""

import pytest

from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.loopbooking import Refused
from rig.meeting import raw_instants
from rig.recurrence import daily, monthly, weekday, weekly
from rig.series import Occurrence, Series
from rig.when import all_day, at, day
from test_direct import crossed

pytestmark = pytest.mark.chapter("Recurring meetings")

WHEN = at("10:00", days=3)
WEEKLY = weekly(weekday(WHEN.start.date()))


@shows("a series is one meeting", TO_LOOPBOOKING)
def test_a_series_made_in_outlook_is_one_booking(outlook, reception, room):
    series = Series.made_in_outlook(
        room, reception, WHEN, WEEKLY.times(4), "Standup", by=outlook, body="Bring numbers", sensitivity="private")
    series.is_one_meeting()
    booking = series.now()
    assert (booking["body"], booking["sensitivity"], booking["origin"]) == ("Bring numbers", "private", "calendar")
    assert booking["start"]["dateTime"] == WHEN.start.isoformat()


@shows("a series is one meeting", TO_CALENDAR)
def test_a_series_made_in_loopbooking_is_one_event(reception, room):
    series = Series.made_in_loopbooking(
        room, reception, WHEN, WEEKLY.times(4), "Standup", body="Bring numbers", sensitivity="private",
        organizer={"name": "Eva Dahl", "address": "eva@example.com"})
    series.is_one_meeting()
    event = reception.event(room.address, series.master)
    assert event.body.startswith("Bring numbers") and "Eva Dahl" in event.body
    assert (event.kind, event.sensitivity, event.show_as) == ("seriesMaster", "private", "busy")


@shows("deleted", TO_LOOPBOOKING)
def test_a_series_deleted_in_outlook_is_cancelled(outlook, reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, WEEKLY.times(3))
    outlook.delete(room.address, series.master)
    room.settled(lambda: series.now()["status"] == "cancelled", "the booking is cancelled")
    assert room.book("Somebody else", WHEN.moved(days=7))["status"] == "confirmed"


@shows("deleted", TO_CALENDAR)
def test_a_series_cancelled_in_loopbooking_is_gone(reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, WEEKLY.times(3))
    room.office.loopbooking.cancel(series.booking)
    room.settled(lambda: not room.events(), "the series is gone")


# Shapes


@shows("without end", TO_LOOPBOOKING)
def test_an_endless_series_from_outlook_holds_the_room_far_ahead(reception, room):
    Series.made_in_outlook(room, reception, WHEN, WEEKLY.endless())
    with pytest.raises(Refused) as refusal:
        room.book("Far ahead", WHEN.moved(days=7 * 40))
    assert refusal.value.code == "slot-taken"


@shows("without end", TO_CALENDAR)
def test_an_endless_series_is_written_once_and_never_rewritten(reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, WEEKLY.endless())
    revision, mark = series.now()["revision"], room.office.sim.mark()

    def quiet():
        recent = room.office.sim.requests_since(mark, room.address)
        assert not [entry for entry in recent if entry["method"] in ("POST", "PATCH", "DELETE")], recent
        return len(recent) >= 6

    room.settled(quiet, "six readings that write nothing")
    assert series.now()["revision"] == revision
    series.settle("both sides are as they were").is_one_meeting()


@pytest.mark.parametrize("lasting", [1, 2], ids=["one day", "two days"])
@shows("whole days", TO_LOOPBOOKING)
def test_whole_days_from_outlook(reception, room, lasting):
    when = all_day(days=5, lasting=lasting)
    series = Series.made_in_outlook(room, reception, when, weekly(weekday(when.start.date())).times(5), "Fair")
    assert series.now()["allDay"] is True


@pytest.mark.parametrize("lasting", [1, 2], ids=["one day", "two days"])
@shows("whole days", TO_CALENDAR)
def test_whole_days_from_loopbooking(reception, new_room, lasting):
    room = new_room(rules={"maximumMinutes": 3 * 24 * 60})
    when = all_day(days=5, lasting=lasting)
    Series.made_in_loopbooking(room, reception, when, weekly(weekday(when.start.date())).times(5), "Fair")


@shows("over midnight", TO_LOOPBOOKING)
def test_over_midnight_from_outlook(reception, room):
    Series.made_in_outlook(room, reception, at("22:30", minutes=180, days=3), daily(2).times(6), "Night shift")


@shows("over midnight", TO_CALENDAR)
def test_over_midnight_from_loopbooking(reception, room):
    Series.made_in_loopbooking(room, reception, at("22:30", minutes=180, days=3), daily(2).times(6), "Night shift")


OTHER_DAY = weekly(weekday(day(5))).times(4)


@shows("made on a day that the rule does not match", TO_LOOPBOOKING)
def test_the_first_day_is_off_the_pattern_in_outlook(reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, OTHER_DAY)
    assert series.held[0].start.date() == day(5)


@shows("made on a day that the rule does not match", TO_CALENDAR)
def test_the_first_day_is_off_the_pattern_in_loopbooking(reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, OTHER_DAY)
    assert series.now()["start"]["dateTime"] == WHEN.moved(days=2).start.isoformat()
    series.is_one_meeting()


# A single meeting becomes a series, and back


@shows("a single meeting becomes a series", TO_LOOPBOOKING)
def test_a_single_meeting_becomes_a_series_in_outlook(outlook, reception, room):
    event = outlook.book(room.address, "Once", WHEN)
    booking = crossed(room, "Once")
    outlook.change_series(room.address, event, WEEKLY.times(4), WHEN)
    series = Series(room, reception, WHEN, WEEKLY.times(4), "Once", booking=booking["id"], master=event)
    series.settle("the booking is a series").is_one_meeting()


@shows("a single meeting becomes a series", TO_CALENDAR)
def test_a_single_meeting_becomes_a_series_in_loopbooking(reception, room):
    booking = room.book("Once", WHEN)
    room.settled(lambda: room.events(), "the booking is in the calendar")
    room.office.loopbooking.change(booking["id"], recurrence=WEEKLY.times(4).loopbooking())
    series = Series(room, reception, WHEN, WEEKLY.times(4), "Once", booking=booking["id"])
    series.settle("the event is a series").is_one_meeting()


@shows("a series becomes a single meeting", TO_LOOPBOOKING)
def test_a_series_becomes_a_single_meeting_in_outlook(reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, WEEKLY.times(4))
    reception.make_single(room.address, series.master)
    room.settled(lambda: series.now()["recurrence"] is None, "the booking is a single meeting")
    assert room.book("Somebody else", WHEN.moved(days=7))["status"] == "confirmed"


@shows("a series becomes a single meeting", TO_CALENDAR)
def test_a_series_becomes_a_single_meeting_in_loopbooking(reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, WEEKLY.times(4))
    room.office.loopbooking.change(series.booking, recurrence=None)
    room.settled(
        lambda: [event["type"] for event in room.events()] == ["singleInstance"], "the event is a single one")


# What Graph has no pattern for: single events that stay one booking


FURTHER = WHEN.moved(days=9)


def single_event(room, when) -> dict:
    return next(event for event in room.events() if raw_instants(event) == when.instants)


def as_single_events(series: Series):
    """Both sides show what is expected, the calendar as single events; there is one booking."""
    def same():
        events = [
            each for each in series.reader.events(series.room.address, series.start, series.end)
            if each.show_as != "free"]
        assert not [each for each in events if each.kind != "singleInstance"], events
        there = sorted((Occurrence.in_outlook(each) for each in events), key=lambda each: str(each.start))
        assert there == series.held, there
        assert series.in_loopbooking() == series.held
        return [each["id"] for each in series.room.bookings() if each["status"] == "confirmed"] == [series.booking]

    series.room.settled(same, "single events that are one booking")


@pytest.fixture
def with_additions(reception, room):
    """Four weeks, and one further meeting on another day."""
    series = Series(room, reception, WHEN, WEEKLY.times(4), "With one more")
    series.booking = room.book_series(
        series.subject, WHEN, WEEKLY.times(4), recurrence={"additions": [FURTHER.start.isoformat()]})["id"]
    series.expected[FURTHER.start.isoformat()] = Occurrence.at(FURTHER, series.subject)
    series.expected = dict(sorted(series.expected.items()))
    return series


@shows("dates beside the rule", TO_CALENDAR)
def test_dates_beside_the_rule_become_single_events(with_additions):
    as_single_events(with_additions)


@shows("dates beside the rule: one moved", TO_LOOPBOOKING)
def test_one_of_the_single_events_is_moved(with_additions, reception, room):
    as_single_events(with_additions)
    event = single_event(room, FURTHER)
    moved = FURTHER.moved(hours=2)
    reception.change(room.address, event["id"], when=moved)
    as_single_events(with_additions.expect_changed(2, moved))


@shows("dates beside the rule: one cancelled", TO_LOOPBOOKING)
def test_one_of_the_single_events_is_deleted(with_additions, reception, room):
    as_single_events(with_additions)
    event = single_event(room, FURTHER)
    reception.delete(room.address, event["id"])
    as_single_events(with_additions.expect_cancelled(2))


@shows("dates beside the rule: one cancelled", TO_CALENDAR)
def test_one_of_the_single_events_is_cancelled_in_loopbooking(with_additions, room):
    as_single_events(with_additions)
    room.office.loopbooking.cancel_occurrence(with_additions.booking, with_additions.original(1))
    as_single_events(with_additions.expect_cancelled(1))


@shows("dates beside the rule: deleted", TO_CALENDAR)
def test_the_booking_of_the_single_events_is_cancelled(with_additions, room):
    as_single_events(with_additions)
    room.office.loopbooking.cancel(with_additions.booking)
    room.settled(lambda: not room.events(), "all of the single events are gone")


@shows("dates beside the rule: the rule alone again", TO_CALENDAR)
def test_without_the_further_date_it_is_one_series_again(with_additions, room):
    as_single_events(with_additions)
    room.office.loopbooking.change(with_additions.booking, recurrence={"additions": []})
    with_additions.expect_rule().settle("one series").is_one_meeting()


BOTH_HALVES = {"frequency": "monthly", "daysOfMonth": [1, 15], "count": 8}
ONLY_LONG_MONTHS = {"frequency": "monthly", "daysOfMonth": [31], "count": 6}


@pytest.mark.parametrize(
    "rule, dates",
    [pytest.param(BOTH_HALVES, (1, 15), marks=shows("two days of the month", TO_CALENDAR), id="1st and 15th"),
     pytest.param(
         ONLY_LONG_MONTHS, (31,), marks=shows("the 31st, in long months only", TO_CALENDAR), id="31st")])
def test_other_rules_without_a_pattern_become_single_events(reception, new_room, rule, dates):
    room = new_room(rules={"horizonDays": 500})
    found = [at("10:00", days=number) for number in range(3, 400) if day(number).day in dates]
    series = Series(room, reception, found[0], monthly(1).times(1), "Payday", days=390)
    series.booking = room.office.loopbooking.book(
        room.id, "Payday", found[0].loopbooking(), recurrence=rule)["id"]
    series.expected = {
        each.start.isoformat(): Occurrence.at(each, "Payday") for each in found[:rule["count"]]
        if each.instants[1] < series.end}
    as_single_events(series)


@shows("back to back", TO_LOOPBOOKING)
@shows("back to back", TO_CALENDAR)
def test_two_series_back_to_back_are_no_clash(reception, room):
    first = Series.made_in_outlook(room, reception, WHEN, WEEKLY.times(4), "First")
    second = Series.made_in_loopbooking(room, reception, WHEN.moved(hours=1), WEEKLY.times(4), "Second")
    first.settle("both hold the room")
    second.settle("both hold the room")
