"""The reception and whoever looks after the links: clashes decided and taken back, drift looked for, by command and API."""

from dataclasses import dataclass

import pytest

from rig.interoperability import BOTH, TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.loopbooking import Refused
from rig.when import at
from test_clashes import refused_event
from test_direct import crossed, seen, shown

pytestmark = pytest.mark.chapter("Deciding clashes, and drift")

@pytest.fixture
def clash(reception, room):
    """Ours has the room, Theirs was written into the calendar at the same time and lost."""
    when = at("10:00")
    room.book("Ours", when, organizer={"name": "Eva Dahl", "address": "eva@example.com"})
    seen(reception, room, "Ours", when)
    reception.book(room.address, "Theirs", when.moved(minutes=30), body="Bring numbers")
    refused_event(reception, room, "Theirs", when)
    return room.settled(lambda: next(iter(clashes(room)), None), "the clash lies on the desk")


def clashes(room, state: str = "open") -> list[dict]:
    found = room.office.loopbooking.call("GET", "/clashes", params={"state": state})["clashes"]
    return [clash for clash in found if clash["link"] == room.link]


def holding(reception, room, when) -> list[str]:
    return sorted(event.subject for event in shown(reception, room, when) if event.show_as != "free")


@dataclass
class Contest:
    """A clash by what it is about: `first` has the room, `second` wanted it too."""

    id: str
    first: str
    second: str


@pytest.fixture(params=[
    pytest.param("LoopBooking", marks=pytest.mark.way(TO_CALENDAR), id="LoopBooking was first"),
    pytest.param("Outlook", marks=pytest.mark.way(TO_LOOPBOOKING), id="Outlook was first")])
def contest(request, reception, room) -> Contest:
    """Both are made before either side hears of the other, so that neither is told no at once."""
    when = at("10:00")
    first, second = ("Ours", "Theirs") if request.param == "LoopBooking" else ("Theirs", "Ours")
    with room.paused():
        for subject in (first, second):
            if subject == "Ours":
                room.book("Ours", when, body="Bring numbers")
            else:
                reception.book(room.address, "Theirs", when, body="Bring numbers")
    found = room.settled(lambda: next(iter(clashes(room)), None), "the clash lies on the desk")
    assert (found["a"]["title"], found["b"]["title"]) == (first, second)
    only(reception, room, when, first)
    return Contest(found["id"], first, second)


def only(reception, room, when, subject: str) -> None:
    """Waits until one of the two meetings has the room, on both sides."""

    def held():
        there = holding(reception, room, when)
        here = [each["subject"] for each in room.bookings("confirmed")]
        assert there == here == [subject], f"Outlook has {there}, LoopBooking {here}"
        return True

    room.settled(held, f"only {subject} has the room")


def told_of(reception, room, when, subject: str) -> str:
    """What is said about a meeting that does not have the room, where it was made."""
    if subject == "Ours":
        return room.booking("Ours")["reason"] or ""
    marked = [each for each in shown(reception, room, when) if each.subject == f"Not booked: {subject}"]
    return marked[0].body if marked else ""


@shows("the reception leaves the room to the one that has it, and takes that back")
def test_keep_a_and_undo(reception, room, contest):
    when, operator = at("10:00"), room.office.operator
    before = told_of(reception, room, when, contest.second)
    assert "already taken" in before
    operator.do("clash", "keep", contest.id, "a", "--by", "Rita")
    assert [each["id"] for each in clashes(room, "decided")] == [contest.id]
    assert clashes(room) == []
    mark = room.office.sim.mark()
    room.settled(lambda: len(room.office.sim.requests_since(mark, room.address)) >= 3, "three more passes")
    only(reception, room, when, contest.first)
    assert told_of(reception, room, when, contest.second) == before
    story = operator.ask("history", room.booking(contest.first)["id"])
    assert any(line["who"] == "Rita" and "keeps the room" in line["what"] for line in story), story

    operator.do("clash", "undo", contest.id, "--by", "Rita")
    assert [each["id"] for each in clashes(room, "undone")] == [contest.id]
    only(reception, room, when, contest.first)
    # Nothing is decided any more: it can be decided the other way.
    operator.do("clash", "keep", contest.id, "b", "--by", "Rita")
    only(reception, room, when, contest.second)
    room.settled(lambda: "Rita" in told_of(reception, room, when, contest.first), "the other one is told who decided")


