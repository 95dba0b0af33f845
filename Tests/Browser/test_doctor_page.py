"""The doctor: for each prerequisite of the manual that somebody skips, the page and the command name that step and no other."""

import re
from dataclasses import dataclass

import pytest

from rig.graph import Outlook
from rig.portal import KEEP_SUBJECT, LinkedRoom, Organization
from rig.tenant import STEPS, Tenant
from rig.waiting import wait_until
from rig.when import at

CREATE_ACCOUNT = "Create the service account"
NO_SECOND_FACTOR = "Let the service account sign in without two-factor authentication"
CONSENT = "Grant admin consent for the organization"
CREATE_MIRROR = "Create a mirror resource for the room"
FULL_ACCESS = "Give the service account Full Access (Read and manage) to the room"


@dataclass(frozen=True)
class Named:
    """What the doctor says about a step that was skipped: its check, the check's title, and the manual's step."""

    check: str
    title: str
    step: str | None
    verdict: str = "bad"


ACCOUNT = Named("microsoft.account", "The service account exists", CREATE_ACCOUNT)
SECOND_FACTOR = Named("microsoft.twoFactor", "The account signs in without a second factor", NO_SECOND_FACTOR)
SCOPES = Named("microsoft.scopes", "The permissions are granted", CONSENT)

NAMED: dict[str, Named | None] = {
    "account": ACCOUNT, "enabled": ACCOUNT,
    "mailbox": Named(
        "microsoft.mailbox", "The service account has a mailbox",
        "Give the service account an Exchange Online licence (a mailbox)"),
    "mfa": SECOND_FACTOR, "security-defaults": SECOND_FACTOR, "conditional-access": SECOND_FACTOR,
    "password": Named(
        "microsoft.signIn", "The stored credentials sign in", "Enter the service account's credentials"),
    "password-expired": Named(
        "microsoft.password", "The password has not expired", "Set the service account's password to never expire"),
    "consent": Named("microsoft.consent", "The organization has consented", CONSENT),
    "application-enabled": Named(
        "microsoft.application", "The application is registered",
        "Register the application (Msgraph Application Registration)"),
    "assignment": Named(
        "microsoft.assignment", "The account is assigned to the application",
        "Add the service account to the enterprise application under Users and groups"),
    "scope-calendars-shared": SCOPES, "scope-calendars": SCOPES, "scope-places": SCOPES,
    # Only for finding leavers, whose page says so.
    "scope-users": None,
    "room": Named("room.found", "The room is found", CREATE_MIRROR),
    "room-listed": Named("room.found", "The room is found", CREATE_MIRROR, "warning"),
    "full-access": Named("room.readable", "The room can be read", FULL_ACCESS),
    "read-only": Named("room.writable", "The room can be written", FULL_ACCESS),
    "private-items": Named("room.privateVisible", "Private meetings are visible", FULL_ACCESS),
    "delta-refused": Named("room.reader", "Changes are listed", None, "warning"),
}


@pytest.fixture(scope="module")
def office(portal, sim) -> Organization:
    """Two linked rooms; what is skipped is about the first."""
    office = portal.organization("doctor", "Doctor & Partners", Tenant(sim, ("Oslo-ext", "Bergen-ext")))
    for address in office.tenant.rooms.values():
        sim.change_room(office.tenant.domain, address, calendarProcessing={**KEEP_SUBJECT, "bookingWindowInDays": 900})
    office.connect()
    office.rooms = [office.link("Oslo"), office.link("Bergen")]
    return office


@pytest.fixture
def oslo(office) -> LinkedRoom:
    """With two meetings, so that listing its changes takes more than one request."""
    oslo = office.rooms[0]
    for hour in range(10 + len(office.events(oslo)), 12):
        Outlook(office.tenant).write(oslo.address, f"At {hour}", at(f"{hour}:00"))
    return oslo


@pytest.fixture
def ada(signed_in, office):
    return signed_in(office.member("administrator"))


def examine(person, office: Organization) -> list[tuple[str, str | None, str]]:
    """Sends the doctor round, and returns what needs somebody: title, step, verdict."""
    person.visit(office.path("doctor"))
    person.is_on("Doctor").sees_a("button", "Check now", within=40).press("Check now")
    # By itself, when the round is over.
    person.sees_a("button", "Check now", within=40)
    person.reload()
    if person.page.get_by_role("heading", name="Nothing to do", exact=True).count():
        return []
    found = person.part("region", "What needs somebody").root.get_by_role("listitem")
    result = []
    for item in found.all():
        heading, text = item.get_by_role("heading").inner_text(), item.inner_text()
        step = re.search(r"Step of the manual: (.*)", text)
        result.append((heading, step and step[1].strip(), item.locator("span.status").last.inner_text()))
    return result


def by_command(office: Organization) -> list[dict]:
    answer = office.run("doctor", "--json")
    found = [finding for finding in answer.json if finding["verdict"] in ("bad", "warning")]
    assert answer.status == (3 if any(finding["verdict"] == "bad" for finding in found) else 0)
    return found


def unlock(office: Organization) -> None:
    """Nobody is locked out for what a test had tried."""
    office.tenant.sim.change_user(
        office.tenant.domain, office.tenant.account, failedSignIns=0, lockedUntilMicroseconds=None)


def test_every_step_has_its_place_here():
    assert set(NAMED) == set(STEPS)


