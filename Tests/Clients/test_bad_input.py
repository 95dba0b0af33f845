"""Bad input ends in one clear message that names what to do, in the command line and the API, and leaves nothing half-done.

Exit status: 0 good, 1 failed, 2 wrong usage, 3 a person must do something.
"""

import itertools

import pytest
import requests

from rig.company import OUTLOOK_CLIENT, SECRET_CLIENT, SYNC_CLIENT, SYNC_SCOPES, Company
from rig.loopbooking import Refused
from rig.loopsync import Loopsync
from rig.office import Office
from rig.when import at
from conftest import binary

_numbers = itertools.count(1)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def desk(sim, tmp_path):
    """A company and an installation of its own, not yet connected and not running."""
    company = Company(sim, f"tailspin{next(_numbers)}.example").seed()
    return Office(sim, company, Loopsync(binary("loopsync"), tmp_path, name="desk"), tmp_path)


def refused(answer, status: int, *words: str) -> str:
    """The one message, checked."""
    assert answer.status == status, f"{answer.command} ended with {answer.status}:\n{answer.text}"
    for word in words:
        assert word.lower() in answer.text.lower(), f"'{word}' is not in:\n{answer.text}"
    assert "Corr3ct" not in answer.text, "the password is in the message"
    assert "Fatal error" not in answer.text and "Thread 0" not in answer.text, answer.text
    return answer.text


def no_connection(desk):
    assert desk.operator.ask("connection", "list") == []


SIGN_IN = {
    "wrong password": (lambda desk: None, {"password": "wrong"}, ["AADSTS50126"]),
    "no such account": (lambda desk: None, {"account": "nobody@{domain}"}, ["AADSTS50034"]),
    "password expired": (lambda desk: user(desk, passwordExpired=True), {}, ["AADSTS50055", "expire"]),
    "account disabled": (lambda desk: user(desk, isEnabled=False), {}, ["AADSTS50057"]),
    "MFA demanded": (lambda desk: user(desk, requiresMFA=True), {}, ["AADSTS50076", "factor"]),
    "not assigned": (
        lambda desk: desk.company.consent(SYNC_CLIENT, assigned=[]), {}, ["AADSTS50105", "Users and groups"]),
    "no consent": (
        lambda desk: desk.sim.grant(desk.company.domain, SYNC_CLIENT, assignmentRequired=False, grantedScopes=["User.Read"]),
        {}, ["AADSTS65001", "consent"]),
    "application unknown": (
        lambda desk: None, {"client_id": "00000000-1111-4000-8000-000000000000"}, ["AADSTS700016"]),
    "secret needed": (lambda desk: desk.company.consent(SECRET_CLIENT), {"client_id": SECRET_CLIENT}, ["AADSTS7000218"]),
    "tenant unknown": (lambda desk: None, {"tenant": "nowhere.example"}, ["AADSTS90002"]),
    "no mailbox": (lambda desk: user(desk, hasMailbox=False), {}, ["mailbox"]),
}


def user(desk, **changes):
    desk.sim.change_user(desk.company.domain, desk.company.service_account, **changes)


@pytest.mark.parametrize("case", SIGN_IN)
def test_a_sign_in_that_cannot_work(desk, case):
    prepare, changes, words = SIGN_IN[case]
    prepare(desk)
    changes = {name: value.format(domain=desk.company.domain) for name, value in changes.items()}
    if "password" in changes:
        changes["password_file"] = desk.password_file(changes.pop("password"))
    refused(desk.operator.run("connection", "add", *desk.connection_arguments(**changes)), 3, *words)
    no_connection(desk)


def test_a_login_service_that_cannot_be_reached(desk):
    answer = desk.operator.run("connection", "add", *desk.connection_arguments(login_url=NOWHERE))
    assert answer.status in (1, 3)
    refused(answer, answer.status, "127.0.0.1")
    no_connection(desk)


def test_addresses_inside_the_network_need_a_word(desk):
    arguments = [word for word in desk.connection_arguments() if word != "--allow-internal"]
    answer = desk.operator.run("connection", "add", *arguments)
    assert answer.status in (1, 2, 3)
    refused(answer, answer.status, "--allow-internal")
    no_connection(desk)


