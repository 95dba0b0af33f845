"""Series and the slots they want: against single meetings, against one another, in part and as a whole.

Whoever loses sees it on its own side, with the reason; the meetings of a series that fit stand.
"""

import threading

import pytest

from rig.interoperability import BOTH, TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.loopbooking import LoopBooking, Refused
from rig.loopsync import Loopsync
from rig.recurrence import daily, weekday, weekly
from rig.series import Occurrence, Series
from rig.when import at
from test_clashes import refused_event
from test_direct import crossed, seen

pytestmark = pytest.mark.chapter("Clashes of recurring meetings")

WHEN = at("10:00", days=3)
TEN = weekly(weekday(WHEN.start.date())).times(10)


def marked(series: Series, number: int):
    """The occurrence that did not get the room, as Outlook shows it."""
    regular = Occurrence.at(series.regular(number), "")
    found = [each for each in series.instances() if each.start == regular.start and each.show_as == "free"]
    return found[0] if found else None


def clashes(room) -> list[dict]:
    """The clash desk's list, open ones and others."""
    return [
        each for each in room.office.operator.run("clash", "list", "--all", "--json").json if each["link"] == room.link]


# A series against a single meeting


@shows("9 of 10 fit: a single booking is in the way", TO_LOOPBOOKING)
def test_nine_of_ten_fit_and_the_tenth_is_declined(outlook, reception, room):
    room.book("Ours", WHEN.moved(days=14))
    seen(reception, room, "Ours", WHEN.moved(days=14))
    series = Series(room, reception, WHEN, TEN, "Theirs")
    series.master = outlook.book_series(room.address, "Theirs", WHEN, TEN)
    series.expect_cancelled(2).settle("nine are booked")
    event = marked(series, 2)
    assert event.subject == "Not booked: Theirs"
    assert "already taken" in event.body
    assert "already taken" in (series.now()["reason"] or "") + str(lb_story(series))
    assert crossed(room, "Ours")


def lb_story(series: Series) -> list[dict]:
    return series.room.office.operator.ask("history", series.booking)


@shows("9 of 10 fit: a single event is in the way", TO_CALENDAR)
def test_nine_of_ten_fit_and_the_tenth_is_left_out(reception, room, lb):
    reception.book(room.address, "Theirs", WHEN.moved(days=14))
    crossed(room, "Theirs")
    with pytest.raises(Refused) as refusal:
        room.book_series("Ours", WHEN, TEN)
    assert (refusal.value.status, refusal.value.code) == (409, "slot-taken")
    assert [each["original"] for each in refusal.value.problem["conflicts"]] == [
        WHEN.moved(days=14).start.isoformat()]
    assert (refusal.value.problem["conflictCount"], refusal.value.problem["occurrenceCount"]) == (1, 10)
    series = Series(room, reception, WHEN, TEN, "Ours")
    series.booking = room.book_series("Ours", WHEN, TEN, onTaken="skip")["id"]
    series.expect_cancelled(2).settle("nine are booked")
    assert series.now()["reason"]


@shows("9 of 10 fit: nobody knew yet", BOTH)
def test_a_series_in_loopbooking_gives_way_to_the_earlier_event(reception, room):
    series = Series(room, reception, WHEN, TEN, "Ours")
    with room.paused():
        reception.book(room.address, "Theirs", WHEN.moved(days=14))
        series.booking = room.book_series("Ours", WHEN, TEN)["id"]
    series.expect_cancelled(2).settle("nine stand")
    assert crossed(room, "Theirs")
    assert "already taken" in str(lb_story(series))
    (clash,) = clashes(room)
    assert (clash["a"]["title"], clash["b"]["title"]) == ("Theirs", "Ours")
    assert clash["b"]["occurrence"] == WHEN.moved(days=14).start.isoformat()


