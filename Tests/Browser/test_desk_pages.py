"""The desk: what reception does all day, at the pages, and what stands in both systems afterwards."""

import itertools
import json
import re
import sqlite3

import pytest

from rig.graph import Outlook
from rig.portal import LinkedRoom, Organization
from rig.tenant import Tenant
from rig.waiting import wait_until
from rig.when import When, at

NAMES = iter(f"{name}{number or ''}" for number in itertools.count() for name in (
    "Oslo", "Bergen", "Trondheim", "Stavanger", "Tromsø", "Bodø", "Hamar", "Larvik", "Molde", "Narvik", "Odda", "Røros"))


@pytest.fixture(scope="module")
def office(portal, sim) -> Organization:
    office = portal.organization("desk", "Desk & Sons", Tenant(sim, ()))
    office.connect()
    return office


@pytest.fixture(scope="module")
def outlook(office) -> Outlook:
    """The reception at Outlook, with Full Access to every room."""
    return Outlook(office.tenant)


@pytest.fixture
def new_room(office):
    """Linked rooms that are in sync; their links end with the test."""
    made: list[LinkedRoom] = []

    def make(*options: str, **more) -> LinkedRoom:
        made.append(office.link(next(NAMES), *options, **more))
        return made[-1]

    yield make
    for room in made:
        office.run("link", "remove", room.link)


@pytest.fixture
def room(new_room) -> LinkedRoom:
    return new_room()


@pytest.fixture
def rita(signed_in, office):
    """The receptionist."""
    return signed_in(office.member("receptionist"))


def bookings(office, room, status: str = "confirmed") -> list[str]:
    return sorted(each["subject"] for each in office.loopbooking.bookings(room.id, status=status))


def held(office, room) -> list[str]:
    """The subjects of what holds the room in the calendar."""
    return sorted(event["subject"] for event in office.events(room) if event.get("showAs") != "free")


def stands(office, room, *subjects: str) -> None:
    """Waits until both systems hold exactly these meetings."""

    def agree():
        here, there = bookings(office, room), held(office, room)
        assert here == there == sorted(subjects), f"LoopBooking holds {here}, the calendar {there}"
        return True

    wait_until(agree, f"both sides hold {sorted(subjects)}", within=30)


def day_of(when: When) -> str:
    return when.start.date().isoformat()


def mark(person) -> None:
    """Leaves something in the page that a reload would take away."""
    person.page.evaluate("document.documentElement.dataset.marked = 'yes'")


def is_marked(person) -> bool:
    return person.page.evaluate("document.documentElement.dataset.marked") == "yes"


# The dashboard


def test_the_dashboard_follows_what_happens_elsewhere(office, room, rita):
    rita.visit(office.path())
    rita.is_on("Rooms").row(room.name).sees("In sync").sees(f"{room.name}-ext")
    mark(rita)
    office.run("link", "pause", room.link)
    rita.row(room.name).sees("Paused")
    office.run("link", "resume", room.link)
    rita.row(room.name).sees("In sync")
    assert is_marked(rita), "the page was loaded anew"


def test_the_dashboard_needs_no_scripts(office, new_room, signed_in):
    room, other = new_room(), new_room()
    plain = signed_in(office.member("receptionist"), javascript=False)
    plain.visit(office.path())
    plain.fill("Room or calendar", room.name).press("Find")
    plain.row(room.name).sees("In sync")
    plain.sees_no("link", other.name)
    plain.follow(room.name)
    plain.is_on(room.name).press("Pause").part("status").sees(f"{room.name} is paused.")
    assert office.condition(room) == "paused"
    plain.press("Resume").sees(f"{room.name} runs again.")
    office.settled(room)
    plain.visit(office.path())
    plain.choose("Show", "Paused").press("Find").sees("No room fits that.")
    plain.follow("Show all rooms").row(other.name).sees("In sync")


def test_the_dashboard_is_used_by_keyboard(office, room, rita):
    rita.visit(office.path())
    rita.key("Tab")
    assert rita.focused() == 'link "Skip to content"'
    rita.key("Enter")
    assert rita.page.evaluate("document.activeElement.id") == "main"
    rita.page.get_by_label("Room or calendar", exact=True).focus()
    rita.page.keyboard.type(room.name)
    rita.key("Enter").row(room.name).sees("In sync")
    rita.page.get_by_role("link", name=room.name, exact=True).focus()
    rita.key("Enter").is_on(room.name)