def test_a_password_file_that_is_not_there(desk):
    answer = desk.operator.run("connection", "add", *desk.connection_arguments(password_file="/nowhere/password"))
    refused(answer, 1, "/nowhere/password")
    no_connection(desk)


def test_usage(desk):
    refused(desk.operator.run("connection", "add", "--kind", "microsoft"), 2, "--tenant")
    refused(desk.operator.run("link", "add", "--room", "Oslo", "--resource", "x@y", "--clash", "whoever"), 2, "firstConfirmed")
    refused(desk.operator.run("no-such-command"), 2)


@pytest.fixture
def connected(desk):
    desk.connect()
    desk.operator.do("room", "add", "Oslo", "--time-zone", "Europe/Oslo")
    return desk


def no_link(desk):
    assert desk.operator.ask("link", "list") == []


def test_a_room_without_the_right(connected):
    _, address = connected.company.add_room("Bergen-ext", full_access=[])
    refused(connected.operator.run("link", "add", "--room", "Oslo", "--resource", address), 3, "Full Access", address)
    no_link(connected)


def test_a_resource_that_does_not_exist(connected):
    answer = connected.operator.run(
        "link", "add", "--room", "Oslo", "--resource", f"nothing@{connected.company.domain}")
    assert answer.status in (1, 3)
    refused(answer, answer.status, "nothing@")
    no_link(connected)


def test_a_room_that_does_not_exist(connected):
    _, address = connected.company.add_room("Oslo-ext")
    refused(connected.operator.run("link", "add", "--room", "Paris", "--resource", address), 1, "Paris")
    no_link(connected)


def test_a_room_mapped_twice(connected):
    _, first = connected.company.add_room("Oslo-ext")
    _, second = connected.company.add_room("Other-ext")
    connected.operator.do("room", "add", "Bergen", "--time-zone", "Europe/Oslo")
    connected.operator.do("link", "add", "--room", "Oslo", "--resource", first)
    refused(connected.operator.run("link", "add", "--room", "Oslo", "--resource", second), 1, "Oslo")
    refused(connected.operator.run("link", "add", "--room", "Bergen", "--resource", first.upper()), 1, "already", "Oslo")
    assert len(connected.operator.ask("link", "list")) == 1


def test_an_unknown_time_zone(connected):
    refused(connected.operator.run("room", "add", "Mars", "--time-zone", "Mars/Olympus"), 1, "Mars/Olympus")
    assert [room["name"] for room in connected.operator.ask("room", "list")] == ["Oslo"]


def test_a_link_that_does_not_exist(connected):
    for verb in ("sync", "pause", "resume", "preview"):
        refused(connected.operator.run("link", verb, "Atlantis"), 1, "Atlantis")


def test_a_vendor_that_cannot_be_reached_later(connected, sim):
    """The room stays linked, the trouble is said, and nothing is cancelled."""
    _, address = connected.company.add_room("Oslo-ext")
    connected.operator.do("link", "add", "--room", "Oslo", "--resource", address)
    connected.operator.do("link", "sync", "Oslo")
    sim.faults({"kind": "cutBefore", "probability": 1, "path": address})
    try:
        answer = connected.operator.run("link", "sync", "Oslo")
    finally:
        sim.fair_weather()
    refused(answer, 1)
    connected.operator.do("link", "sync", "Oslo")


def scopes_without(desk, name: str) -> None:
    granted = [scope for scope in SYNC_SCOPES if scope != name]
    desk.sim.grant(desk.company.domain, SYNC_CLIENT, grantedScopes=granted)


def room(desk, address: str, **changes) -> None:
    desk.sim.change_room(desk.company.domain, address, **changes)


