"""The REST API keeps what its OpenAPI document says, whatever is sent to it. LOOPSYNC_CONTRACT_SECONDS and
LOOPSYNC_CONTRACT_SEED say for how long and with which seed."""

import json
import os
import re
import socket
from dataclasses import dataclass
from datetime import timezone
from pathlib import Path

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from conftest import binary
from rig import contract
from rig.company import PASSWORD, SYNC_CLIENT
from rig.loopbooking import LoopBooking
from rig.loopsync import Loopsync
from rig.portal import OPERATOR, PASSWORD as VISITORS_PASSWORD, Visitor
from rig.waiting import wait_until
from rig.when import at

SECONDS = int(os.environ.get("LOOPSYNC_CONTRACT_SECONDS", "60"))
SEED = os.environ.get("LOOPSYNC_CONTRACT_SEED")
# Beside those that are always made.
CHECKS = ("ignored_auth", "unsupported_method", "allow_header_conformance", "negative_data_rejection")

@dataclass
class Desk:
    """A service with something of everything: a linked room, bookings, a series, a clash, a comparison of both sides."""

    url: str
    token: str
    api: LoopBooking
    # What there is, by the names that `steer` gives it.
    things: dict[str, list[str]]


@pytest.fixture(scope="module")
def operator(sim, tmp_path_factory, programs) -> Loopsync:
    operator = Loopsync(binary("loopsync"), tmp_path_factory.mktemp("contract"))
    operator.serve()
    programs.append(operator.program)
    yield operator
    operator.program.stop()


@pytest.fixture
def desk(sim, new_tenant, operator) -> Desk:
    tenant = new_tenant()
    token = operator.ask("token", "add", "--name", "contract")["token"]
    api = LoopBooking(operator.url, token)
    connect(operator, sim, tenant)
    room = api.add_room("Oslo")
    bergen = api.add_room("Bergen")
    link = operator.ask("link", "add", "--room", "Oslo", "--resource", tenant.room)["id"]
    when = at("10:00")
    first = api.book(room["id"], "Ours", when.loopbooking())
    series = [
        api.book(room["id"], f"Daily at {hour}", at(f"{hour}:00").loopbooking(), recurrence={"frequency": "daily"})
        for hour in (14, 15, 16)]
    single = [api.book(room["id"], f"Number {day}", at("08:00", days=day).loopbooking()) for day in range(8, 14)]
    wait_until(lambda: len(sim.events(tenant.room)) >= 10, "the bookings have crossed", within=90)
    assert sim.import_file(tenant.room, meeting("Theirs", when.moved(minutes=30))).ok
    clash = wait_until(lambda: api.call("GET", "/clashes")["clashes"], "the clash lies on the desk", within=60)[0]
    assert {clash["a"]["title"], clash["b"]["title"]} == {"Ours", "Theirs"}
    assert api.call("POST", f"/links/{link}/drift/check")["comparedAt"]
    assert api.booking(first["id"])["status"] == "confirmed"
    connection = operator.ask("connection", "list")[0]["id"]
    preview(api, connection, bergen["id"], tenant.rooms["Bergen-ext"])
    people(operator)
    days = [at("14:00", days=day) for day in range(7, 60)]
    return Desk(operator.url, token, api, {
        "rooms": [each["id"] for each in api.rooms()], "bookings": [each["id"] for each in (first, *series, *single)],
        "series": [each["id"] for each in series], "links": [link], "clashes": [clash["id"]],
        "members": [each["id"] for each in api.call("GET", "/members")["members"]], "setups": [connection],
        "mapped": [bergen["id"]],
        "originals": [day.moved(hours=hour).start.isoformat() for day in days for hour in range(3)],
        "starts": [day.moved(hours=4).start.isoformat() for day in days],
        "ends": [day.moved(hours=5).start.isoformat() for day in days],
        "zones": ["Europe/Oslo", "America/New_York", "UTC"],
        "from": [day.instants[0].strftime("%Y-%m-%dT%H:%M:%SZ") for day in days[:20]],
        "to": [day.instants[0].strftime("%Y-%m-%dT%H:%M:%SZ") for day in days[30:]],
    })


