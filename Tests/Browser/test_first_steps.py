"""From an empty database to people at work: the first operator, an organization, an invitation, signing in and out."""

import re

import pytest

from conftest import binary
from rig import accessible
from rig.portal import OPERATOR, PASSWORD, Organization, Portal

SCRIPT = "<script>alert('typed')</script>"


@pytest.fixture
def empty(folder, sim, programs, request) -> Portal:
    """A service of its own, in which nobody has done anything."""
    portal = Portal(binary("loopsync"), folder, sim, name=f"empty-{request.node.name[:20]}").start()
    programs.append(portal.loopsync.program)
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def office(portal) -> Organization:
    return portal.organization("steps", "First Steps")


@pytest.fixture
def ada(new_person, portal, office):
    """The administrator, not signed in yet."""
    person = new_person("ada", portal.url)
    person.email = office.member("administrator")
    return person


def sign_in(person, email: str, password: str = PASSWORD):
    return person.is_on("Sign in").fill("E-mail", email).fill("Password", password).press("Sign in")


def menu(person, name: str):
    """Opens the menu of the person who is signed in."""
    person.page.locator("summary").filter(has_text=name).click()
    return person


def test_from_an_empty_database_to_an_administrator(empty, new_person):
    olga = new_person("olga", empty.url)
    assert olga.visit("/").status == 401
    olga.is_on("Sign in")
    olga.visit(empty.welcome)
    olga.is_on("The first operator").fill("Name", "Olga Operator").fill("E-mail", OPERATOR)
    olga.fill("Password", "short").press("Make the account")
    # Each complaint leads to its field, and what was typed is still there.
    summary = olga.part("alert").sees("Something here needs another look")
    summary.follow("The password needs at least 12 characters.")
    assert olga.focused().startswith('textbox "Password"')
    assert (olga.value("Name"), olga.value("E-mail")) == ("Olga Operator", OPERATOR)
    olga.fill("Password", PASSWORD).key("Enter").is_on("Rooms")
    olga.sees("Nothing is in sync yet")
    # The link was good once.
    late = new_person("late", empty.url)
    assert late.visit(empty.welcome).status == 404
    late.is_on("There is nothing here")

    olga.page.locator("summary").filter(has_text="Organization").click()
    olga.follow("All organizations").is_on("The installation")
    olga.fill("Name", "Contoso").fill("Short name", "Con toso").press("Add the organization")
    olga.part("alert").sees(re.compile("Give up to 40 small letters"))
    assert olga.value("Name") == "Contoso"
    olga.fill("Short name", "contoso").press("Add the organization").sees("Contoso is added.")
    olga.row("Contoso").follow("Contoso")
    olga.is_on("Rooms").follow("Members").is_on("Members")
    olga.press("Make an invitation").part("alert").sees(re.compile("Give an e-mail address"))
    olga.fill("E-mail", "ada@contoso.example").page.get_by_label(re.compile("^Administrator")).check()
    olga.press("Make an invitation").is_on("The invitation is made")
    link = olga.part("region", "Link").text().strip()
    assert link.startswith(f"{empty.url}/invitation/")

    ada = new_person("ada", empty.url)
    ada.visit(link)
    ada.is_on("Join Contoso").sees(
        f"{OPERATOR} invites you to Contoso. Your role: Administrator.")
    ada.fill("Name", "Ada Admin").fill("Password", PASSWORD).press("Make the account and join")
    ada.is_on("Rooms").sees("Nothing is in sync yet").sees_a("link", "Start the set-up guide")
    late.visit(link)
    late.is_on("This invitation does not work")
    olga.follow("Audit log").sees(re.compile("Took up the invitation"))
    olga.press("Check the log").sees(re.compile("Checked: unbroken"))


def test_signing_in_and_out(ada):
    ada.visit("/")
    sign_in(ada, ada.email, "not this password")
    ada.part("alert").sees(re.compile("Address or password is wrong"))
    assert ada.value("E-mail") == ada.email and ada.value("Password") == ""
    ada.fill("Password", PASSWORD).key("Enter").is_on("Rooms")
    menu(ada, "Ada").press("Sign out")
    ada.is_on("Sign in").sees("You are signed out.")
    ada.back()
    ada.reload()
    ada.is_on("Sign in")


def test_whoever_guesses_has_to_wait(new_person, portal, office):
    email = office.member("viewer", "Victor")
    guesser = new_person("guesser", portal.url)
    guesser.visit("/sign-in")
    for _ in range(5):
        sign_in(guesser, email, "guess after guess")
        guesser.part("alert").sees(re.compile("Address or password is wrong"))
    sign_in(guesser, email, PASSWORD)
    guesser.part("alert").sees(re.compile("Too many wrong passwords for this address. Try again in"))


def test_a_page_is_reached_after_signing_in(ada, office):
    assert ada.visit(office.path("bookings?q=choir+practice")).status == 401
    sign_in(ada, ada.email).is_on("Bookings")
    assert ada.value("Subject, person, room or id") == "choir practice"