@shows("the reception moves the one that has the room to a free room, and takes that back")
def test_move_a_and_undo(reception, room, new_room, contest):
    when, operator = at("10:00"), room.office.operator
    other = new_room()
    operator.do("clash", "move", contest.id, "a", "--to", other.name, "--by", "Rita")
    only(reception, other, when, contest.first)
    assert crossed(other, contest.first)["body"] == "Bring numbers"
    only(reception, room, when, contest.second)
    room.settled(
        lambda: other.name in told_of(reception, room, when, contest.first), "it says where the meeting is now")

    operator.do("clash", "undo", contest.id, "--by", "Rita")
    only(reception, room, when, contest.first)
    room.settled(
        lambda: not other.bookings("confirmed") and holding(reception, other, when) == [], "the other room is free again")
    room.settled(
        lambda: "already taken" in told_of(reception, room, when, contest.second), "the other one is told as before")


def test_the_desk_shows_both_by_command_and_api(room, clash):
    operator = room.office.operator
    listed = operator.run("clash", "list")
    assert listed.status == 3
    assert clash["id"] in listed.output
    shown_ = operator.ask("clash", "show", clash["id"][:8])
    assert (shown_["a"]["title"], shown_["a"]["organizer"]) == ("Ours", "Eva Dahl")
    assert (shown_["b"]["title"], shown_["b"].get("status")) == ("Theirs", None)
    assert "Oslo)" in shown_["a"]["when"]
    with pytest.raises(Refused) as refusal:
        room.office.loopbooking.call("GET", "/clashes/none")
    assert refusal.value.status == 404


@shows("the reception gives the room to the other meeting, and takes it back", BOTH)
def test_keep_b_and_undo(reception, room, clash):
    when, operator = at("10:00"), room.office.operator
    operator.do("clash", "keep", clash["id"], "b", "--by", "Rita")
    theirs = crossed(room, "Theirs")
    assert theirs["body"] == "Bring numbers"
    assert room.booking("Ours")["status"] == "refused"
    assert "Rita" in room.booking("Ours")["reason"]
    room.settled(lambda: holding(reception, room, when) == ["Theirs"], "only Theirs holds the room in Outlook")
    story = operator.ask("history", room.booking("Ours")["id"])
    assert any("Rita" in line["what"] and "Europe/Oslo" in line["when"] for line in story), story

    again = operator.run("clash", "keep", clash["id"], "a")
    assert (again.status, "undo" in again.errors) == (1, True)
    operator.do("clash", "undo", clash["id"])
    crossed(room, "Ours")
    room.settled(lambda: holding(reception, room, when) == ["Ours"], "only Ours holds the room in Outlook")
    assert clashes(room, "undone")[0]["id"] == clash["id"]


@shows("the reception moves a meeting to a free room", TO_CALENDAR)
def test_move_over_the_api(reception, room, new_room, clash):
    api, when = room.office.loopbooking, at("10:00")
    other = new_room()
    free = api.call("GET", f"/clashes/{clash['id']}")["freeRooms"]
    assert other.id in [each["id"] for each in free["b"]]
    with pytest.raises(Refused) as refusal:
        api.call("POST", f"/clashes/{clash['id']}/decision", {"keep": "c"})
    assert refusal.value.status == 400
    decided = api.call("POST", f"/clashes/{clash['id']}/decision", {"move": "b", "to": other.id})
    assert decided["decision"]["movedTo"] == other.name
    assert crossed(other, "Theirs")["body"] == "Bring numbers"
    seen(reception, other, "Theirs", when)

    def told():
        event = [each for each in shown(reception, room, when) if each.subject == "Not booked: Theirs"]
        return event and other.name in event[0].body

    room.settled(told, "the marked event says where the meeting is now")
    with pytest.raises(Refused) as refusal:
        api.call("POST", f"/clashes/{clash['id']}/decision", {"keep": "a"})
    assert (refusal.value.status, refusal.value.code) == (409, "clash-decided")


@shows("a settled room has no drift", BOTH)
def test_a_settled_room_has_no_drift(reception, room):
    when, operator, api = at("10:00"), room.office.operator, room.office.loopbooking
    room.book("Ours", when, body="Agenda")
    reception.book(room.address, "Theirs", when.moved(minutes=90), body="Bring\n\nnumbers")
    seen(reception, room, "Ours", when)
    crossed(room, "Theirs")
    room.settled(lambda: room.condition() == "in sync", "the link is in sync")
    view = room.settled(
        lambda: (lambda found: found if found["underWay"] == 0 else None)(
            operator.ask("drift", "check", room.name)[0]), "nothing is under way")
    assert (view["items"], view["bookings"], view["events"]) == ([], 2, 2)
    assert api.call("GET", f"/links/{room.link}/drift")["comparedAt"] == view["comparedAt"]
    assert api.call("POST", f"/links/{room.link}/drift/check")["items"] == []
    assert api.call("POST", f"/links/{room.link}/drift/repair", {"all": True}) == {"repaired": []}
    with pytest.raises(Refused) as refusal:
        api.call("POST", f"/links/{room.link}/drift/repair", {"items": ["none"]})
    assert refusal.value.status == 404
    assert operator.run("drift", "repair", room.name).status == 2
