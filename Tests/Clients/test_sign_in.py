"""msal, Microsoft's own library for signing in, meets loopsim: every grant, and every refusal an administrator can cause."""

import itertools

import pytest

from rig.company import (
    OUTLOOK_CLIENT, OUTLOOK_SCOPES, PASSWORD, REDIRECT, SECRET, SECRET_CLIENT, SYNC_CLIENT, Company,
)
from rig.sign_in import LOGIN, Browser, aadsts, confidential_client, public_client, to_loopsim

CALENDARS = ["https://graph.microsoft.com/Calendars.ReadWrite.Shared"]
DEFAULT = ["https://graph.microsoft.com/.default"]
_domains = itertools.count(1)


@pytest.fixture
def company(sim):
    """A tenant of its own: sign-in tests lock, disable and withdraw."""
    return Company(sim, f"fabrikam{next(_domains)}.example").seed()


def graph_status(sim, token: str, path: str = "/v1.0/me/calendar") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return to_loopsim(sim.url).get(f"https://graph.microsoft.com{path}", headers=headers, timeout=30).status_code


# Every grant


def test_authorization_code_with_pkce(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    flow = application.initiate_auth_code_flow(CALENDARS, redirect_uri=REDIRECT, login_hint=company.service_account)
    browser = Browser(sim.url)
    answer = browser.sign_in(flow["auth_uri"], {"login": company.service_account, "passwd": PASSWORD})
    assert answer.get("state") == flow["state"], browser.page
    result = application.acquire_token_by_auth_code_flow(flow, answer)
    assert "access_token" in result, result.get("error_description")
    assert result["id_token_claims"]["preferred_username"] == company.service_account
    assert result["id_token_claims"]["tid"] == company.id
    assert "Calendars.ReadWrite.Shared" in result["scope"]


def test_a_code_works_once(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    flow = application.initiate_auth_code_flow(CALENDARS, redirect_uri=REDIRECT)
    answer = Browser(sim.url).sign_in(flow["auth_uri"], {"login": company.service_account, "passwd": PASSWORD})
    assert "access_token" in application.acquire_token_by_auth_code_flow(dict(flow), answer)
    again = public_client(sim.url, SYNC_CLIENT, company.domain)
    result = again.acquire_token_by_auth_code_flow(flow, answer)
    assert 54005 in aadsts(result), result


def test_a_code_needs_its_verifier(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    flow = application.initiate_auth_code_flow(CALENDARS, redirect_uri=REDIRECT)
    answer = Browser(sim.url).sign_in(flow["auth_uri"], {"login": company.service_account, "passwd": PASSWORD})
    flow["code_verifier"] = "x" * 43
    result = application.acquire_token_by_auth_code_flow(flow, answer)
    assert result.get("error") == "invalid_grant", result


def test_authorization_code_of_a_confidential_client(sim, company):
    company.consent(SECRET_CLIENT)
    application = confidential_client(sim.url, SECRET_CLIENT, company.domain, SECRET)
    flow = application.initiate_auth_code_flow(CALENDARS, redirect_uri=REDIRECT)
    answer = Browser(sim.url).sign_in(flow["auth_uri"], {"login": company.service_account, "passwd": PASSWORD})
    assert "access_token" in application.acquire_token_by_auth_code_flow(flow, answer)


def test_multi_factor_authentication_at_the_page(sim, company):
    sim.change_user(company.domain, company.service_account, requiresMFA=True)
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    flow = application.initiate_auth_code_flow(CALENDARS, redirect_uri=REDIRECT)
    answer = Browser(sim.url).sign_in(
        flow["auth_uri"], {"login": company.service_account, "passwd": PASSWORD}, {"otc": "123456"})
    assert "access_token" in application.acquire_token_by_auth_code_flow(flow, answer)


def test_the_password_grant(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    result = application.acquire_token_by_username_password(company.service_account, PASSWORD, DEFAULT)
    assert "access_token" in result, result.get("error_description")
    assert graph_status(sim, result["access_token"]) == 200


def test_the_password_grant_over_organizations(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, "organizations")
    result = application.acquire_token_by_username_password(company.service_account, PASSWORD, DEFAULT)
    assert "access_token" in result, result.get("error_description")


def test_the_device_code(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    flow = application.initiate_device_flow(CALENDARS)
    assert "user_code" in flow, flow
    assert flow["user_code"] in flow["message"]
    pending = application.acquire_token_by_device_flow({**flow, "expires_at": 0})
    assert pending.get("error") == "authorization_pending", pending
    Browser(sim.url).sign_in(
        flow["verification_uri"], {"otc_device": flow["user_code"]},
        {"login": company.service_account, "passwd": PASSWORD}, {"consent": "accept"})
    result = application.acquire_token_by_device_flow(flow)
    assert "access_token" in result, result.get("error_description")
    assert result["id_token_claims"]["preferred_username"] == company.service_account


def test_client_credentials_with_a_secret(sim, company):
    sim.grant(company.domain, SECRET_CLIENT, grantedRoles=["Calendars.ReadWrite", "Place.Read.All"])
    _, address = company.add_room(full_access=[])
    application = confidential_client(sim.url, SECRET_CLIENT, company.id, SECRET)
    result = application.acquire_token_for_client(DEFAULT)
    assert "access_token" in result, result.get("error_description")
    assert "refresh_token" not in result
    assert graph_status(sim, result["access_token"], f"/v1.0/users/{address}/calendar") == 200


def test_client_credentials_with_a_certificate(sim, company, certificate):
    sim.grant(company.domain, SECRET_CLIENT, grantedRoles=["Calendars.ReadWrite"])
    private, public, _ = certificate
    application = confidential_client(
        sim.url, SECRET_CLIENT, company.id, {"private_key": private, "public_certificate": public})
    result = application.acquire_token_for_client(DEFAULT)
    assert "access_token" in result, result.get("error_description")


def test_a_token_without_roles_opens_nothing(sim, company):
    sim.grant(company.domain, SECRET_CLIENT, grantedRoles=[])
    _, address = company.add_room(full_access=[])
    application = confidential_client(sim.url, SECRET_CLIENT, company.id, SECRET)
    result = application.acquire_token_for_client(DEFAULT)
    assert "access_token" in result, result.get("error_description")
    assert graph_status(sim, result["access_token"], f"/v1.0/users/{address}/calendar") == 403


def test_silent_refresh(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    first = application.acquire_token_by_username_password(company.service_account, PASSWORD, DEFAULT)
    account = application.get_accounts(company.service_account)[0]
    second = application.acquire_token_silent_with_error(DEFAULT, account, force_refresh=True)
    assert second and "access_token" in second, second
    assert second["access_token"] != first["access_token"]


def test_revoked_sessions_end_the_refresh(sim, company):
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    application.acquire_token_by_username_password(company.service_account, PASSWORD, DEFAULT)
    account = application.get_accounts(company.service_account)[0]
    sim.control("POST", f"/tenants/{company.domain}/users/{company.service_account}/revoke-sessions")
    result = application.acquire_token_silent_with_error(DEFAULT, account, force_refresh=True)
    assert 50173 in aadsts(result), result


# Admin consent


def consent_url(company, **more) -> str:
    scope = "%20".join(f"https://graph.microsoft.com/{name}" for name in ("Calendars.ReadWrite.Shared", "Place.Read.All"))
    return (f"{LOGIN}/{company.domain}/v2.0/adminconsent?client_id={SYNC_CLIENT}&scope={scope}"
            f"&redirect_uri={REDIRECT}&state=st4te")


def test_an_administrator_consents_for_the_organization(sim, company):
    sim.revoke_application(company.domain, SYNC_CLIENT)
    answer = Browser(sim.url).sign_in(
        consent_url(company), {"login": company.admin, "passwd": PASSWORD}, {"consent": "accept"})
    assert answer.get("admin_consent") == "True", answer
    assert (answer.get("tenant"), answer.get("state")) == (company.id, "st4te")
    application = public_client(sim.url, SYNC_CLIENT, company.domain)
    result = application.acquire_token_by_username_password(company.service_account, PASSWORD, CALENDARS)
    assert "access_token" in result, result.get("error_description")


def test_consent_declined(sim, company):
    sim.revoke_application(company.domain, SYNC_CLIENT)
    answer = Browser(sim.url).sign_in(
        consent_url(company), {"login": company.admin, "passwd": PASSWORD}, {"consent": "cancel"})
    assert "AADSTS65004" in answer.get("error_description", ""), answer


def test_nobody_but_an_administrator_consents_for_the_organization(sim, company):
    sim.revoke_application(company.domain, SYNC_CLIENT)
    browser = Browser(sim.url)
    answer = browser.sign_in(
        consent_url(company), {"login": company.person("anna"), "passwd": PASSWORD}, {"consent": "accept"})
    assert answer.get("error") or "AADSTS" in browser.page, (answer, browser.page)
    assert answer.get("code") is None


# Every refusal


def refused(sim, company, account=None, password=PASSWORD, client=SYNC_CLIENT, tenant=None, scopes=DEFAULT) -> dict:
    application = public_client(sim.url, client, tenant or company.domain)
    result = application.acquire_token_by_username_password(account or company.service_account, password, scopes)
    assert "access_token" not in result, "the sign-in worked"
    return result


def test_a_wrong_password(sim, company):
    result = refused(sim, company, password="wrong")
    assert (aadsts(result), result["error"]) == ([50126], "invalid_grant")
    assert result["error_description"].startswith("AADSTS50126")


def test_ten_wrong_passwords_lock_the_account(sim, company):
    for _ in range(10):
        refused(sim, company, password="wrong")
    assert aadsts(refused(sim, company)) == [50053]


def test_an_account_that_does_not_exist(sim, company):
    assert aadsts(refused(sim, company, account=company.person("nobody"))) == [50034]


@pytest.mark.parametrize(
    "change, code, suberror",
    [
        ({"isEnabled": False}, 50057, None),
        ({"passwordExpired": True}, 50055, "user_password_expired"),
        ({"requiresMFA": True}, 50076, "basic_action"),
    ])
def test_an_account_that_may_not_sign_in(sim, company, change, code, suberror):
    sim.change_user(company.domain, company.service_account, **change)
    result = refused(sim, company)
    assert (aadsts(result), result.get("suberror")) == ([code], suberror)


def test_security_defaults(sim, company):
    sim.change_tenant(company.domain, securityDefaults=True)
    result = refused(sim, company)
    assert aadsts(result) == [50079]
    assert "claims" in result


def test_conditional_access_blocks(sim, company):
    sim.change_tenant(company.domain, conditionalAccessBlocks=True)
    result = refused(sim, company)
    assert aadsts(result) == [53003]


def test_an_account_that_is_not_assigned(sim, company):
    company.consent(SYNC_CLIENT, assigned=[])
    assert aadsts(refused(sim, company)) == [50105]


def test_no_consent(sim, company):
    sim.grant(company.domain, SYNC_CLIENT, assignmentRequired=False, grantedScopes=["User.Read"])
    result = refused(sim, company, scopes=CALENDARS)
    assert (aadsts(result), result.get("suberror")) == ([65001], "consent_required")


def test_an_application_that_nobody_knows(sim, company):
    assert aadsts(refused(sim, company, client="00000000-1111-4000-8000-000000000000")) == [700016]


def test_a_tenant_that_does_not_exist(sim, company):
    with pytest.raises(ValueError, match="AADSTS90002|tenant"):
        refused(sim, company, tenant="nowhere.example")


def test_a_scope_that_does_not_exist(sim, company):
    result = refused(sim, company, scopes=["https://graph.microsoft.com/Place.Read"])
    assert aadsts(result) == [650053]


def test_a_wrong_secret(sim, company):
    result = confidential_client(sim.url, SECRET_CLIENT, company.id, "wrong").acquire_token_for_client(DEFAULT)
    assert (aadsts(result), result["error"]) == ([7000215], "invalid_client")


def test_a_public_client_where_a_secret_is_needed(sim, company):
    company.consent(SECRET_CLIENT)
    assert aadsts(refused(sim, company, client=SECRET_CLIENT)) == [7000218]


def test_a_certificate_that_is_not_registered(sim, company, certificate):
    other = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa").generate_private_key(65537, 2048)
    from cryptography.hazmat.primitives import serialization

    private = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    application = confidential_client(
        sim.url, SECRET_CLIENT, company.id, {"private_key": private, "public_certificate": certificate[1]})
    result = application.acquire_token_for_client(DEFAULT)
    assert aadsts(result) == [700027], result


def test_a_person_consents_for_himself(sim, company):
    sim.revoke_application(company.domain, OUTLOOK_CLIENT)
    application = public_client(sim.url, OUTLOOK_CLIENT, company.domain)
    flow = application.initiate_auth_code_flow(["https://graph.microsoft.com/Calendars.ReadWrite"], redirect_uri=REDIRECT)
    browser = Browser(sim.url)
    answer = browser.sign_in(
        flow["auth_uri"], {"login": company.person("ben"), "passwd": PASSWORD}, {"consent": "accept"})
    result = application.acquire_token_by_auth_code_flow(flow, answer)
    assert "access_token" in result, (result, browser.page)
    sim.grant(company.domain, OUTLOOK_CLIENT, grantedScopes=OUTLOOK_SCOPES)
