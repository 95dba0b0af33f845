"""loopsim's sign-in and consent pages, used with a real browser; the portal's set-up leads through them."""

import pytest
import requests

from rig import accessible
from rig.application import ProofKey, address
from rig.company import SYNC_SCOPES

CLIENT = "5a4c1f0e-0000-4000-8000-00000000000b"
DEFAULT_SCOPE = "https://graph.microsoft.com/.default"
SIGN_IN_SCOPE = f"{DEFAULT_SCOPE} openid profile offline_access"


@pytest.fixture(scope="module")
def registration(sim) -> str:
    """An application of our own, whose answers come to the test."""
    sim.register(
        CLIENT, "Room sync under test", allowsPublicClientFlows=True, isMultiTenant=True,
        redirectURIs=["http://localhost/callback"], requestedScopes=SYNC_SCOPES, requestedRoles=["Calendars.Read"])
    return CLIENT


@pytest.fixture
def tenant(new_tenant, registration):
    return new_tenant()


@pytest.fixture
def consented(sim, tenant, registration):
    """The tenant once an administrator has consented."""
    sim.grant(tenant.domain, registration, grantedScopes=SYNC_SCOPES)
    return tenant


@pytest.fixture
def ada(new_person, sim):
    return new_person("ada", sim.url)


@pytest.fixture
def booking(new_person, sim):
    """Whoever signs in with the service account."""
    return new_person("booking", sim.url)


def consent_page(tenant, application, state="s-1") -> str:
    return address(
        f"/{tenant.domain}/v2.0/adminconsent", client_id=CLIENT, scope=DEFAULT_SCOPE, state=state,
        redirect_uri=application.redirect_uri)


def sign_in_page(tenant, application, proof: ProofKey, **more: str) -> str:
    return address(
        f"/{tenant.domain}/oauth2/v2.0/authorize", client_id=CLIENT, response_type="code", scope=SIGN_IN_SCOPE,
        redirect_uri=application.redirect_uri, state="s-2", code_challenge=proof.challenge,
        code_challenge_method="S256", **more)


def sign_in(person, account: str, password: str) -> None:
    person.is_on("Sign in").fill("Account", account).fill("Password", password).press("Sign in")


def redeem(sim, tenant, application, code: str, verifier: str) -> dict:
    return requests.post(
        f"{sim.url}/{tenant.domain}/oauth2/v2.0/token", timeout=10, data={
            "client_id": CLIENT, "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
            "redirect_uri": application.redirect_uri, "scope": SIGN_IN_SCOPE}).json()


def granted(sim, tenant) -> dict | None:
    """The enterprise application in the tenant, if there is one."""
    applications = sim.control("GET", f"/tenants/{tenant.domain}")["enterpriseApplications"]
    return next((found for found in applications if found["clientID"] == CLIENT), None)


# Admin consent


def test_an_administrator_consents_for_the_organization(sim, tenant, ada, application):
    ada.visit(consent_page(tenant, application))
    sign_in(ada, tenant.admin, tenant.password)
    ada.is_on("Permissions requested: review for your organization").sees("Room sync under test")
    ada.sees("Read and write user and shared calendars").sees("Calendars.ReadWrite.Shared")
    assert granted(sim, tenant) is None
    ada.press("Accept").is_on("Back at the application")
    told = application.told()
    assert told["admin_consent"] == "True" and told["tenant"] == tenant.id and told["state"] == "s-1"
    assert "https://graph.microsoft.com/Place.Read.All" in told["scope"].split()
    assert set(SYNC_SCOPES) - {"openid", "profile", "offline_access"} <= set(granted(sim, tenant)["grantedScopes"])


def test_an_administrator_declines(sim, tenant, ada, application):
    ada.visit(consent_page(tenant, application))
    sign_in(ada, tenant.admin, tenant.password)
    ada.press("Cancel").is_on("Back at the application")
    told = application.told()
    assert told["error"] == "consent_required" and "AADSTS65004" in told["error_description"]
    assert told["state"] == "s-1" and "tenant" not in told
    assert granted(sim, tenant) is None


def test_who_leaves_the_sign_in_page_consents_to_nothing(sim, tenant, ada, application):
    ada.visit(consent_page(tenant, application))
    ada.is_on("Sign in").press("Cancel").is_on("Back at the application")
    assert "error" in application.told() and granted(sim, tenant) is None