def test_the_wall_shows_every_room(office, room, rita):
    rita.visit(office.path())
    rita.follow("Wall screen").is_on(re.compile("Desk & Sons|desk")).sees(room.name)
    mark(rita)
    office.run("link", "pause", room.link)
    rita.page.get_by_role("listitem").filter(has_text=room.name).get_by_text("Paused").wait_for()
    assert is_marked(rita)


# A room


def test_a_room_shows_both_calendars(office, room, outlook, rita):
    when = at("10:00", days=1)
    rita.visit(office.path(f"rooms/{room.id}?date={day_of(when)}"))
    rita.is_on(room.name).sees("Nothing is booked on this day.")
    mark(rita)
    outlook.write(room.address, "Board", when)
    office.loopbooking.book(room.id, "Yoga", when.moved(hours=3).loopbooking())
    rita.sees_a("link", re.compile("Yoga")).sees_a("link", re.compile("Board"))
    stands(office, room, "Board", "Yoga")
    # Each stands in both lanes, with a line between the two.
    wait_until(lambda: rita.page.locator(".tl path.tl-pair:not(.tl-pair-moving)").count() == 2, "both are paired")
    assert rita.page.locator(".tl a.tl-loop").count() == rita.page.locator(".tl a.tl-calendar").count() == 2
    rita.page.get_by_text("The same as a list", exact=True).click()
    rita.row("10:00–11:00 Board").sees("In sync")
    assert is_marked(rita)
    rita.follow(re.compile(re.escape(f"{when.moved(days=1).start.day} "))).sees("Nothing is booked on this day.")
    rita.follow("Today").sees_no("link", "Today")


def test_the_time_line_is_reached_by_keyboard(office, room, rita):
    when = at("10:00", days=1)
    office.loopbooking.book(room.id, "Yoga", when.loopbooking())
    stands(office, room, "Yoga")
    rita.visit(office.path(f"rooms/{room.id}?date={day_of(when)}"))
    rita.page.locator(".tl a.tl-loop").focus()
    assert "Yoga" in rita.focused()
    rita.key("Enter").is_on("Yoga")


def test_pause_resume_and_again_from_scratch(office, room, outlook, rita):
    when = at("10:00", days=1)
    rita.visit(office.path(f"rooms/{room.id}"))
    rita.press("Pause").sees("Somebody paused the link.")
    office.loopbooking.book(room.id, "Waits", when.loopbooking())
    outlook.write(room.address, "Waits too", when.moved(hours=2))
    rita.reload()
    assert ([each["subject"] for each in office.loopbooking.bookings(room.id)], held(office, room)) == (
        ["Waits"], ["Waits too"])
    rita.press("Resume").sees("runs again.")
    stands(office, room, "Waits", "Waits too")
    before = office.portal.sim.mark()
    rita.press("Read again from scratch").sees("is read again now.")
    wait_until(
        lambda: any("calendarView" in each["path"] for each in office.portal.sim.requests_since(before, room.address)),
        "the calendar is read")
    stands(office, room, "Waits", "Waits too")
    office.settled(room)
    rita.press("Sync now").sees("Nothing was to be done: both sides agree.")


def test_a_viewer_looks_and_does_nothing(office, room, signed_in):
    vera = signed_in(office.member("viewer"))
    vera.visit(office.path(f"rooms/{room.id}"))
    vera.is_on(room.name)
    for name in ("Pause", "Sync now", "Read again from scratch", "Change the policy"):
        vera.sees_no("button", name).sees_no("link", name)
    assert vera.visit(office.path(f"links/{room.link}/policy")).status == 403
    vera.is_on("Your role does not allow this")


def test_two_administrators_change_one_policy(office, room, signed_in):
    ada, bo = signed_in(office.member("administrator")), signed_in(office.member("administrator", "Bo"))
    for person in (ada, bo):
        person.visit(office.path(f"links/{room.link}/policy"))
    choice(ada, "Who keeps the room", "Calendar leads")
    ada.press("Save the policy").sees("The policy is saved.")
    choice(bo, "What crosses", "Busy only")
    bo.press("Save the policy").is_on("Policy of the link")
    bo.part("alert").sees("Somebody else changed this policy while you had it open")
    # What was chosen is still there.
    assert bo.part("group", "What crosses").root.get_by_label(re.compile("^Busy only")).is_checked()
    bo.press("Save the policy").sees("The policy is saved.")
    link = next(each for each in office.links() if each["id"] == room.link)
    assert link["content"] == "busyOnly"


