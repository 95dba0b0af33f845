"""The whole set-up at the browser, step for step with the manual: from an organization without anything to rooms in sync,
through Microsoft's own pages as loopsim has them; and everything that can go wrong on the way."""

import itertools
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from rig.company import SECRET, SECRET_CLIENT
from rig.graph import Outlook
from rig.portal import PASSWORD, Organization
from rig.tenant import Tenant
from rig.waiting import wait_until
from rig.when import at

REGISTRATION = "Msgraph Application Registration"
CONSENT = "Permissions requested: review for your organization"
SCRIPT = "<script>alert('typed')</script>"
_numbers = itertools.count(1)


@pytest.fixture
def new_office(portal, sim):
    """Organizations with a tenant in which nobody has consented yet: `new_office("Oslo-ext", rooms=("Oslo",))`."""

    def make(*mirrors: str, rooms: tuple[str, ...] = (), consented: bool = False) -> Organization:
        number = next(_numbers)
        office = portal.organization(f"setup{number}", f"Setup {number}", Tenant(sim, mirrors, consented=consented))
        for room in rooms:
            office.loopbooking.add_room(room, "Europe/Oslo", capacity=8)
        return office

    return make


@pytest.fixture
def ada(signed_in):
    """Makes the administrator of an organization."""
    return lambda office, **options: signed_in(office.member("administrator"), **options)


# The steps, as an administrator does them


def on_step(person, name: str, within: float = 20.0):
    return person.sees_a("heading", re.compile(rf"^Step \d of 8: {name}$"), within=within)


def begin(person, office: Organization, name: str = "Contoso") -> str:
    """Begins a set-up, and returns its address."""
    person.visit(office.path("setup"))
    person.is_on("Set-up").fill("Name (optional)", name).press("Begin")
    on_step(person, "Prerequisites")
    return urlsplit(person.address).path.removesuffix("/prerequisites")


def at_microsoft(person, account: str, password: str):
    return person.is_on("Sign in").fill("Account", account).fill("Password", password).press("Sign in")


def ask_consent(person, office: Organization, tenant: str | None = None):
    """As far as Microsoft's sign-in page."""
    person.press("These are there")
    on_step(person, "Connection").fill("Tenant (optional)", office.tenant.domain if tenant is None else tenant)
    return person.press(REGISTRATION).is_on("Sign in", within=20)


def consent(person, office: Organization, **more) -> None:
    ask_consent(person, office, **more)
    at_microsoft(person, office.tenant.admin, office.tenant.password).is_on(CONSENT).press("Accept")
    on_step(person, "Permissions").sees("Consent was given.")
    # The manual's last part of this step, in Entra's own pages.
    office.tenant._application()


def sign_in(person, office: Organization) -> None:
    """As the service account, in the browser."""
    person.follow("Continue")
    on_step(person, "Service account")
    person.part("region", "Sign in in the browser").fill("Service account", office.tenant.account)
    person.press("Sign in at Microsoft").is_on("Sign in", within=20)
    # The administrator's own session is not taken, and who is meant stands there.
    assert person.value("Account") == office.tenant.account
    person.fill("Password", office.tenant.password).press("Sign in")
    on_step(person, "Rooms").sees("The sync can sign in.")


def find_rooms(person, count: int) -> None:
    person.press("Look for rooms").sees(re.compile(f"^{count} rooms? found, {count} ready|^One room found, 1 ready"), within=30)


def to_rooms(person, office: Organization, count: int) -> str:
    path = begin(person, office)
    consent(person, office)
    sign_in(person, office)
    find_rooms(person, count)
    person.follow("Continue")
    on_step(person, "Mapping")
    return path


def mirror_of(person, room: str):
    return person.page.get_by_label(f"Mirror of {room}", exact=True)


# From nothing to rooms in sync