# What somebody skipped or undid, the check that names it, and the manual's step.
SKIPPED = {
    "account gone": (
        lambda desk, _: desk.sim.delete_user(desk.company.domain, desk.company.service_account),
        "microsoft.account", "create-service-account"),
    "account blocked": (lambda desk, _: user(desk, isEnabled=False), "microsoft.account", "create-service-account"),
    "password expired": (lambda desk, _: user(desk, passwordExpired=True), "microsoft.password", "never-expire-password"),
    "password changed": (lambda desk, _: user(desk, password="another"), "microsoft.signIn", "enter-credentials"),
    "second factor": (lambda desk, _: user(desk, requiresMFA=True), "microsoft.twoFactor", "switch-off-two-factor"),
    "security defaults": (
        lambda desk, _: desk.sim.change_tenant(desk.company.domain, securityDefaults=True),
        "microsoft.twoFactor", "switch-off-two-factor"),
    "mailbox gone": (lambda desk, _: user(desk, hasMailbox=False), "microsoft.mailbox", "give-mailbox-licence"),
    "application disabled": (
        lambda desk, _: desk.sim.grant(desk.company.domain, SYNC_CLIENT, isEnabled=False, grantedScopes=SYNC_SCOPES),
        "microsoft.application", "register-application"),
    "consent withdrawn": (
        lambda desk, _: desk.sim.revoke_application(desk.company.domain, SYNC_CLIENT),
        "microsoft.consent", "grant-admin-consent"),
    "permission withdrawn": (
        lambda desk, _: scopes_without(desk, "Place.Read.All"), "microsoft.scopes", "grant-admin-consent"),
    "not assigned": (
        lambda desk, _: desk.company.consent(SYNC_CLIENT, assigned=[]), "microsoft.assignment", "assign-service-account"),
    "room gone": (
        lambda desk, address: desk.sim.control("DELETE", f"/tenants/{desk.company.domain}/rooms/{address}"),
        "room.found", "create-mirror-room"),
    "no Full Access": (lambda desk, address: room(desk, address, fullAccess=[]), "room.readable", "grant-full-access"),
    "may only read": (
        lambda desk, address: room(desk, address, fullAccess=[], readers=[desk.company.service_account]),
        "room.writable", "grant-full-access"),
    "private hidden": (
        lambda desk, address: room(desk, address, hidesPrivateItems=True), "room.privateVisible", "grant-full-access"),
}


def verdicts(findings: list[dict], verdict: str) -> list[tuple[str, str | None]]:
    return [(finding["check"], finding.get("step")) for finding in findings if finding["verdict"] == verdict]


@pytest.mark.parametrize("case", SKIPPED)
def test_the_doctor_names_the_step_and_no_other(connected, case):
    undo, check, step = SKIPPED[case]
    _, address = connected.company.add_room("Oslo-ext")
    connected.operator.do("link", "add", "--room", "Oslo", "--resource", address)
    findings = connected.operator.ask("doctor")
    assert not verdicts(findings, "bad") and not verdicts(findings, "warning") and not verdicts(findings, "notChecked")
    undo(connected, address)
    answer = connected.operator.run("doctor", "--json")
    assert answer.status == 3
    assert verdicts(answer.json, "bad") == [(check, step)]
    assert not verdicts(answer.json, "warning")
    assert all(finding["evidence"].startswith("Not checked") for finding in answer.json if finding["verdict"] == "notChecked")
    refused(connected.operator.run("doctor"), 3, check, "what to do", "manual step")


def test_the_doctor_of_an_empty_installation(desk):
    refused(desk.operator.run("doctor"), 3, "no connection")


# The API


def problem(office, method: str, path: str, **more) -> requests.Response:
    return office.loopbooking.session.request(method, f"{office.loopbooking.url}/api/v1{path}", timeout=30, **more)


@pytest.mark.parametrize(
    "body", ["{", "[]", '"text"', "null", "", '{"room":1}', '{"room":"x","subject":{"a":1}}', "\x00", "[" * 5000],
    ids=["cut", "list", "text", "null", "empty", "number", "object", "zero", "deep"])