@pytest.mark.parametrize("policy", ["firstConfirmed", "loopBookingLeads", "calendarLeads"])
@shows("a series against a single booking, by policy", BOTH)
def test_who_leads_keeps_the_slot_against_a_series(reception, new_room, policy):
    room = new_room("--clash", policy)
    single = WHEN.moved(days=7)
    series = Series(room, reception, WHEN, TEN, "Theirs")
    with room.paused():
        series.master = reception.book_series(room.address, "Theirs", WHEN, TEN)
        room.book("Ours", single)
    if policy == "loopBookingLeads":
        series.expect_cancelled(1)
    series.settle("the policy's side has the slot")
    held = {booking["subject"] for booking in room.bookings("confirmed")}
    assert held == ({"Theirs", "Ours"} if policy == "loopBookingLeads" else {"Theirs"})
    if policy != "loopBookingLeads":
        assert room.booking("Ours")["status"] == "refused"
        assert "already taken" in room.booking("Ours")["reason"]


@shows("a single event in a slot of a series", TO_LOOPBOOKING)
def test_a_single_event_in_a_slot_of_a_series_is_refused(outlook, reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, TEN, "Ours")
    outlook.book(room.address, "Theirs", WHEN.moved(days=21, minutes=30))
    event = refused_event(reception, room, "Theirs", WHEN.moved(days=21))
    assert event.show_as == "free" and "already taken" in event.body
    series.settle("the series has all of its slots")


@shows("a single booking in a slot of a series", TO_CALENDAR)
def test_a_single_booking_in_a_slot_of_a_series_is_refused_at_once(reception, room):
    Series.made_in_outlook(room, reception, WHEN, TEN, "Theirs")
    with pytest.raises(Refused) as refusal:
        room.book("Ours", WHEN.moved(days=63, minutes=-30))
    assert refusal.value.code == "slot-taken"


@shows("a cancelled slot of a series is free", TO_LOOPBOOKING)
def test_a_cancelled_slot_of_a_series_is_taken_by_somebody_else(reception, room, lb):
    series = Series.made_in_loopbooking(room, reception, WHEN, TEN, "Ours")
    lb.cancel_occurrence(series.booking, series.original(4))
    series.expect_cancelled(4).settle("the fifth meeting is off")
    reception.book(room.address, "Theirs", series.regular(4))
    crossed(room, "Theirs")
    with pytest.raises(Refused):
        lb.restore_occurrence(series.booking, series.original(4))
    series.settle("the slot is theirs")


# A series against a series


@shows("series against series: one of ten meets", BOTH)
def test_two_series_meet_once(reception, room):
    # Weekly from here, every ninth day from there: they meet on the first day only.
    theirs, ours = Series(room, reception, WHEN, TEN, "Theirs"), Series(
        room, reception, WHEN.moved(minutes=30), daily(9).times(7), "Ours")
    with room.paused():
        theirs.master = reception.book_series(room.address, "Theirs", theirs.when, theirs.repeats)
        ours.booking = room.book_series("Ours", ours.when, ours.repeats)["id"]
    theirs.settle("the first to book has all of its slots")
    ours.expect_cancelled(0).settle("the other one has those that are left")


@shows("series against series: the same slots", BOTH)
def test_two_series_want_the_same_slots(reception, room):
    theirs = Series(room, reception, WHEN, TEN, "Theirs")
    with room.paused():
        theirs.master = reception.book_series(room.address, "Theirs", WHEN, TEN)
        booking = room.book_series("Ours", WHEN, TEN)["id"]
    theirs.settle("the first to book has the room")
    room.settled(lambda: room.office.loopbooking.booking(booking)["status"] == "refused", "the other is refused")
    assert [each["subject"] for each in room.bookings("confirmed")] == ["Theirs"]