def test_from_nothing_to_rooms_in_sync(new_office, ada):
    office = new_office("Oslo-ext", "Bergen-ext", "Tromsø mirror", rooms=("Oslo", "Bergen", "Tromsø"))
    outlook, when = Outlook(office.tenant), at("10:00", days=2)
    oslo, bergen = (office.loopbooking.room_named(name)["id"] for name in ("Oslo", "Bergen"))
    # Both sides have lived on their own: something here, something there, the same on both, and a clash.
    office.loopbooking.book(oslo, "Ours", when.loopbooking())
    office.loopbooking.book(oslo, "Only here", when.moved(hours=3).loopbooking())
    office.loopbooking.book(bergen, "On both sides", when.loopbooking())
    rooms = office.tenant.rooms
    outlook.write(rooms["Oslo-ext"], "Theirs", when.moved(minutes=30))
    outlook.write(rooms["Oslo-ext"], "Only there", when.moved(hours=5))
    outlook.write(rooms["Bergen-ext"], "On both sides", when)

    person = ada(office)
    person.visit(office.path())
    person.follow("Start the set-up guide").is_on("Set-up")
    begin(person, office)
    person.sees("A mirror of each room")
    assert "Add-MailboxPermission" in person.text() and "Set-CalendarProcessing" in person.text()
    consent(person, office)
    for permission in ("User.Read", "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All"):
        item = person.page.get_by_role("listitem").filter(has=person.page.get_by_text(permission, exact=True))
        assert "Granted" in item.inner_text()
    sign_in(person, office)
    find_rooms(person, 3)
    person.row("Oslo-ext").sees("Readable").sees("Writable").sees("Private meetings visible")
    person.follow("Continue")

    on_step(person, "Mapping").row("Oslo", "certain").sees("Oslo-ext")
    person.press("Accept all 3 suggestions").sees("3 suggestions were accepted.")
    assert mirror_of(person, "Tromsø").input_value() == rooms["Tromsø mirror"]
    person.press("Save and go on")
    on_step(person, "Preview").press("Work out the preview")
    person.row("Oslo").sees_a("link", "Oslo", within=30)
    person.sees_no("progressbar", within=30)
    assert (len(office.tenant.sim.events(rooms["Oslo-ext"])), len(office.loopbooking.bookings(oslo))) == (2, 2)
    person.row("Oslo").follow("Oslo")
    person.sees("Ours and Theirs").sees("Only here").sees("Only there")
    person.choose("Decision about Ours and Theirs", "Keep Theirs (Calendar)").press("Keep these decisions")
    person.sees("Decided. It happens when the room is switched on.").follow("Back")
    person.follow("Continue")
    on_step(person, "Switch on").press("Switch on")
    person.sees("Everything is in sync", within=60)

    wait_until(lambda: held(office, rooms["Oslo-ext"]) == ["Only here", "Only there", "Theirs"], "Oslo's calendar")
    assert confirmed(office, oslo) == ["Only here", "Only there", "Theirs"]
    assert held(office, rooms["Bergen-ext"]) == confirmed(office, bergen) == ["On both sides"]
    # And from now on it crosses by itself, both ways.
    outlook.write(rooms["Bergen-ext"], "From Outlook", when.moved(hours=2))
    office.loopbooking.book(bergen, "From LoopBooking", when.moved(hours=4).loopbooking())
    both = ["From LoopBooking", "From Outlook", "On both sides"]
    wait_until(lambda: held(office, rooms["Bergen-ext"]) == confirmed(office, bergen) == both, "both have crossed")
    person.follow("To the rooms").is_on("Rooms").row("Tromsø").sees("In sync")
    person.visit(office.path("setup"))
    person.sees("Set up").sees("3 rooms linked")
    person.press(re.compile("^Test")).is_on("Test of the connection").sees_no("text", "Bad")


def held(office: Organization, address: str) -> list[str]:
    return sorted(
        event["subject"] for event in office.tenant.sim.events(address)
        if event.get("showAs") != "free" and not event.get("isCancelled"))


def confirmed(office: Organization, room: str) -> list[str]:
    return sorted(each["subject"] for each in office.loopbooking.bookings(room, status="confirmed"))