def choice(person, legend: str, name: str) -> None:
    person.part("group", legend).root.get_by_label(re.compile(f"^{name}")).check()


# Bookings and their stories


def test_a_booking_is_found_and_tells_its_story(office, room, outlook, rita):
    when = at("10:00", days=1)
    made = office.loopbooking.book(
        room.id, "Quarterly figures", when.loopbooking(), organizer={"name": "Eva Dahl", "address": "eva@desk.example"})
    stands(office, room, "Quarterly figures")
    rita.visit(office.path("bookings"))
    rita.is_on("Bookings").fill("Subject, person, room or id", "quarterly").press("Search")
    rita.row("Quarterly figures").sees(room.name).sees("Eva Dahl").sees("Confirmed")
    for words in ("Eva Dahl", made["id"], room.name):
        rita.fill("Subject, person, room or id", words).press("Search").sees_a("link", "Quarterly figures")
    rita.fill("Subject, person, room or id", "nobody ever").press("Search").sees("No booking found")
    rita.visit(office.path(f"bookings/{made['id']}"))
    rita.is_on("Quarterly figures").sees("Has the room")
    mark(rita)
    moved = when.moved(hours=1)
    event = office.events(room)[0]
    outlook.move(room.address, event["id"], moved)
    rita.part("region", "Story").sees(re.compile("moved|Outlook|calendar", re.IGNORECASE))
    rita.part("region", "On both sides").sees(re.compile("11:00"))
    assert is_marked(rita)


def test_a_booking_is_cancelled(office, room, rita):
    made = office.loopbooking.book(room.id, "Called off", at("10:00", days=1).loopbooking())
    stands(office, room, "Called off")
    rita.visit(office.path(f"bookings/{made['id']}"))
    rita.follow("Cancel the booking").is_on("Cancel the booking")
    rita.fill("Reason (optional)", "<script>alert(1)</script>").press("Cancel the booking")
    rita.sees("The booking is cancelled.").sees("<script>alert(1)</script>")
    stands(office, room)
    assert office.events(room) == []


def test_what_is_private_stays_private(office, room, outlook, rita):
    when = at("10:00", days=1)
    outlook.write(room.address, "Salary of Vera", when, sensitivity="private")
    wait_until(lambda: bookings(office, room), "the meeting has crossed")
    for path in (f"rooms/{room.id}?date={day_of(when)}", f"bookings?room={room.id}"):
        rita.visit(office.path(path))
        assert "Salary" not in rita.page.content(), path
    rita.follow("Private").is_on("Private")
    assert "Salary" not in rita.page.content()
    # Nor does looking for it tell that it is there.
    rita.visit(office.path(f"bookings?q=Salary&room={room.id}"))
    rita.sees("No booking found")


# Clashes


@pytest.fixture
def clash(office, room, outlook) -> str:
    """Ours was first and has the room, Theirs wanted it too."""
    when = at("10:00", days=2)
    office.run("link", "pause", room.link)
    office.loopbooking.book(room.id, "Ours", when.loopbooking(), attendees=[])
    outlook.write(room.address, "Theirs", when)
    office.run("link", "resume", room.link)

    def found():
        clashes = office.loopbooking.call("GET", "/clashes", params={"state": "open"})["clashes"]
        return next((each["id"] for each in clashes if each["link"] == room.link), None)

    id = wait_until(found, "the clash is on the desk")
    stands(office, room, "Ours")
    return id


def test_a_clash_is_decided_and_taken_back(office, room, clash, rita):
    rita.visit(office.path("clashes"))
    rita.is_on("Clashes").row(room.name).sees("Ours").sees("Theirs").sees("Open")
    rita.row(room.name).follow(room.name)
    rita.is_on(f"Clash: {room.name}").part("region", "A: Ours").sees("Has the room")
    rita.part("region", "B: Theirs").sees("Was told no")
    rita.press("Keep B").sees("Decided.")
    stands(office, room, "Theirs")
    refused = next(each for each in office.loopbooking.bookings(room.id) if each["subject"] == "Ours")
    assert refused["status"] == "refused" and "Rita" in refused["reason"]
    rita.press("Undo the decision").sees("The decision is taken back.")
    stands(office, room, "Ours")
    rita.press("Keep A").sees("Decided.")
    stands(office, room, "Ours")
    rita.visit(office.path("clashes?state=decided"))
    rita.row(room.name).sees("Decided")


