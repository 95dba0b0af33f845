"""Google's sign-in as loopsim has it, walked with plain requests; PyJWT, which somebody else wrote, believes its tokens."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

BACK = "https://sync.example/back"


@pytest.fixture
def google(sim):
    """An application and a person at Google, and what discovery says."""
    number = secrets.token_hex(4)
    client = sim.control("POST", "/google/clients", {"displayName": "LoopBooking", "redirectURIs": [BACK]})
    person = sim.control("POST", "/google/accounts", {
        "email": f"anna-{number}@fabrikam.example", "name": "Anna Ås", "hostedDomain": "fabrikam.example"})
    found = sim.session.get(f"{sim.url}/google/.well-known/openid-configuration", timeout=30).json()
    return client, person, found


def sign_in(session: requests.Session, google, nonce: str) -> dict:
    client, person, found = google
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": client["clientID"], "redirect_uri": BACK, "response_type": "code", "scope": "openid email profile",
        "state": "s1", "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
    page = session.get(found["authorization_endpoint"], params=query, timeout=30)
    assert person["email"] in page.text
    chosen = session.post(page.url, data={"account": person["email"]}, allow_redirects=False, timeout=30)
    assert chosen.headers["Location"].startswith(BACK)
    back = parse_qs(urlsplit(chosen.headers["Location"]).query)
    assert back["state"] == ["s1"]
    reply = session.post(found["token_endpoint"], timeout=30, data={
        "grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": BACK, "code_verifier": verifier,
        "client_id": client["clientID"], "client_secret": client["secret"]})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_token_that_pyjwt_believes(sim, google):
    client, person, found = google
    tokens = sign_in(sim.session, google, nonce="n1")
    key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(tokens["id_token"])
    claims = jwt.decode(
        tokens["id_token"], key, algorithms=["RS256"], audience=client["clientID"], issuer=found["issuer"],
        options={"require": ["exp", "iat", "iss", "aud", "sub"]})
    assert claims["sub"] == person["subject"]
    assert (claims["email"], claims["email_verified"], claims["hd"]) == (person["email"], True, "fabrikam.example")
    assert (claims["nonce"], claims["name"], claims["azp"]) == ("n1", "Anna Ås", client["clientID"])
    info = sim.session.get(
        found["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=30).json()
    assert info["sub"] == claims["sub"]


def test_a_renewed_key_is_published_beside_the_former_one(sim, google):
    client, _, found = google
    old = sign_in(sim.session, google, nonce="n1")["id_token"]
    sim.control("POST", "/google/keys/renew")
    new = sign_in(sim.session, google, nonce="n2")["id_token"]
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    keys = jwt.PyJWKClient(found["jwks_uri"])
    for token in (old, new):
        jwt.decode(token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], audience=client["clientID"])