def test_it_goes_by_keyboard_and_without_scripts(new_office, ada):
    office = new_office("Oslo-ext", rooms=("Oslo",))
    plain = ada(office, javascript=False)
    plain.visit(office.path("setup"))
    plain.page.get_by_label("Name (optional)", exact=True).focus()
    plain.page.keyboard.type("Contoso")
    plain.key("Enter")
    on_step(plain, "Prerequisites").page.get_by_role("button", name="These are there").focus()
    plain.key("Enter")
    on_step(plain, "Connection").page.get_by_label("Tenant (optional)", exact=True).focus()
    plain.page.keyboard.type(office.tenant.domain)
    plain.page.get_by_role("button", name=REGISTRATION).focus()
    plain.key("Enter")
    plain.is_on("Sign in", within=20)
    at_microsoft(plain, office.tenant.admin, office.tenant.password).is_on(CONSENT)
    plain.page.get_by_role("button", name="Accept").focus()
    plain.key("Enter")
    on_step(plain, "Permissions")
    office.tenant._application()
    sign_in(plain, office)
    plain.press("Look for rooms").sees("One room is listed.")
    wait_until(lambda: plain.reload() and "One room found, 1 ready." in plain.text(), "the room is found", within=30)
    plain.follow("Continue")
    mirror_of(plain, "Oslo").fill("Oslo-ext")
    plain.press("Save and go on")
    # Its answer is there before the page is asked for anew.
    with plain.page.expect_navigation():
        plain.press("Work out the preview")
    wait_until(lambda: plain.reload() and plain.count("link", "Oslo"), "the preview is there", within=30)
    plain.follow("Continue").press("Switch on").sees("One room was switched on.")
    wait_until(lambda: plain.reload() and "Everything is in sync" in plain.text(), "the room is in sync", within=60)


# Other ways to sign in


def test_with_the_service_accounts_password(new_office, ada):
    office = new_office("Oslo-ext")
    person = ada(office)
    begin(person, office)
    consent(person, office)
    person.follow("Continue")
    form = on_step(person, "Service account").part("region", "Sign in with a password")
    form.fill("Service account", office.tenant.account).fill("Password", "not this one").press("Sign in with this password")
    person.sees(re.compile("AADSTS50126"))
    form = person.part("region", "Sign in with a password")
    assert form.value("Service account") == office.tenant.account and form.value("Password") == ""
    form.fill("Password", office.tenant.password).press("Sign in with this password")
    on_step(person, "Rooms")
    find_rooms(person, 1)
    assert office.tenant.password not in person.page.content()


def test_with_the_applications_own_permissions(new_office, ada, sim):
    office = new_office("Oslo-ext", "Bergen-ext", rooms=("Oslo",))
    sim.control("PATCH", f"/registrations/{SECRET_CLIENT}", {
        "redirectURIs": [f"{office.portal.url}/setup/microsoft/callback"]})
    person = ada(office)
    begin(person, office)
    person.press("These are there")
    on_step(person, "Connection").fill("Tenant (optional)", office.tenant.domain)
    person.page.get_by_label(re.compile("^The application's own")).check()
    person.page.get_by_label(re.compile("^Our own")).check()
    person.fill("Application (client) ID", "not an id").press(REGISTRATION)
    person.part("alert").sees(re.compile("This is not an id"))
    assert person.value("Tenant (optional)") == office.tenant.domain
    person.fill("Application (client) ID", SECRET_CLIENT).fill("Client secret (optional)", SECRET).press(REGISTRATION)
    at_microsoft(person, office.tenant.admin, office.tenant.password).is_on(CONSENT).press("Accept")
    on_step(person, "Permissions").follow("Continue")
    on_step(person, "Service account")
    # What limits the application, for exactly these rooms.
    assert "New-ManagementRoleAssignment" in person.text() and "oslo-ext@" in person.text()
    person.press("Sign in as the application")
    on_step(person, "Rooms")
    find_rooms(person, 2)


# What goes wrong on the way to Microsoft and back


def test_consent_is_cancelled(new_office, ada):
    office = new_office("Oslo-ext")
    person = ada(office)
    begin(person, office)
    ask_consent(person, office)
    at_microsoft(person, office.tenant.admin, office.tenant.password).is_on(CONSENT).press("Cancel")
    on_step(person, "Connection").sees("No consent was given. This step says why.").sees(re.compile("AADSTS65004"))
    assert person.value("Tenant (optional)") == office.tenant.domain
    # It can be done again at once.
    person.press(REGISTRATION).is_on("Sign in", within=20)
    at_microsoft(person, office.tenant.admin, office.tenant.password).is_on(CONSENT).press("Accept")
    on_step(person, "Permissions").sees("Consent was given.")