def test_a_meeting_moves_to_a_free_room(office, room, clash, new_room, rita):
    other = new_room()
    rita.visit(office.path(f"clashes/{clash}"))
    theirs = rita.part("region", "B: Theirs")
    label = "Move B to"
    options = theirs.root.get_by_label(label, exact=True).locator("option").all_inner_texts()
    wanted = next(option for option in options if option.startswith(other.name))
    theirs.choose(label, wanted).press("Move")
    rita.sees("Decided.")
    stands(office, room, "Ours")
    stands(office, other, "Theirs")
    told = [event["subject"] for event in office.events(room) if event.get("showAs") == "free"]
    assert told == ["Not booked: Theirs"]


def test_two_people_decide_one_clash(office, room, clash, rita, signed_in):
    second = signed_in(office.member("receptionist", "Roy"))
    for person in (rita, second):
        person.visit(office.path(f"clashes/{clash}"))
    # So that the second one decides on what was seen.
    second.page.evaluate("document.querySelectorAll('[data-live]').forEach(e => delete e.dataset.live)")
    rita.press("Keep B").sees("Decided.")
    second.press("Keep A")
    second.part("alert").sees(re.compile("decided", re.IGNORECASE))
    stands(office, room, "Theirs")


# Drift


@pytest.fixture
def drift(office, room) -> LinkedRoom:
    """Two meetings that are no longer the same on both sides, and no change on its way that would tell."""
    for hour, subject in ((10, "Choir"), (12, "Yoga")):
        office.loopbooking.book(room.id, subject, at(f"{hour}:00", days=1).loopbooking())
    stands(office, room, "Choir", "Yoga")
    office.settled(room)
    # As a database has it that somebody mended by hand: what both sides last agreed on is wrong, too.
    office.run("link", "pause", room.link)
    with sqlite3.connect(office.portal.loopsync.database, timeout=20) as database:
        for id, content in database.execute(
            "SELECT id, content FROM pairings WHERE link = ?", (room.link,)).fetchall():
            pairing = json.loads(content)
            pairing["bookingBase"]["subject"] += " in the park"
            database.execute("UPDATE pairings SET content = ? WHERE id = ?", (json.dumps(pairing), id))
        for id, content in database.execute("SELECT id, meeting FROM bookings WHERE room = ?", (room.id,)).fetchall():
            meeting = json.loads(content)
            meeting["subject"] += " in the park"
            database.execute("UPDATE bookings SET meeting = ? WHERE id = ?", (json.dumps(meeting), id))
    office.run("link", "resume", room.link)
    office.settled(room)
    return room


def test_drift_is_found_and_repaired(office, drift, rita):
    rita.visit(office.path("drift"))
    rita.is_on("Drift").row(drift.name).follow(drift.name)
    rita.is_on(f"Drift of {drift.name}").sees("These two sides have not been compared yet.")
    rita.press("Compare now").sees("2 things do not agree.", within=40)
    assert (bookings(office, drift), held(office, drift)) == (
        ["Choir in the park", "Yoga in the park"], ["Choir", "Yoga"])
    rita.press("Repair the chosen").sees("Choose what is to be repaired.")
    rita.row("Differs", "Choir").root.get_by_role("checkbox").check()
    rita.press("Repair the chosen").sees(re.compile("One item is repaired"), within=40)
    wait_until(lambda: len(set(bookings(office, drift)) - set(held(office, drift))) == 1, "one of the two is mended")
    rita.visit(office.path(f"links/{drift.link}/drift"))
    rita.press("Compare now").sees("One thing does not agree.", within=40)
    rita.press("Repair all").sees(re.compile("repaired"), within=40)
    wait_until(lambda: bookings(office, drift) == held(office, drift), "both are mended")
    rita.press("Compare now").sees("Both sides agree", within=40)


# Held mass deletions


@pytest.fixture
def emptied(office, room, outlook) -> LinkedRoom:
    """Somebody emptied the room's calendar; the link stopped and asks."""
    subjects = [f"Meeting {number}" for number in range(1, 13)]
    for number, subject in enumerate(subjects):
        office.loopbooking.book(room.id, subject, at("10:00", days=1 + number).loopbooking())
    stands(office, room, *subjects)
    # All at once, as the sync sees it.
    office.run("link", "pause", room.link)
    outlook.empty(room.address)
    office.run("link", "resume", room.link)
    office.settled(room, "stopped")
    room.subjects = subjects
    return room