def test_nothing_typed_is_lost_when_the_session_ends(ada, office, new_person, portal):
    ada.visit("/account")
    sign_in(ada, ada.email).is_on("Your account")
    elsewhere = new_person("elsewhere", portal.url)
    elsewhere.visit("/account")
    sign_in(elsewhere, ada.email).press("Sign out everywhere else").sees("You are signed out everywhere else.")
    ada.fill("Name", "Ada Ådland").press("Save")
    ada.is_on("Sign in").part("alert").sees("Your session had ended")
    # Nor when the password is wrong meanwhile.
    sign_in(ada, ada.email, "not this password").part("alert").sees("Your session had ended")
    sign_in(ada, ada.email).is_on("Go on where you were").press("Send it now")
    ada.is_on("Your account").sees("Saved.")
    assert ada.value("Name") == "Ada Ådland"
    ada.fill("Name", "Ada Administrator").press("Save").sees("Saved.")


def test_language_and_theme_are_kept(ada, new_person, portal):
    ada.visit("/sign-in")
    ada.press("Norsk").is_on("Logg inn")
    assert ada.page.locator("html").get_attribute("lang") == "nb"
    ada.press("Mørkt")
    assert ada.page.locator("html").get_attribute("data-theme") == "dark"
    ada.fill("E-post", ada.email).fill("Passord", PASSWORD).press("Logg inn").is_on("Rom")
    ada.press("English").is_on("Rooms").press("Norsk").is_on("Rom")
    # The account keeps the language: another browser has it once one is signed in.
    second = new_person("second", portal.url)
    second.visit("/")
    sign_in(second, ada.email).is_on("Rom")
    second.press("English").is_on("Rooms").press("Auto").is_on("Rooms")


def test_a_browser_that_speaks_norwegian_gets_it(new_person, portal):
    nora = new_person("nora", portal.url, language="nb")
    nora.visit("/sign-in")
    nora.is_on("Logg inn")
    accessible.check(nora)


def test_the_first_steps_need_no_scripts(new_person, portal, office):
    plain = new_person("plain", portal.url, javascript=False)
    plain.visit("/")
    sign_in(plain, office.member("administrator")).is_on("Rooms")
    plain.follow("Members").is_on("Members")
    plain.fill("E-mail", "new@steps.example").page.get_by_label(re.compile("^Viewer")).check()
    plain.press("Make an invitation").is_on("The invitation is made").follow("Back to the members")
    plain.row("new@steps.example").press(re.compile("^Withdraw"))
    plain.sees(re.compile("The invitation of new@steps.example is withdrawn"))


def test_each_role_sees_its_pages(signed_in, office):
    for role, sees, sees_not in (
        ("viewer", {"Rooms", "Queue"}, {"Doctor", "Members", "Leavers", "Set-up guide"}),
        ("receptionist", {"Rooms", "Doctor", "Leavers"}, {"Members", "Set-up guide", "Settings"}),
        ("administrator", {"Rooms", "Members", "Set-up guide", "Audit log", "Settings"}, set()),
    ):
        person = signed_in(office.member(role))
        person.visit(office.path())
        links = person.part("navigation", "Main").root.get_by_role("link").all_inner_texts()
        assert sees <= set(links) and not sees_not & set(links), (role, links)
    viewer = signed_in(office.member("viewer"))
    assert viewer.visit(office.path("members")).status == 403
    viewer.is_on("Your role does not allow this")


def test_organizations_do_not_see_each_other(signed_in, office, portal):
    other = portal.organization("others", "Other Company")
    ada = signed_in(office.member("administrator"))
    for page in ("", "members", "bookings", "setup"):
        assert ada.visit(other.path(page)).status == 404
        ada.is_on("There is nothing here")


def test_what_people_type_is_never_run(signed_in, office):
    ada = signed_in(office.member("administrator"))
    ada.visit("/account")
    ada.fill("Name", SCRIPT).press("Save").sees("Saved.")
    ada.visit(office.path("settings"))
    ada.fill("Name of the organization", SCRIPT).fill("Time zone (optional)", SCRIPT).press("Save the settings")
    ada.part("alert").sees(re.compile("There is no such time zone"))
    ada.fill("Time zone (optional)", "").press("Save the settings").sees("The settings are saved.")
    ada.visit(office.path("tokens"))
    ada.fill("Name", SCRIPT).page.get_by_label(re.compile("^read")).check()
    ada.press("Make the token").is_on("The token is made").sees(SCRIPT).follow("Back to the tokens")
    ada.row(SCRIPT).follow(re.compile("^Revoke"))
    ada.is_on(f"Revoke the token {SCRIPT}?").press("Revoke the token").sees(f"The token {SCRIPT} is revoked.")
    ada.visit(office.path("members"))
    # Past what the browser itself refuses.
    ada.page.locator("form").evaluate_all("forms => forms.forEach(form => form.noValidate = true)")
    ada.fill("E-mail", f"{SCRIPT}@steps.example").press("Make an invitation")
    ada.part("alert").sees(re.compile("Give an e-mail address"))
    ada.visit(office.path("audit"))
    ada.sees(re.compile(re.escape(SCRIPT)))
    ada.visit(office.path(f"bookings?q={SCRIPT}&from={SCRIPT}&room={SCRIPT}"))
    ada.is_on("Bookings")
    for path in ("bookings/", "rooms/", "clashes/", "links/"):
        ada.visit(office.path(path + "%3Cscript%3Ealert(1)%3C%2Fscript%3E"))
        ada.is_on("There is nothing here")
    ada.visit("/account")
    ada.fill("Name", "Ada Administrator").press("Save")
    ada.visit(office.path("settings"))
    ada.fill("Name of the organization", "First Steps").press("Save the settings")