def test_somebody_consents_who_may_not(new_office, ada):
    office = new_office("Oslo-ext")
    person = ada(office)
    begin(person, office)
    ask_consent(person, office)
    at_microsoft(person, office.tenant.company.person("anna"), office.tenant.password)
    on_step(person, "Connection").sees(re.compile("AADSTS90094"))


def test_the_wrong_tenant_consents(new_office, ada):
    """Whoever signs in at the consent page belongs to another tenant than the one that was entered."""
    office, other = new_office("Oslo-ext"), new_office("Elsewhere-ext")
    person = ada(office)
    begin(person, office)
    ask_consent(person, office)
    seen: list[str] = []
    person.page.on("request", lambda request: "/callback?" in request.url and seen.append(request.url))
    state = parse_qs(urlsplit(person.address).query)["state"][0]
    # What Microsoft itself would not do, anybody can type: an answer that names another tenant.
    person.visit(
        f"{office.portal.url}/setup/microsoft/callback?admin_consent=True&tenant={other.tenant.id}&state={state}")
    person.sees(re.compile("tenant", re.IGNORECASE)).sees_not("Consent was given.")
    person.sees_a("heading", re.compile("Connection$"))


def test_the_wrong_tenants_account_signs_in(new_office, ada):
    office, other = new_office("Oslo-ext"), new_office("Elsewhere-ext")
    person = ada(office)
    begin(person, office)
    consent(person, office)
    person.follow("Continue")
    on_step(person, "Service account")
    person.part("region", "Sign in in the browser").fill("Service account", other.tenant.account)
    person.press("Sign in at Microsoft").is_on("Sign in", within=20)
    person.fill("Password", other.tenant.password).press("Sign in")
    # Entra ID itself knows no such account in this tenant.
    person.part("alert").sees(re.compile("AADSTS5"))
    # Another account of the right tenant is not the service account.
    person.fill("Account", office.tenant.company.person("ben")).fill("Password", office.tenant.password).press("Sign in")
    office.tenant._application(assignedUsers=[office.tenant.account, office.tenant.company.person("ben")])
    person.sees_a("heading", re.compile("Service account$|Something"), within=20)
    person.sees_not("The sync can sign in.")


def test_an_answer_is_good_once_and_for_who_asked(new_office, ada, signed_in, new_person):
    office = new_office("Oslo-ext")
    person = ada(office)
    seen: list[str] = []
    person.page.on("request", lambda request: "/callback?" in request.url and seen.append(request.url))
    begin(person, office)
    consent(person, office)
    forged = re.sub("state=[^&]+", "state=guessed", seen[0])
    person.visit(seen[0])
    person.is_on("This answer was used already")
    person.visit(forged)
    person.is_on("Nobody here asked for this")
    second = begin(person, office, "Second")
    ask_consent(person, office)
    state = parse_qs(urlsplit(person.address).query)["state"][0]
    answer = f"{office.portal.url}/setup/microsoft/callback?admin_consent=True&tenant={office.tenant.id}&state={state}"
    thief = signed_in(office.member("administrator", "Bo"))
    thief.visit(answer)
    thief.is_on("Somebody else began this")
    stranger = new_person("stranger", office.portal.url)
    stranger.visit(answer)
    stranger.sees_a("heading", re.compile("You are not signed in here any more|Sign in"))
    person.visit(f"{office.portal.url}/setup/microsoft/callback?nonsense=1")
    person.is_on("This address makes no sense")
    person.visit(office.portal.url + second + "/connection")
    person.sees_not("Consent was given")


def test_the_session_ends_mid_form(new_office, ada):
    office = new_office("Oslo-ext")
    person = ada(office)
    begin(person, office)
    person.press("These are there")
    on_step(person, "Connection").fill("Name", "Fjord AS").fill("Tenant (optional)", office.tenant.domain)
    person.context.clear_cookies(name="loopsync_session")
    person.press("Save").is_on("Sign in").sees("Your session had ended")
    person.fill("E-mail", office.member("administrator")).fill("Password", PASSWORD).press("Sign in")
    person.is_on("Go on where you were").press("Send it now")
    on_step(person, "Connection")
    assert (person.value("Name"), person.value("Tenant (optional)")) == ("Fjord AS", office.tenant.domain)


# Mapping