def test_malformed_json(office, body):
    reply = problem(office, "POST", "/bookings", data=body.encode(), headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422), reply.text
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    told = reply.json()
    assert told["status"] == reply.status_code and told["detail"] and told["code"]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"subject": "x" * 256}, "subject"), ({"body": "x" * 32_001}, "body"), ({"location": "x" * 256}, "location"),
        ({"subject": "two\nlines"}, "subject"), ({"organizer": {"name": "x" * 256, "address": "a@b.example"}}, "organizer"),
        ({"organizer": {"name": "A", "address": "no address"}}, "organizer"),
        ({"attendees": [{"name": "N", "address": f"p{n}@b.example"} for n in range(501)]}, "attendees"),
        ({"start": {"dateTime": "2026-02-30T10:00:00", "timeZone": "Europe/Oslo"}}, "start"),
        ({"start": {"dateTime": "2030-01-01T10:00:00", "timeZone": "Mars/Olympus"}}, "start"),
        ({"sensitivity": "top secret"}, "sensitivity"), ({"colour": "blue"}, "colour"),
    ], ids=lambda value: value if isinstance(value, str) else None)
def test_fields_that_cannot_be(office, change, field):
    room = office.loopbooking.add_room(f"Input {next(_numbers)}")
    with pytest.raises(Refused) as refusal:
        office.loopbooking.call(
            "POST", "/bookings", {"room": room["id"], "subject": "S", **at("10:00").loopbooking(), **change})
    assert refusal.value.status in (400, 422)
    assert any(error["field"].startswith(field) for error in refusal.value.problem["errors"]), refusal.value.problem
    assert office.loopbooking.bookings(room["id"]) == []


def test_a_time_zone_that_does_not_exist(office):
    with pytest.raises(Refused) as refusal:
        office.loopbooking.add_room("Mars", zone="Mars/Olympus")
    assert refusal.value.status in (400, 422)
    assert "Mars/Olympus" in str(refusal.value.problem)
    assert "Mars" not in [room["name"] for room in office.loopbooking.rooms()]


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic abc", "Bearer "])
def test_no_token_no_answer(office, header):
    headers = {"Authorization": header} if header else {}
    reply = requests.get(f"{office.loopbooking.url}/api/v1/rooms", headers=headers, timeout=30)
    assert reply.status_code == 401
    assert reply.json()["code"] in ("token-missing", "invalid-token")
    assert "token add" in reply.json()["detail"]


def test_a_repeated_request_with_its_key(office):
    room = office.loopbooking.add_room(f"Input {next(_numbers)}")
    body = {"room": room["id"], "subject": "Once", **at("10:00").loopbooking()}
    headers = {"Idempotency-Key": f"key-{room['id']}"}
    first = office.loopbooking.call("POST", "/bookings", body, headers=headers)
    assert office.loopbooking.call("POST", "/bookings", body, headers=headers)["id"] == first["id"]
    with pytest.raises(Refused) as refusal:
        office.loopbooking.call("POST", "/bookings", {**body, "subject": "Twice"}, headers=headers)
    assert (refusal.value.status, refusal.value.code) == (422, "idempotency-key-reused")
    assert len(office.loopbooking.bookings(room["id"])) == 1


def test_a_change_of_what_changed_meanwhile(office):
    room = office.loopbooking.add_room(f"Input {next(_numbers)}")
    booking = office.loopbooking.book(room["id"], "Old", at("10:00").loopbooking())
    office.loopbooking.change(booking["id"], subject="Newer")
    with pytest.raises(Refused) as refusal:
        office.loopbooking.call(
            "PATCH", f"/bookings/{booking['id']}", {"subject": "Mine"}, headers={"If-Match": f'"{booking["revision"]}"'})
    assert refusal.value.status == 412
    assert office.loopbooking.booking(booking["id"])["subject"] == "Newer"


def test_the_outlook_registration_is_not_the_sync_s(desk):
    """Signing in with another application that may not read places: the missing permission is named."""
    desk.sim.grant(desk.company.domain, OUTLOOK_CLIENT, grantedScopes=["User.Read", "offline_access", "openid", "profile"])
    answer = desk.operator.run("connection", "add", *desk.connection_arguments(client_id=OUTLOOK_CLIENT))
    assert answer.status == 3
    refused(answer, 3, "consent")
    no_connection(desk)