def decide(person, office, room, way: str, button: str) -> None:
    person.visit(office.path())
    person.row(room.name).sees("Stopped").follow(re.compile("12 of 12"))
    person.is_on("Vanished meetings").sees(re.compile("^12 of 12 coming meetings vanished"))
    for subject in room.subjects:
        person.row(subject)
    person.follow(way).press(button)


def test_vanished_meetings_are_written_again(office, emptied, rita):
    decide(rita, office, emptied, "Write them again", "Write 12 meetings")
    rita.sees("The link runs again.")
    stands(office, emptied, *emptied.subjects)
    office.settled(emptied)


def test_vanished_meetings_are_cancelled(office, emptied, rita):
    decide(rita, office, emptied, "They were meant: cancel", "Cancel 12 bookings")
    rita.sees("The link runs again.")
    stands(office, emptied)
    assert len(bookings(office, emptied, "cancelled")) == 12
    office.settled(emptied)


def test_vanished_meetings_are_looked_at_again(office, emptied, rita):
    decide(rita, office, emptied, "Read again", "Read the calendar again")
    rita.sees("The link runs again and reads the whole calendar.")
    # They are still gone, so it asks once more, and nothing was cancelled.
    office.settled(emptied, "stopped")
    assert bookings(office, emptied) == sorted(emptied.subjects)


# The queue, people who left, and the round trip


def test_the_queue_says_what_is_next_and_what_fails(office, room, sim, rita):
    rita.visit(office.path("queue"))
    rita.is_on("Queue").sees("No write is open: everything that was decided has been done.")
    rita.row(room.name).sees("0")
    mark(rita)
    sim.change_room(office.tenant.domain, room.address, fullAccess=[])
    rita.row(room.name).sees(re.compile("Full Access|access", re.IGNORECASE))
    sim.change_room(office.tenant.domain, room.address, fullAccess=office.tenant._rights())
    office.settled(room, within=90)
    rita.row(room.name).sees_not(re.compile("Full Access"))
    assert is_marked(rita)


def test_bookings_of_somebody_who_left(office, room, sim, rita):
    company = office.tenant.company
    for name, display in (("lars", "Lars Lie"), ("kari", "Kari Ny")):
        company.add_person(name, display)
    lars = {"name": "Lars Lie", "address": company.person("lars")}
    when = at("10:00", days=3)
    for hours, subject in ((0, "Hand over"), (2, "Cancel")):
        office.loopbooking.book(room.id, subject, when.moved(hours=hours).loopbooking(), organizer=lars)
    stands(office, room, "Cancel", "Hand over")
    rita.visit(office.path("leavers"))
    rita.is_on("Leavers").press("Look now")
    rita.sees_no("region", "Lars Lie")
    sim.delete_user(office.tenant.domain, company.person("lars"))
    rita.press("Look now")
    his = rita.part("region", "Lars Lie").sees("Gone").sees("Hand over").sees("Cancel")
    his.follow("Hand over")
    rita.is_on("Hand over").page.get_by_label(re.compile("^Cancel, ")).uncheck()
    rita.press("Hand over the chosen").part("alert").sees("Give a name of up to 100 characters")
    rita.fill("Name of the new organizer", "Kari Ny").fill("E-mail address", company.person("kari"))
    rita.press("Hand over the chosen").sees("One booking is handed over.")
    handed = next(each for each in office.loopbooking.bookings(room.id) if each["subject"] == "Hand over")
    assert handed["organizer"]["address"] == company.person("kari")
    rita.part("region", "Lars Lie").follow("Cancel")
    rita.is_on("Cancel").fill("Reason (optional)", "Left the company").press("Cancel the chosen")
    rita.sees("One booking is cancelled.")
    stands(office, room, "Hand over")


def test_a_round_trip_is_measured(office, room, rita):
    rita.visit(office.path(f"rooms/{room.id}"))
    rita.press("Send a canary now").sees(re.compile("The round trip of .* has begun"))
    trips = rita.part("region", "Round trip")
    trips.root.first.get_by_text("Passed").wait_for(timeout=120_000)
    assert re.search(r"[0-9.]+ m?s", trips.root.first.inner_text())
    # Nothing is left of it.
    wait_until(lambda: not office.events(room), "the canary is gone from the calendar")
    assert bookings(office, room) == []
