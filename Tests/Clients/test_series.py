"""A series made in Outlook holds the room at each of its occurrences."""

from rig.meeting import is_at
from rig.when import at, next_change_of_clocks, on
from test_direct import crossed


def confirmed(room) -> list[dict]:
    return sorted(room.bookings("confirmed"), key=lambda booking: booking["start"]["dateTime"])


def test_a_series_is_seen_as_its_occurrences(reception, room):
    when = at("10:00", days=3)
    reception.book_weekly(room.address, "Weekly", when, times=4)
    bookings = room.settled(lambda: len(confirmed(room)) == 4 and confirmed(room), "all occurrences are booked")
    for week, booking in enumerate(bookings):
        assert booking["subject"] == "Weekly"
        assert is_at(booking, when.moved(days=7 * week))


def test_one_occurrence_is_cancelled(reception, room):
    when = at("10:00", days=3)
    master = reception.book_weekly(room.address, "Weekly", when, times=4)
    room.settled(lambda: len(confirmed(room)) == 4, "all occurrences are booked")
    start, end = when.instants[0], when.moved(days=60).instants[0]
    second = reception.occurrences(room.address, master, start, end)[1]
    reception.delete(room.address, second.id)
    room.settled(lambda: len(confirmed(room)) == 3, "one booking is cancelled")
    assert not any(is_at(booking, when.moved(days=7)) for booking in confirmed(room))


def test_one_occurrence_is_moved(reception, room):
    when = at("10:00", days=3)
    master = reception.book_weekly(room.address, "Weekly", when, times=3)
    room.settled(lambda: len(confirmed(room)) == 3, "all occurrences are booked")
    start, end = when.instants[0], when.moved(days=60).instants[0]
    second = reception.occurrences(room.address, master, start, end)[1]
    moved = when.moved(days=7, hours=3)
    reception.change(room.address, second.id, when=moved)
    room.settled(lambda: any(is_at(booking, moved) for booking in confirmed(room)), "its booking moves")
    assert len(confirmed(room)) == 3


def test_the_series_is_deleted(reception, room):
    master = reception.book_weekly(room.address, "Weekly", at("10:00", days=3), times=3)
    room.settled(lambda: len(confirmed(room)) == 3, "all occurrences are booked")
    reception.delete(room.address, master)
    room.settled(lambda: not confirmed(room), "all bookings are cancelled")


def test_a_series_stays_at_its_hour_when_the_clocks_change(reception, room):
    first = on(next_change_of_clocks(), "09:00").moved(days=-10)
    if first.instants[0] < at("09:00", days=1).instants[0]:
        first = first.moved(days=7)
    reception.book_weekly(room.address, "Nine o'clock", first, times=4)
    bookings = room.settled(lambda: len(confirmed(room)) == 4 and confirmed(room), "all occurrences are booked")
    assert all(is_at(booking, first.moved(days=7 * week)) for week, booking in enumerate(bookings))
    assert {booking["start"]["dateTime"][11:] for booking in bookings} == {"09:00:00"}


def test_one_occurrence_is_cancelled_in_loopbooking(reception, room):
    when = at("10:00", days=3)
    master = reception.book_weekly(room.address, "Weekly", when, times=3)
    bookings = room.settled(lambda: len(confirmed(room)) == 3 and confirmed(room), "all occurrences are booked")
    room.office.loopbooking.cancel(bookings[1]["id"])
    start, end = when.instants[0], when.moved(days=60).instants[0]
    room.settled(
        lambda: len(reception.occurrences(room.address, master, start, end)) == 2, "the occurrence is gone in Outlook")
    assert len(confirmed(room)) == 2


def test_a_booking_in_the_way_of_one_occurrence(reception, room):
    when = at("10:00", days=3)
    room.book("Ours", when.moved(days=7))
    room.settled(lambda: room.events(), "the booking is in the calendar")
    reception.book_weekly(room.address, "Weekly", when, times=3)
    room.settled(lambda: len(confirmed(room)) == 3, "two occurrences and our booking are confirmed")
    assert crossed(room, "Ours")
    assert sum(booking["subject"] == "Weekly" for booking in confirmed(room)) == 2