def test_a_whole_set_up_is_good(office, ada):
    assert examine(ada, office) == []
    ada.sees("Every prerequisite is met.").row("Oslo").sees("Good")
    assert by_command(office) == []


@pytest.mark.parametrize("step", STEPS)
def test_the_doctor_names_the_step_that_was_skipped(office, oslo, ada, step):
    office.tenant.skip(step)
    try:
        named = NAMED[step]
        by_page, said = examine(ada, office), by_command(office)
    finally:
        office.tenant.mend(step)
        unlock(office)
    if named is None:
        assert (by_page, said) == ([], [])
        return
    is_room = named.check.startswith("room.")
    title = f"{named.title}: {oslo.address}" if is_room else named.title
    assert [(heading if is_room else heading.split(":")[0], manual, verdict) for heading, manual, verdict in by_page] == [
        (title, named.step, named.verdict.title())]
    assert [(each["check"], each["verdict"]) for each in said] == [(named.check, named.verdict)]
    if is_room:
        assert said[0]["subject"] == oslo.address
    assert said[0]["diagnosis"]["remedy"] and said[0]["evidence"]
    assert by_command(office) == [], "once it is mended, all is well"


def test_rooms_that_nobody_mapped_are_named(portal, sim, signed_in):
    office = portal.organization("unmapped", "Unmapped", Tenant(sim))
    office.connect()
    office.loopbooking.add_room("Oslo", "Europe/Oslo")
    ada = signed_in(office.member("administrator"))
    assert [(title, step) for title, step, _ in examine(ada, office)] == [
        ("Rooms are linked", "Map each LoopBooking room to its mirror")]


def test_nothing_is_checked_before_there_is_anything(portal, signed_in):
    office = portal.organization("bare", "Bare")
    ada = signed_in(office.member("administrator"))
    ada.visit(office.path("doctor"))
    ada.is_on("Doctor").sees("Nothing was checked yet.").sees("Not checked yet")


def test_the_doctor_remembers(office, ada):
    office.tenant.skip("assignment")
    assert len(examine(ada, office)) == 1
    office.tenant.mend("assignment")
    assert examine(ada, office) == []
    rounds = ada.part("region", "Earlier rounds").root.get_by_role("row")
    assert rounds.count() > 2
    rounds.nth(1).get_by_role("link").click()
    ada.is_on(re.compile("^Round of ")).part("region", "What changed since the round before").sees(
        re.compile("The account is assigned to the application"))


def test_a_probe_meeting_finds_out_how_a_room_is_set(office, ada, sim):
    bergen = office.rooms[1]
    sim.change_room(office.tenant.domain, bergen.address, calendarProcessing={
        "deleteSubject": True, "addOrganizerToSubject": True, "removePrivateProperty": True, "bookingWindowInDays": 90})
    ada.visit(office.path(f"doctor/links/{bergen.link}"))
    ada.is_on("Bergen").press("Hold a probe meeting").sees("The probe meeting is being held.")
    ada.sees_a("button", "Hold a probe meeting", within=180)
    assert examine(ada, office)
    ada.visit(office.path(f"doctor/links/{bergen.link}"))
    for title in ("The room keeps subjects", "The room keeps the private flag"):
        item = ada.page.get_by_role("listitem").filter(has_text=title)
        assert "Set-CalendarProcessing" in item.inner_text()
    # Nothing is left of it.
    assert office.events(bergen) == [] and office.loopbooking.bookings(bergen.id) == []


def test_administrators_hear_of_it_in_their_language(portal, sim, signed_in, post):
    # An organization of its own: nobody is told of the same thing twice within hours.
    office = portal.organization("letters", "Letters & Co", Tenant(sim, ("Oslo-ext",)))
    office.connect()
    oslo = office.link("Oslo")
    ada, nora = signed_in(office.member("administrator")), signed_in(office.member("administrator", "Nora"))
    office.member("receptionist")
    nora.visit(office.path())
    nora.press("Norsk").is_on("Rom")
    assert examine(ada, office) == []
    office.tenant.skip("full-access")
    assert len(examine(ada, office)) == 1
    english, norwegian = letters(post, office)
    assert english.subject == "Letters & Co: check fails – The room can be read"
    assert FULL_ACCESS in english.text and oslo.address in english.text
    assert office.portal.url + office.path("doctor") in english.text
    assert norwegian.subject == "Letters & Co: sjekk feiler – Rommet kan leses"
    assert english.sender == "sync@operator.example"
    office.tenant.mend("full-access")
    assert examine(ada, office) == []
    english, norwegian = letters(post, office, after=2)
    assert english.subject == "Letters & Co: room sync works again"
    assert norwegian.subject == "Letters & Co: romsynkroniseringen virker igjen"


def letters(post, office, after: int = 0) -> list:
    """The next two: to Ada and to Nora, in this order, and to nobody else."""
    wanted = [office.member("administrator"), office.member("administrator", "Nora")]

    def found():
        return [letter for letter in post.letters if letter.recipients[0].endswith(f"@{office.id}.example")][after:]

    wait_until(lambda: len(found()) >= 2, "both administrators get a letter", within=60)
    assert sorted(letter.recipients[0] for letter in found()) == sorted(wanted)
    return sorted(found(), key=lambda letter: wanted.index(letter.recipients[0]))