def test_consent_is_not_for_everybody(sim, tenant, new_person, application):
    anna = new_person("anna", sim.url)
    anna.visit(consent_page(tenant, application))
    sign_in(anna, tenant.company.person("anna"), tenant.password)
    anna.is_on("Back at the application")
    told = application.told()
    assert told["error"] == "access_denied" and "AADSTS90094" in told["error_description"]
    assert granted(sim, tenant) is None


# Signing in with an account


def test_the_service_account_signs_in(sim, consented, booking, application):
    proof = ProofKey()
    booking.visit(sign_in_page(consented, application, proof, login_hint=consented.account))
    assert booking.is_on("Sign in").value("Account") == consented.account
    booking.fill("Password", consented.password).key("Enter").is_on("Back at the application")
    told = application.told()
    assert told["state"] == "s-2" and "error" not in told
    tokens = redeem(sim, consented, application, told["code"], proof.verifier)
    assert tokens["access_token"] and tokens["refresh_token"] and "Calendars.ReadWrite.Shared" in tokens["scope"]
    again = redeem(sim, consented, application, told["code"], proof.verifier)
    assert again["error_codes"] == [54005]


def test_a_code_is_of_no_use_without_its_verifier(sim, consented, booking, application):
    booking.visit(sign_in_page(consented, application, ProofKey()))
    sign_in(booking, consented.account, consented.password)
    booking.is_on("Back at the application")
    refused = redeem(sim, consented, application, application.told()["code"], ProofKey().verifier)
    assert refused["error_codes"] == [501481]


def test_a_wrong_password_is_told_on_the_page(sim, consented, booking, application):
    booking.visit(sign_in_page(consented, application, ProofKey()))
    sign_in(booking, consented.account, "not this one")
    booking.part("alert").sees("AADSTS50126")
    assert not application.calls
    assert booking.value("Account") == consented.account
    booking.fill("Password", consented.password).press("Sign in").is_on("Back at the application")
    assert "code" in application.told()


def test_multi_factor_authentication_stands_in_the_way(consented, booking, application):
    consented.skip("mfa")
    booking.visit(sign_in_page(consented, application, ProofKey()))
    sign_in(booking, consented.account, consented.password)
    booking.is_on("More information required").fill("Verification code", "12").press("Verify")
    booking.part("alert").sees("expected verification code")
    booking.fill("Verification code", "123456").press("Verify").is_on("Back at the application")
    assert "code" in application.told()


def test_a_second_window_is_signed_in_already(sim, consented, booking, new_person, application):
    booking.visit(sign_in_page(consented, application, ProofKey()))
    sign_in(booking, consented.account, consented.password)
    booking.is_on("Back at the application")
    application.told()
    second = new_person("second window", sim.url, like=booking)
    second.visit(sign_in_page(consented, application, ProofKey()))
    second.is_on("Back at the application")
    assert "code" in application.told()


def test_without_javascript_it_is_the_same(sim, consented, new_person, application):
    plain = new_person("plain", sim.url, javascript=False)
    plain.visit(sign_in_page(consented, application, ProofKey()))
    sign_in(plain, consented.account, consented.password)
    plain.is_on("Back at the application")
    assert "code" in application.told()


# Everybody can use them


def test_the_pages_are_accessible(sim, tenant, ada, application, pictures):
    tenant.sim.change_user(tenant.domain, tenant.admin, requiresMFA=True)
    ada.visit(consent_page(tenant, application))
    look(ada, pictures, "entra-sign-in", norwegian=True)
    sign_in(ada, tenant.admin, "not this one")
    ada.part("alert").sees("AADSTS50126")
    look(ada, pictures, "entra-wrong-password")
    sign_in(ada, tenant.admin, tenant.password)
    ada.is_on("More information required")
    look(ada, pictures, "entra-second-factor")
    ada.fill("Verification code", "123456").press("Verify")
    ada.is_on("Permissions requested: review for your organization")
    look(ada, pictures, "entra-consent")
    assert [ada.key("Tab").focused() for _ in range(2)] == ['button "Accept"', 'button "Cancel"']


def look(person, pictures, name: str, norwegian: bool = False) -> None:
    accessible.check(person, best_practice=True)
    pictures.take(person, name, norwegian=norwegian)