@shows("series against series: most of it taken", TO_LOOPBOOKING)
def test_a_series_of_holes_is_refused_as_a_whole(reception, room):
    ours = Series.made_in_loopbooking(room, reception, WHEN, TEN.times(7), "Ours")
    reception.book_series(room.address, "Theirs", WHEN, TEN)
    event = room.settled(
        lambda: [each for each in reception.masters(room.address) if each.subject == "Not booked: Theirs"],
        "the series is marked as not booked")[0]
    assert event.show_as == "free" and "already taken" in event.body
    assert [each["subject"] for each in room.bookings("confirmed")] == ["Ours"]
    ours.settle("ours stands")


# Moved into a busy slot


@shows("an occurrence moved into a busy slot", TO_LOOPBOOKING)
def test_one_is_moved_into_a_busy_slot_in_outlook(reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, TEN.times(4), "Theirs")
    busy = series.regular(1).moved(hours=3)
    room.book("Ours", busy)
    seen(reception, room, "Ours", busy)
    reception.change(room.address, series.instance(1).id, when=busy)
    room.settled(lambda: any("undone" in line["what"] for line in lb_story(series)), "the story tells of it")
    series.settle("it is back where it was")


@shows("an occurrence moved into a busy slot", TO_CALENDAR)
def test_one_is_moved_into_a_busy_slot_in_loopbooking(reception, room, lb):
    series = Series.made_in_loopbooking(room, reception, WHEN, TEN.times(4), "Ours")
    busy = series.regular(1).moved(hours=3)
    reception.book(room.address, "Theirs", busy)
    crossed(room, "Theirs")
    with pytest.raises(Refused) as refusal:
        lb.change_occurrence(series.booking, series.original(1), **busy.loopbooking())
    assert refusal.value.code == "slot-taken"
    series.settle("it is where it was")


@shows("a single meeting moved into a slot of a series", TO_LOOPBOOKING)
def test_a_single_event_is_moved_into_a_slot_of_a_series(reception, room):
    series = Series.made_in_loopbooking(room, reception, WHEN, TEN, "Ours")
    free = WHEN.moved(days=7, hours=4)
    event = reception.book(room.address, "Theirs", free)
    crossed(room, "Theirs")
    reception.change(room.address, event, when=WHEN.moved(days=7))

    def back():
        now = reception.event(room.address, event)
        return (now.start, now.end) == free.instants and now.show_as == "busy"

    room.settled(back, "the event is moved back")
    series.settle("the series has its slots")


@shows("a whole series moved, one slot is busy", TO_LOOPBOOKING)
def test_a_series_is_moved_and_one_of_its_new_slots_is_busy(reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, TEN.times(5), "Theirs")
    later = WHEN.moved(hours=3)
    room.book("Ours", later.moved(days=14))
    seen(reception, room, "Ours", later.moved(days=14))
    reception.change_series(room.address, series.master, TEN.times(5), later, moved=True)
    series.when = later
    series.expect_rule().expect_cancelled(2).settle("the others are moved")
    assert crossed(room, "Ours")


@shows("a series extended into a busy slot", TO_LOOPBOOKING)
def test_a_series_is_extended_into_a_busy_slot(reception, room):
    series = Series.made_in_outlook(room, reception, WHEN, TEN.times(4), "Theirs")
    room.book("Ours", WHEN.moved(days=35))
    seen(reception, room, "Ours", WHEN.moved(days=35))
    reception.change_series(room.address, series.master, TEN.times(7), WHEN)
    series.repeats = TEN.times(7)
    series.expect_rule().expect_cancelled(5).settle("the others are added")
    assert crossed(room, "Ours")


# In the same second