def test_a_table_with_three_bad_lines(new_office, ada):
    office = new_office("Oslo-ext", "Bergen-ext", rooms=("Oslo", "Bergen", "Hamar"))
    person = ada(office)
    to_rooms(person, office, 2)
    good = "Oslo,oslo-ext@" + office.tenant.domain
    table = "\n".join([
        "room,resource,clash", f"{good},", f"Narvik,bergen-ext@{office.tenant.domain},", "Bergen,nowhere@x.example,",
        "Hamar,Bergen-ext,whoever"])
    person.fill("Table", table).press("Read the table")
    alert = person.page.locator("#csv-faults")
    faults = alert.get_by_role("listitem").all_inner_texts()
    assert [fault.split(":")[0] for fault in faults] == ["Line 3", "Line 4", "Line 5"]
    assert "Narvik" in faults[0] and "nowhere@x.example" in faults[1] and "whoever" in faults[2]
    # Nothing was taken over, and the table is still there to be mended.
    person.sees("Nothing was taken over").sees(re.compile("^0 mapped"))
    assert person.value("Table").strip() == table.strip()
    person.fill("Table", "room;resource\nOslo;Oslo-ext\nBergen;Bergen-ext\n").press("Read the table")
    person.sees("2 rows were taken over.")
    assert mirror_of(person, "Oslo").input_value() == f"oslo-ext@{office.tenant.domain}"
    saved = person.download("Save as a table (CSV)").decode("utf-8-sig")
    assert saved.splitlines()[0].startswith("room,resource") and f"oslo-ext@{office.tenant.domain}" in saved


def test_a_file_with_the_table(new_office, ada, tmp_path):
    office = new_office("Oslo-ext", rooms=("Oslo",))
    person = ada(office)
    to_rooms(person, office, 1)
    file = tmp_path / "mapping.csv"
    file.write_text("room,resource\nOslo,Oslo-ext\n", "utf-8-sig")
    person.attach("File", file)
    wait_until(lambda: "Oslo-ext" in person.value("Table"), "the file is read")
    person.press("Read the table").sees("One row was taken over.")


def test_two_administrators_map_at_the_same_time(new_office, ada, signed_in):
    office = new_office("Oslo-ext", "Bergen-ext", "Hamar-ext", rooms=("Oslo", "Bergen", "Hamar"))
    person = ada(office)
    path = to_rooms(person, office, 3)
    other = signed_in(office.member("administrator", "Bo"))
    other.visit(path + "/mapping")
    domain = office.tenant.domain
    mirror_of(other, "Oslo").fill(f"oslo-ext@{domain}")
    mirror_of(other, "Bergen").fill(f"bergen-ext@{domain}")
    mirror_of(person, "Bergen").fill(f"hamar-ext@{domain}")
    mirror_of(person, "Hamar").fill(f"bergen-ext@{domain}")
    other.press("Save").sees("The mapping is saved.")
    person.press("Save")
    warning = person.part("alert")
    warning.sees("Somebody else saved the mapping meanwhile").sees(re.compile("^Oslo was given")).sees(
        re.compile("^Bergen was given"))
    # What was typed here stands, what was not is as the other one left it.
    assert [mirror_of(person, room).input_value().split("@")[0] for room in ("Oslo", "Bergen", "Hamar")] == [
        "oslo-ext", "hamar-ext", "bergen-ext"]
    person.press("Save").sees("The mapping is saved.")
    other.reload()
    assert mirror_of(other, "Hamar").input_value() == f"bergen-ext@{domain}"


def test_a_room_vanishes_during_mapping(new_office, ada, sim):
    office = new_office("Oslo-ext", "Bergen-ext", rooms=("Oslo", "Bergen"))
    person = ada(office)
    path = to_rooms(person, office, 2)
    mirror_of(person, "Oslo").fill("Oslo-ext")
    mirror_of(person, "Bergen").fill("Bergen-ext")
    sim.control("DELETE", f"/tenants/{office.tenant.domain}/rooms/{office.tenant.rooms['Bergen-ext']}")
    person.press("Save and go on")
    on_step(person, "Preview").press("Work out the preview")
    person.sees_no("progressbar", within=40)
    person.row("Bergen").sees(re.compile("There is no such mailbox"), within=30)
    person.row("Oslo").sees_a("link", "Oslo")
    person.visit(path + "/rooms")
    person.press("Look again")
    person.row("Bergen-ext").sees("No longer there", within=30)
    person.visit(path + "/mapping")
    person.sees("A resource is no longer there").sees(re.compile("Bergen-ext, the mirror of Bergen"))
    # The other room goes on.
    person.visit(path + "/switch-on")
    person.press("Switch on").sees(re.compile("One room was switched on"), within=30)


