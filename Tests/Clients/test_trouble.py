"""What goes wrong outside: lost rights, emptied calendars, forgotten cursors, throttling, cut lines. Nothing is lost, and
what cannot be known is said."""

import pytest

from rig.loopsync import Loopsync
from rig.office import LinkedRoom, Office
from rig.when import at
from conftest import binary
from test_direct import crossed, seen, shown


def subjects(room, status="confirmed") -> set[str]:
    return {booking["subject"] for booking in room.bookings(status)}


def condition(room, wanted: str):
    return room.settled(lambda: room.status() if room.condition() == wanted else None, f"the link is {wanted}")


# An emptied calendar


@pytest.fixture
def full(reception, room):
    """A room with eight coming meetings."""
    events = [reception.book(room.address, f"Meeting {number}", at("10:00", days=3 + number)) for number in range(8)]
    room.settled(lambda: len(subjects(room)) == 8, "all are booked")
    return room, events


def empty(reception, room, events):
    with room.paused():
        for event in events:
            reception.delete(room.address, event)
    return condition(room, "stopped")


def test_an_emptied_calendar_stops_the_link_and_loses_nothing(reception, full):
    room, events = full
    status = empty(reception, room, events)
    assert (status["hold"]["vanished"], status["hold"]["of"]) == (8, 8)
    assert len(subjects(room)) == 8
    answer = room.office.operator.run("link", "sync", room.link)
    assert answer.status != 0
    assert "resume" in answer.text


def test_the_deletions_are_accepted(reception, full):
    room, events = full
    empty(reception, room, events)
    room.office.operator.do("link", "resume", room.link, "--deletions", "accept")
    room.settled(lambda: len(subjects(room, "cancelled")) == 8, "all are cancelled")
    condition(room, "in sync")


def test_the_deletions_are_undone(reception, full):
    room, events = full
    empty(reception, room, events)
    room.office.operator.do("link", "resume", room.link, "--deletions", "restore")
    room.settled(lambda: len(room.events()) == 8, "all are in the calendar again")
    condition(room, "in sync")
    assert len(subjects(room)) == 8
    assert {event["subject"] for event in room.events()} == subjects(room)


def test_a_few_deletions_are_people_s_business(reception, full):
    room, events = full
    with room.paused():
        for event in events[:2]:
            reception.delete(room.address, event)
    room.settled(lambda: len(subjects(room)) == 6, "two are cancelled")


# Lost rights


@pytest.fixture(scope="module")
def nervous(sim, office, tmp_path_factory):
    """A service of its own that calls a link not certain after two seconds without a reading."""
    folder = tmp_path_factory.mktemp("nervous")
    operator = Loopsync(
        binary("loopsync"), folder, {"LOOPSYNC_SYNC_BLIND_AFTER_SECONDS": "2"}, name="nervous")
    other = Office(sim, office.company, operator, folder)
    other._numbers = iter(range(1000, 2000))
    yield other.open()
    other.close()


@pytest.mark.parametrize("blind", ["hold", "refuse"])
def test_a_withdrawn_right_is_said_and_new_bookings_wait(nervous, sim, blind):
    room = nervous.new_room("--when-blind", blind)
    domain = nervous.company.domain
    condition(room, "in sync")
    room.book("Before", at("09:00"))
    seen_there = lambda: [event["subject"] for event in room.events()] == ["Before"]  # noqa: E731
    room.settled(seen_there, "the booking is in the calendar")
    sim.change_room(domain, room.address, fullAccess=[nervous.company.person("reception")])
    status = condition(room, "not certain")
    assert "Full Access" in status["problem"]["remedy"] + status["problem"]["summary"], status["problem"]
    if blind == "hold":
        waiting = room.book("Meanwhile", at("11:00"))
        assert waiting["status"] == "pending"
        assert "not certain" in waiting["reason"]
    else:
        from rig.loopbooking import Refused

        with pytest.raises(Refused) as refusal:
            room.book("Meanwhile", at("11:00"))
        assert refusal.value.code == "room-not-certain"
    assert [event["subject"] for event in room.events()] == ["Before"]
    sim.change_room(
        domain, room.address, fullAccess=[nervous.company.person("reception"), nervous.company.service_account])
    condition(room, "in sync")
    expected = {"Before", "Meanwhile"} if blind == "hold" else {"Before"}
    room.settled(lambda: subjects(room) == expected, "what waited is confirmed")
    room.settled(lambda: {event["subject"] for event in room.events()} == expected, "and is in the calendar")
    room.remove()


