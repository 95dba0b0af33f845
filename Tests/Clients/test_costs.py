"""What a pass costs, counted in loopsim's request log: one request when nothing happened, at most two in all for a change.

A service that only works when told: no polling disturbs the count.
"""

import pytest

from rig.loopsync import Loopsync
from rig.meeting import raw_instants
from rig.office import LinkedRoom, Office
from rig.when import at
from conftest import binary


@pytest.fixture(scope="module")
def quiet(sim, office, tmp_path_factory):
    """An office whose service does nothing by itself for a day; passes are run by command."""
    folder = tmp_path_factory.mktemp("quiet")
    a_day = {f"LOOPSYNC_SYNC_{pace}_SECONDS": "86400" for pace in ("BUSY", "NORMAL", "IDLE")}
    operator = Loopsync(binary("loopsync"), folder, a_day, name="quiet")
    other = Office(sim, office.company, operator, folder)
    other._numbers = iter(range(5000, 6000))
    yield other.open()
    other.close()


@pytest.fixture
def room(quiet):
    room: LinkedRoom = quiet.new_room()
    run(room)
    room.settled(lambda: room.condition() == "in sync", "the first pass is over")
    yield room
    room.remove()


def run(room) -> list[dict]:
    """Runs one pass; the requests it made of Graph."""
    mark = room.office.sim.mark()
    room.office.operator.do("link", "sync", room.link)
    return counted(room, mark)


def counted(room, mark: int) -> list[dict]:
    found = room.office.sim.requests_since(mark, "/v1.0/")
    return [entry for entry in found if room.address.split("@")[0] in entry["path"] or "batch" in entry["path"]]


def settle(room) -> None:
    """Lets Exchange's own second touch go by, so that it is not counted with what follows."""
    room.settled(lambda: len(run(room)) == 1 and len(run(room)) == 1, "passes are quiet")


def brief(requests: list[dict]) -> list[str]:
    return [f"{entry['method']} {entry['path'].split('?')[0]} {entry['status']}" for entry in requests]


def test_a_pass_that_finds_nothing_costs_one_request(room):
    settle(room)
    for _ in range(3):
        requests = run(room)
        assert len(requests) == 1, brief(requests)
        assert requests[0]["method"] == "GET"


def test_a_full_room_costs_no_more(room, reception):
    for number in range(30):
        reception.book(room.address, f"Meeting {number}", at("10:00", days=3 + number))
    settle(room)
    requests = run(room)
    assert len(requests) == 1, brief(requests)
    assert len(room.bookings("confirmed")) == 30


@pytest.mark.parametrize("what", ["book", "move", "retitle", "cancel"])
def test_a_change_in_loopbooking_costs_at_most_two(room, what):
    lb = room.office.loopbooking
    booking = None
    mark = room.office.sim.mark()
    if what == "book":
        booking = room.book("Counted", at("10:00"))
    else:
        booking = room.book("Counted", at("10:00"))
        settle(room)
        room.settled(lambda: len(room.events()) == 1, "it is in the calendar")
        settle(room)
        mark = room.office.sim.mark()
        if what == "move":
            lb.change(booking["id"], **at("12:00").loopbooking())
        elif what == "retitle":
            lb.change(booking["id"], subject="Recounted")
        else:
            lb.cancel(booking["id"])

    def crossed():
        events = room.events()
        if what == "cancel":
            return not events
        subject = "Recounted" if what == "retitle" else "Counted"
        when = at("12:00") if what == "move" else at("10:00")
        return [(each["subject"], raw_instants(each)) for each in events] == [(subject, when.instants)]

    # The change wakes the service by itself: one pass, which reads (1) and writes.
    room.settled(crossed, "the change has crossed")
    requests = counted(room, mark)
    assert len(requests) <= 2, brief(requests)


@pytest.mark.parametrize("what", ["book", "move", "cancel"])
def test_a_change_in_outlook_costs_at_most_two(room, reception, what):
    event = None
    if what != "book":
        event = reception.book(room.address, "Counted", at("10:00"))
        settle(room)
    mark = room.office.sim.mark()
    if what == "book":
        reception.book(room.address, "Counted", at("10:00"))
    elif what == "move":
        reception.change(room.address, event, when=at("12:00"))
    else:
        reception.delete(room.address, event)
    after = room.office.sim.mark()
    assert after > mark
    requests = run(room)
    assert len(requests) <= 2, brief(requests)
    wanted = "cancelled" if what == "cancel" else "confirmed"
    room.settled(lambda: (room.booking("Counted") or {}).get("status") == wanted, "the change has crossed")