def steer(desk: Desk, folder: Path) -> None:
    """Lets schemathesis name real things in half of what it sends; the rest stays as strange as ever."""
    often = {
        "query.room": "rooms", "query.from": "from", "query.to": "to", "body.room": "rooms", "body.to": "rooms",
        "body.timeZone": "zones", "body.from": "originals", "path.original": "originals",
        **{f"body.{end}.{part}": values for end, which in (("start", "starts"), ("end", "ends"))
           for part, values in (("dateTime", which), ("timeZone", "zones"))},
    }
    paths = {
        "^/api/v1/rooms/": "rooms", "^/api/v1/links/": "links", "^/api/v1/clashes/": "clashes",
        "^/api/v1/members/": "members", "^/api/v1/setups/(?!.*/preview/.)": "setups",
        "^/api/v1/bookings/[^/]+(/history)?$": "bookings", "^/api/v1/bookings/.*(occurrences|split)": "series",
    }
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in desk.things.items()]
    lines += ["[parameters]", *(f'"{name}" = {_choice(values)}' for name, values in often.items())]
    for path, values in paths.items():
        lines += ["[[operations]]", f"include-path-regex = '{path}'", f'parameters = {{ "path.id" = {_choice(values)} }}']
    # Two names in one address.
    lines += [
        "[[operations]]", "include-path-regex = '^/api/v1/setups/.*/preview/.'",
        f'parameters = {{ "path.id" = {_choice("setups", 0.9)}, "path.room" = {_choice("mapped", 0.9)} }}']
    # A stale If-Match is told of before what is wrong with the body.
    lines += ["[checks.negative_data_rejection]", "expected-statuses = [400, 403, 404, 409, 412, 413, 415, 422]"]
    (folder / "schemathesis.toml").write_text("\n".join([*lines, ""]))


def _choice(values: str, probability: float = 0.5) -> str:
    return f'{{ dictionary = "{values}", probability = {probability} }}'


def preview(api: LoopBooking, setup: str, room: str, resource: str) -> None:
    """A room is about to be linked, and what would happen is worked out."""
    api.call("POST", f"/setups/{setup}/resources", {"address": resource})
    mapping = api.call("GET", f"/setups/{setup}/mapping")
    api.call(
        "PUT", f"/setups/{setup}/mapping", {"rows": [{"room": room, "resource": resource}]},
        headers={"If-Match": f'"{mapping["revision"]}"'})
    api.call("POST", f"/setups/{setup}/preview")

    def worked_out() -> bool:
        return any(each["room"] == room and not each["waiting"] for each in api.call("GET", f"/setups/{setup}/preview")["rooms"])

    wait_until(worked_out, "the preview is there", within=60)


def people(operator: Loopsync) -> None:
    """Somebody looks after the installation, and a few people took up invitations."""
    welcome = re.search(r"/welcome/\S+", operator.program.log.read_text())[0]
    olga = Visitor(operator.url)
    olga.get(welcome)
    olga.post(welcome, name="Olga Operator", email=OPERATOR, password=VISITORS_PASSWORD)
    for number in range(6):
        olga.get("/o/default/members")
        page = olga.post("/o/default/members", email=f"member{number}@contract.example", role="viewer")
        link = re.search(r"/invitation/[\w-]+", page)[0]
        member = Visitor(operator.url)
        member.get(link)
        member.post(link, name=f"Member {number}", password=VISITORS_PASSWORD)


def connect(operator: Loopsync, sim, tenant) -> None:
    password = operator.folder / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    operator.do(
        "connection", "add", "--kind", "microsoft", "--tenant", tenant.domain, "--client-id", SYNC_CLIENT, "--account",
        tenant.account, "--password-file", str(password), "--login-url", sim.url, "--graph-url", sim.graph_url,
        "--allow-internal")