def test_one_room_s_trouble_stays_its_own(new_room, sim, reception):
    good, bad = new_room(), new_room()
    sim.change_room(good.office.company.domain, bad.address, fullAccess=[])
    good.book("Fine", at("10:00"))
    seen(reception, good, "Fine", at("10:00"))
    assert good.condition() == "in sync"


# The weather


@pytest.fixture
def weather(sim):
    yield sim
    sim.fair_weather()


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "throttle", "probability": 0.4, "retryAfter": "0.3"},
        {"kind": "serverError", "probability": 0.4},
        {"kind": "cutBefore", "probability": 0.4},
        {"kind": "cutAfter", "probability": 0.4},
        {"kind": "slow", "probability": 0.5, "milliseconds": 400},
        {"kind": "unauthorized", "probability": 0.3},
    ], ids=lambda rule: rule["kind"])
def test_faults_of_the_network_delay_and_double_nothing(reception, room, weather, rule):
    early = room.book("Early", at("08:00"))
    seen(reception, room, "Early", at("08:00"))
    weather.faults({**rule, "path": room.address}, seed=11)
    room.book("Ours", at("10:00"))
    room.office.loopbooking.change(early["id"], **at("09:00").loopbooking())
    room.settled(
        lambda: sorted(event["subject"] for event in room.events()) == ["Early", "Ours"], "both are in the calendar",
        within=45)
    room.office.loopbooking.cancel(early["id"])
    room.settled(lambda: [event["subject"] for event in room.events()] == ["Ours"], "one is gone", within=45)
    weather.fair_weather()
    condition(room, "in sync")
    reception.book(room.address, "Theirs", at("13:00"))
    crossed(room, "Theirs")
    assert sorted(event["subject"] for event in room.events()) == ["Ours", "Theirs"]
    assert subjects(room) == {"Ours", "Theirs"}


def test_a_create_that_worked_without_an_answer_is_not_repeated(reception, room, weather):
    room.book("First", at("08:00"))
    seen(reception, room, "First", at("08:00"))
    weather.faults({"kind": "cutAfter", "probability": 1, "method": "POST", "limit": 2, "path": "/v1.0/"})
    room.book("Once", at("10:00"))
    room.settled(lambda: "Once" in [event["subject"] for event in room.events()], "it is in the calendar")
    weather.fair_weather()
    reception.book(room.address, "Later", at("15:00"))
    crossed(room, "Later")
    condition(room, "in sync")
    assert [event["subject"] for event in room.events()].count("Once") == 1
    assert len(shown(reception, room, at("10:00"))) == 3


@pytest.mark.parametrize("how", ["410", "syncStateNotFound"])
def test_a_forgotten_cursor(reception, room, sim, how):
    kept = reception.book(room.address, "Kept", at("10:00"))
    gone = reception.book(room.address, "Gone", at("12:00"))
    crossed(room, "Kept")
    crossed(room, "Gone")
    with room.paused():
        reception.delete(room.address, gone)
        reception.change(room.address, kept, subject="Kept on")
        reception.book(room.address, "New", at("15:00"))
        sim.expire_delta(room.address, how)
    room.settled(lambda: subjects(room) == {"Kept on", "New"}, "what happened meanwhile crosses")
    assert room.booking("Gone")["status"] == "cancelled"
    condition(room, "in sync")


def test_expired_tokens(reception, room, sim):
    crossing = at("10:00")
    room.book("Before", crossing)
    seen(reception, room, "Before", crossing)
    mark = sim.mark()
    sim.faults({"kind": "unauthorized", "probability": 1, "limit": 1, "path": room.address})
    room.book("After", at("12:00"))
    room.settled(lambda: "After" in {event["subject"] for event in room.events()}, "the next booking crosses")
    sim.fair_weather()
    assert any(entry["status"] == 401 for entry in sim.requests_since(mark))
    condition(room, "in sync")


def test_the_service_is_killed_and_started_again(office, sim, tmp_path):
    operator = Loopsync(binary("loopsync"), tmp_path, name="killed")
    other = Office(sim, office.company, operator, tmp_path)
    other._numbers = iter(range(3000, 4000))
    other.open()
    try:
        room: LinkedRoom = other.new_room()
        room.book("Before", at("09:00"))
        room.settled(lambda: len(room.events()) == 1, "it crosses")
        room.book("During", at("11:00"))
        operator.program.kill()
        operator.serve()
        room.settled(
            lambda: sorted(event["subject"] for event in room.events()) == ["Before", "During"], "both are there")
        assert subjects(room) == {"Before", "During"}
    finally:
        other.close()