def test_one_mirror_for_two_rooms_is_refused(new_office, ada):
    office = new_office("Oslo-ext", rooms=("Oslo", "Bergen"))
    person = ada(office)
    to_rooms(person, office, 1)
    mirror_of(person, "Oslo").fill("Oslo-ext")
    mirror_of(person, "Bergen").fill("Oslo-ext")
    person.press("Save").part("alert").sees(re.compile("cannot mirror several rooms"))
    assert mirror_of(person, "Bergen").input_value()


def test_rooms_are_made_from_what_is_there(new_office, ada):
    office = new_office("Oslo-ext", "Bergen-ext")
    person = ada(office)
    to_rooms(person, office, 2)
    person.sees("LoopBooking has no rooms yet").press("Make the rooms").sees("2 rooms were made.")
    assert len(office.loopbooking.rooms()) == 2


def test_rights_that_are_missing_are_said(new_office, ada, sim):
    office = new_office("Oslo-ext", "Bergen-ext")
    office.tenant.skip("full-access")
    person = ada(office)
    begin(person, office)
    consent(person, office)
    sign_in(person, office)
    person.press("Look for rooms").sees("2 rooms found, 1 ready.", within=30)
    person.row("Oslo-ext").sees("Not readable")
    person.row("Bergen-ext").sees("Readable")
    # The command that mends it, for exactly this room.
    person.sees_a("heading", "Give the service account Full Access")
    assert "Add-MailboxPermission" in person.text() and office.tenant.room in person.text()
    office.tenant.mend("full-access")
    person.press("Look again").sees("2 rooms found, 2 ready.", within=30)


def test_what_people_type_is_never_run(new_office, ada, sim):
    office = new_office(rooms=())
    sim.add_room(office.tenant.domain, f"script@{office.tenant.domain}", SCRIPT, [office.tenant.account])
    office.loopbooking.add_room(SCRIPT, "Europe/Oslo")
    person = ada(office)
    path = begin(person, office, SCRIPT)
    person.is_on(SCRIPT).press("These are there")
    on_step(person, "Connection").fill("Tenant (optional)", SCRIPT).press(REGISTRATION)
    person.part("alert").sees("This is neither a domain nor an id.")
    assert person.value("Tenant (optional)") == SCRIPT
    person.visit(path + "/prerequisites")
    consent(person, office)
    person.follow("Continue")
    person.part("region", "Sign in in the browser").fill("Service account", SCRIPT).press("Sign in at Microsoft")
    person.part("alert").sees(re.compile("This is not an address"))
    person.visit(path + "/permissions")
    sign_in(person, office)
    find_rooms(person, 1)
    person.fill("Address of the room", SCRIPT).press("Add the room").part("alert").sees(re.compile("not an address"))
    person.follow("Continue")
    mirror_of(person, SCRIPT).fill(f"{SCRIPT}{SCRIPT}")
    person.press("Save").part("alert").sees(re.compile("is not among the rooms found"))
    person.fill("Table", f"room,resource\n{SCRIPT},{SCRIPT}x\n").press("Read the table")
    person.sees("Nothing was taken over")
    mirror_of(person, SCRIPT).fill(f"script@{office.tenant.domain}")
    person.press("Save and go on").press("Work out the preview")
    person.row(SCRIPT).sees_a("link", SCRIPT, within=30)
    person.follow("Continue").press("Switch on").sees("Everything is in sync", within=60)
    person.follow("To the rooms").row(SCRIPT).follow(SCRIPT)
    person.is_on(SCRIPT)


def test_a_set_up_is_left_and_taken_up_again(new_office, ada):
    office = new_office("Oslo-ext")
    person = ada(office)
    begin(person, office, "Later")
    consent(person, office)
    person.visit(office.path("setup"))
    person.follow(re.compile("^Go on"))
    on_step(person, "Service account")
    person.visit(office.path("setup"))
    person.follow(re.compile("^Give up this set-up")).is_on("Give up this set-up?").press("Give up this set-up")
    person.sees("Later was given up.")