def meeting(subject: str, when) -> bytes:
    start, end = (moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ") for moment in when.instants)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", "BEGIN:VEVENT", f"UID:{subject}-{start}",
        f"DTSTAMP:{start}", f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{subject}", "END:VEVENT", "END:VCALENDAR"]
    return "\r\n".join([*lines, ""]).encode()


def test_the_api_contract_is_kept(desk, tmp_path: Path):
    steer(desk, tmp_path)
    seed = int(SEED) if SEED else None
    # A mapping that is changed takes its previews away, so these are asked for before everything is.
    previews = contract.check(
        desk.url, desk.token, tmp_path, seconds=5, seed=seed, also=CHECKS, only="/preview/{room}$")
    assert any(phase["accepted"] for rates in previews["valid_rates"].values() for phase in rates.values())
    report = contract.check(desk.url, desk.token, tmp_path, seconds=SECONDS, seed=seed, also=CHECKS)
    assert report["operations"]["selected"] >= 25
    # It was not only strangers that were asked for.
    missed = [
        name for name, phases in report["valid_rates"].items()
        if name.startswith("GET ") and name not in previews["valid_rates"]
        and not any(phase["accepted"] for phase in phases.values())]
    assert not missed, f"never answered with what is there: {missed}"
    # Whatever was sent, the desk still works.
    assert desk.api.rooms()


def test_the_api_document_is_openapi(operator):
    document = requests.get(f"{operator.url}/api/v1/openapi.json", timeout=30).json()
    OpenAPIV31SpecValidator(document).validate()


# What no client library sends

STRANGE = [
    ("TRACE", "/api/v1/rooms", 405), ("OPTIONS", "/api/v1/rooms", 405), ("PUT", "/api/v1/rooms/1", 405),
    ("PROPFIND", "/api/v1/bookings", 405), ("HEAD", "/api/v1/rooms/none/drift", 404), ("HEAD", "/api/v1/rooms", 200),
    ("GET", "/api/v1/rooms/%", 404), ("GET", "/api/v1/rooms/%zz", 404), ("GET", "/api/v1/rooms/%00", 404),
    ("GET", "/api/v1/rooms/%FF%FE", 404), ("GET", "/api/v1/rooms/%F0%9F%A6%84", 404),
    ("GET", "/api/v1/rooms/..%2f..%2fetc", 404), ("GET", "/api/v1/clashes/%25", 404),
    ("GET", "/api/v1/rooms/" + "x" * 6000, 404), ("GET", "/api/v1/bookings/1/occurrences/%00", 405),
    ("GET", "/api/v1/bookings?room=%00", 400), ("GET", "/api/v1/bookings?room=%FF", 400),
    ("GET", "/api/v1/bookings?limit=%", 400), ("GET", "/api/v1/bookings?limit=1&limit=1", 400),
    ("GET", "/api/v1/bookings?%6Cimit=1", 200), ("GET", "/api/v1/bookings?=", 400), ("GET", "/api/v1/bookings?", 200),
    ("GET", "/api/v1/bookings?&&", 200), ("GET", "/api/v1/bookings?limit=-9223372036854775809", 400),
    ("GET", "/api/v1/changes?after=9223372036854775807", 200), ("GET", "/api/v1/changes?after=9223372036854775808", 400),
    ("GET", "/api/v1/changes?after=-0", 200), ("GET", "/api/v1/bookings?after=OTk5OTk5OTk5OTk5OTk5OTk5OTkgeA", 400),
    ("GET", "/api/v1/bookings?after=LTkyMjMzNzIwMzY4NTQ3NzU4MDggeA", 200),
    ("GET", "/api/v1/bookings?from=0000-01-01T00:00:00Z", 400),
    ("GET", "/api/v1/bookings?from=0001-01-01T00:00:00%2B23:59", 200),
    ("GET", "/api/v1/bookings?to=9999-12-31T23:59:59-23:59", 200),
    ("GET", "/api/v1/bookings?from=2026-12-31T23:59:60Z", 400), ("GET", "/api/v1/bookings?from=10000-01-01T00:00:00Z", 400),
    ("GET", "/api/v1/bookings?from=2026-02-29T00:00:00Z", 400),
]


@pytest.mark.parametrize("method, path, status", STRANGE, ids=[f"{method} {path[:60]}" for method, path, _ in STRANGE])
def test_strange_addresses_are_answered_in_the_apis_words(operator, api_token, method, path, status):
    answer = raw(operator, api_token, method, path)
    assert answer.status == status, answer
    assert answer.headers.get("x-request-id")
    if status == 405:
        assert answer.headers["allow"]
    if status >= 400 and method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"
    if method == "HEAD":
        assert answer.body == b""


BODIES = {
    "nul": (b'{"name": "a\\u0000b", "timeZone": "UTC"}', 400), "a lone surrogate": (b'{"name": "\\ud800"}', 400),
    "not UTF-8": (b'{"name": "\xff\xfe"}', 400), "a huge number": (b'{"capacity": 1e400}', 400),
    "a long number": (b'{"name": "a", "timeZone": "UTC", "capacity": 123456789012345678901234567890}', 400),
    "deep": (b'{"a":' * 500 + b"1" + b"}" * 500, 400), "too deep": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
    "deep lists": (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", 400), "many": (b'{"a":[' + b"0," * 200_000 + b"0]}", 400),
    "nothing": (b"", 400), "null": (b"null", 400), "two values": (b"{} {}", 400), "a comment": (b"{/**/}", 400),
    "a name of NUL": (b'{"\\u0000": 1}', 400), "a strange name": ('{"🦄\\u202e": 1}'.encode(), 400),
    "too large": (b'{"name":"' + b"x" * 1_100_000 + b'"}', 413),
    "unusual letters": ('{"name": "Å\u0308e\u0301🏳️‍🌈\u202e", "timeZone": "UTC"}'.encode(), 201),
}


