"""Signing in with an account elsewhere: Microsoft's and Google's pages, as loopsim has them, and back."""

import re

import pytest

from rig.portal import SIGN_IN_CLIENT, Organization
from rig.tenant import Tenant


@pytest.fixture(scope="module")
def tenant(sim) -> Tenant:
    tenant = Tenant(sim)
    # Its administrator has consented for everybody; else Microsoft asks each person once.
    sim.grant(tenant.domain, SIGN_IN_CLIENT, grantedScopes=["openid", "profile", "email"])
    return tenant


@pytest.fixture(scope="module")
def office(portal) -> Organization:
    return portal.organization("outside", "Outside")


@pytest.fixture
def new_google_account(sim):
    """Somebody at Google: `new_google_account("bo@gmail.example", "Bo Ek")`."""

    def make(email: str, name: str) -> str:
        sim.control("POST", "/google/accounts", {"email": email, "name": name})
        return email

    return make


def at_microsoft(person, account: str, password: str):
    person.is_on("Sign in").fill("Account", account).fill("Password", password).press("Sign in")


def at_google(person, email: str):
    person.press(re.compile(re.escape(email)))


def test_an_account_is_linked_and_signs_in_from_then_on(new_person, signed_in, portal, office, tenant):
    ada = signed_in(office.member("administrator"))
    ada.visit("/account")
    ada.press("Also sign in with Microsoft")
    at_microsoft(ada, tenant.company.person("anna"), tenant.password)
    ada.is_on("Your account").sees("From now on you can sign in with Microsoft.").sees(
        re.compile(tenant.company.person("anna")))
    again = new_person("again", portal.url)
    again.visit(office.path("members"))
    again.press("Sign in with Microsoft")
    at_microsoft(again, tenant.company.person("anna"), tenant.password)
    again.is_on("Members")
    again.visit("/account")
    again.press(re.compile("^Remove")).sees("You no longer sign in with Microsoft.")


def test_who_is_not_known_here_does_not_come_in(new_person, portal, tenant):
    ben = new_person("ben", portal.url)
    ben.visit("/sign-in")
    ben.press("Sign in with Microsoft")
    at_microsoft(ben, tenant.company.person("ben"), tenant.password)
    ben.is_on("Nobody here is known by this account").follow("Back")
    ben.is_on("Sign in")


def test_an_address_alone_lets_nobody_in(sim, new_person, portal, office, tenant):
    """An administrator of some tenant writes somebody else's address into an account of the own tenant."""
    victim = office.member("administrator")
    tenant.company.add_person("mallory", "Mallory", mail=victim)
    mallory = new_person("mallory", portal.url)
    mallory.visit("/sign-in")
    mallory.press("Sign in with Microsoft")
    at_microsoft(mallory, tenant.company.person("mallory"), tenant.password)
    mallory.is_on("Nobody here is known by this account")


def test_an_invitation_is_taken_up_with_google(new_person, office, new_google_account):
    bo = new_person("bo", office.portal.url)
    email = new_google_account("bo@gmail.example", "Bo Ek")
    bo.visit(office.invite(email, "receptionist"))
    bo.is_on("Join Outside").press("Sign in with Google")
    at_google(bo, email)
    bo.is_on("Rooms")
    bo.page.locator("summary").filter(has_text="Bo Ek").click()
    bo.press("Sign out").is_on("Sign in").press("Sign in with Google")
    at_google(bo, email)
    bo.is_on("Rooms")


def test_somebody_else_cannot_take_up_an_invitation(new_person, office, new_google_account):
    """Whoever has the link makes the account that was invited; an account that is there already stays its owner's."""
    owner = office.member("viewer", "Vera")
    other = new_google_account("somebody.else@gmail.example", "Somebody Else")
    thief = new_person("thief", office.portal.url)
    second = office.portal.organization("second", "Second")
    thief.visit(second.invite(owner, "administrator"))
    thief.press("Sign in with Google")
    at_google(thief, other)
    thief.is_on("The invitation is for somebody else")


def test_changing_ones_mind(new_person, portal, new_google_account):
    new_google_account("undecided@gmail.example", "Undecided")
    person = new_person("undecided", portal.url)
    for site in ("Google", "Microsoft"):
        person.visit("/sign-in")
        person.press(f"Sign in with {site}").press("Cancel")
        person.is_on(f"You did not sign in with {site}")


def test_a_way_back_is_good_once_and_in_one_browser(new_person, portal, office, new_google_account):
    email = new_google_account("cleo@gmail.example", "Cleo")
    cleo = new_person("cleo", portal.url)
    cleo.visit(office.invite(email, "viewer"))
    seen: list[str] = []
    cleo.page.on("request", lambda request: "/callback?" in request.url and seen.append(request.url))
    cleo.press("Sign in with Google")
    at_google(cleo, email)
    cleo.is_on("Rooms")
    for person, address in (
        (cleo, seen[0]), (new_person("thief", portal.url), seen[0]),
        (new_person("guesser", portal.url), f"{portal.url}/sign-in/google/callback?code=c&state=guessed"),
    ):
        person.visit(address)
        person.is_on("This sign-in cannot be finished")


def test_nothing_typed_is_lost_on_the_way(new_person, signed_in, portal, office, new_google_account):
    email = new_google_account("dora@gmail.example", "Dora")
    dora = new_person("dora", portal.url)
    dora.visit(office.invite(email, "viewer"))
    dora.press("Sign in with Google")
    at_google(dora, email)
    dora.is_on("Rooms").visit("/account")
    dora.context.clear_cookies(name="loopsync_session")
    dora.fill("Name", "Dora Dahl").press("Save").is_on("Sign in").press("Sign in with Google")
    at_google(dora, email)
    dora.is_on("Go on where you were").press("Send it now").sees("Saved.")
    assert dora.value("Name") == "Dora Dahl"


def test_an_organization_chooses_how_its_members_sign_in(signed_in, portal, new_google_account, new_person):
    strict = portal.organization("strict", "Strict")
    email = new_google_account("eli@gmail.example", "Eli")
    eli = new_person("eli", portal.url)
    eli.visit(strict.invite(email, "administrator"))
    eli.press("Sign in with Google")
    at_google(eli, email)
    vera = signed_in(strict.member("viewer"))
    vera.visit(strict.path())
    vera.is_on("Rooms")
    eli.visit(strict.path("settings"))
    eli.untick("Address and password").press("Save the settings").sees("The settings are saved.")
    vera.visit(strict.path())
    vera.is_on("Sign in another way").sees_a("button", "Sign in with Google")