@pytest.mark.parametrize("attempt", range(3))
@shows("both sides write in the same second", BOTH)
def test_a_direct_write_races_outlook(reception, room, attempt):
    ready = threading.Barrier(2)
    ours: list = []

    def book():
        ready.wait()
        try:
            ours.append(room.book("Ours", WHEN))
        except Refused as refusal:
            ours.append(refusal)

    booking = threading.Thread(target=book)
    booking.start()
    ready.wait()
    reception.book(room.address, "Theirs", WHEN)
    booking.join()

    def one_has_it():
        held = [each["subject"] for each in room.bookings("confirmed")]
        shown = [
            each.subject for each in reception.events(room.address, *WHEN.instants)
            if each.show_as != "free" and not each.is_cancelled]
        assert held == shown and len(held) == 1, (held, shown)
        return held[0]

    winner = room.settled(one_has_it, "one of the two has the room, on both sides")
    if winner == "Theirs":
        assert isinstance(ours[0], Refused) or room.booking("Ours")["status"] == "refused"
    else:
        refused_event(reception, room, "Theirs", WHEN)


@pytest.fixture
def second_node(office):
    """Another process on the same database, with its own address."""
    operator = office.operator
    node = Loopsync(operator.binary, operator.folder, operator.environment, name="second-node")
    node.database = operator.database
    url = node.serve()
    yield LoopBooking(url, office.loopbooking.token)
    node.program.stop()


@shows("two nodes book one slot in the same second", TO_CALENDAR)
def test_two_nodes_book_in_the_same_second(reception, room, lb, second_node):
    ready = threading.Barrier(2)
    answers: dict[str, object] = {}

    def book(node, subject):
        ready.wait()
        try:
            recurrence = TEN.loopbooking()
            answers[subject] = node.book(room.id, subject, WHEN.loopbooking(), recurrence=recurrence)["id"]
        except Refused as refusal:
            answers[subject] = refusal

    people = [threading.Thread(target=book, args=each) for each in ((lb, "First node"), (second_node, "Second node"))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    refusals = [each for each in answers.values() if isinstance(each, Refused)]
    assert [refusal.code for refusal in refusals] == ["slot-taken"], answers
    (winner,) = [subject for subject, answer in answers.items() if not isinstance(answer, Refused)]
    series = Series(room, reception, WHEN, TEN, winner, booking=answers[winner])
    series.settle("the one that was told yes is in the calendar, once").is_one_meeting()


# Somebody decides


@shows("a clash is decided, and taken back", BOTH)
def test_somebody_gives_the_slot_to_the_other_and_takes_it_back(reception, room):
    room.book("Ours", WHEN)
    seen(reception, room, "Ours", WHEN)
    reception.book(room.address, "Theirs", WHEN)
    refused_event(reception, room, "Theirs", WHEN)
    (clash,) = room.settled(lambda: clashes(room), "the clash waits for somebody")
    assert (clash["state"], clash["a"]["title"], clash["b"]["title"]) == ("open", "Ours", "Theirs")
    operator = room.office.operator

    def held(*subjects):
        now = {each["subject"] for each in room.bookings("confirmed")}
        return now == set(subjects)

    operator.do("clash", "keep", clash["id"], "b", "--by", "Rita")
    room.settled(lambda: held("Theirs"), "the other meeting has the room")
    operator.do("clash", "undo", clash["id"], "--by", "Rita")
    room.settled(lambda: held("Ours"), "it is as it was")


@shows("a clash is solved by another room", BOTH)
def test_somebody_moves_the_loser_to_a_free_room(reception, new_room):
    room, other = new_room(rules={"capacity": 8}), new_room(rules={"capacity": 10})
    reception.book(room.address, "Theirs", WHEN)
    crossed(room, "Theirs")
    with room.paused():
        reception.book(room.address, "Late", WHEN.moved(minutes=30))
    refused_event(reception, room, "Late", WHEN)
    (clash,) = room.settled(lambda: clashes(room), "the clash waits for somebody")
    room.office.operator.do("clash", "move", clash["id"], "b", "--to", other.name, "--by", "Rita")
    moved = room.settled(
        lambda: [each for each in other.bookings("confirmed") if each["subject"] == "Late"],
        "the loser has the other room")
    assert moved
    room.settled(lambda: other.events(), "and stands in the other room's calendar")
    assert crossed(room, "Theirs")