@pytest.mark.parametrize("name", BODIES)
def test_strange_bodies_are_answered_in_the_apis_words(operator, api_token, name):
    body, status = BODIES[name]
    answer = raw(operator, api_token, "POST", "/api/v1/rooms", body)
    assert answer.status == status, answer
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("tag", ["", '"', '""', "*", "W/", '"99999999999999999999"', '"-1"', "é", '"1', ",,,", '"1"' * 900])
def test_strange_conditions_are_answered_in_the_apis_words(operator, api_token, tag):
    room = LoopBooking(operator.url, api_token).add_room(f"Condition {abs(hash(tag))}")
    answer = raw(
        operator, api_token, "PATCH", f"/api/v1/rooms/{room['id']}", b'{"capacity": 3}', If_Match=tag)
    assert answer.status in (200, 412), answer
    answer = raw(operator, api_token, "GET", f"/api/v1/rooms/{room['id']}", If_None_Match=tag)
    assert answer.status in (200, 304), answer


@pytest.mark.parametrize("year", ["0000", "0001", "1583", "1969", "9998", "9999"])
def test_years_far_away_are_answered_in_the_apis_words(operator, api_token, year):
    api = LoopBooking(operator.url, api_token)
    room = api.add_room(f"Year {year}")["id"]
    series = api.book(room, "Daily", at("09:00").loopbooking(), recurrence={"frequency": "daily"})["id"]
    span = f"from={year}-01-01T00:00:00Z&to={year}-02-01T00:00:00Z"
    for path in (f"rooms/{room}/availability", f"bookings/{series}/occurrences"):
        assert raw(operator, api_token, "GET", f"/api/v1/{path}?{span}").status in (200, 400)
    time = {"dateTime": f"{year}-01-01T00:00:00", "timeZone": "Pacific/Kiritimati"}
    end = {"dateTime": f"{year}-12-31T23:59:59", "timeZone": "Pacific/Niue"}
    for times in (
        {"start": time, "end": end}, {"allDay": True, "startDate": f"{year}-01-01", "endDate": f"{year}-12-31"}
    ):
        for repeats in (None, {"frequency": "yearly", "interval": 999}, {"frequency": "daily", "until": f"{year}-12-31"}):
            answer = requests.post(
                f"{operator.url}/api/v1/bookings", json={"room": room, **times, "recurrence": repeats},
                headers={"Authorization": f"Bearer {api_token}"}, timeout=30)
            # There is no year 0.
            assert answer.status_code == (400 if year == "0000" else 422), answer.text
    path = f"/api/v1/bookings/{series}/occurrences/{year}-12-31T09:00:00"
    assert raw(operator, api_token, "DELETE", path).status in (200, 404, 409, 422)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_api_page(new_person, operator, language):
    reader = new_person("reader", operator.url, language=language)
    reader.visit("/api")
    # Its look and its accessibility are among the pictures of all pages.
    reader.sees("/rooms/{id}/availability")


@pytest.fixture(scope="module")
def api_token(operator) -> str:
    return operator.ask("token", "add", "--name", "strange")["token"]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def raw(operator: Loopsync, token: str, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """Sends exactly these bytes."""
    host, _, port = operator.listen.partition(":")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {operator.listen}", f"Authorization: Bearer {token}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        try:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        except (BrokenPipeError, ConnectionResetError):
            pass  # It had heard enough; its answer is still to be read.
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, rest = received.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    return Answer(
        int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in (f.partition(":") for f in fields)},
        rest)
