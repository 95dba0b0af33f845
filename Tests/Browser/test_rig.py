"""The rig notices what it is there to notice, and its tenants lack exactly the step that was skipped."""

import http.server
import json
import smtplib
import ssl
import threading

import pytest
import requests

from rig import accessible, contract
from rig.company import SYNC_CLIENT
from rig.tenant import STEPS

PAGES = {
    "/good": (200, "<h1>Rooms</h1><label>Name <input></label>"),
    "/inline": (200, "<h1>Rooms</h1><p style='color:red'>Oslo</p>"),
    "/script": (200, "<h1>Rooms</h1><script src='/throws.js'></script>"),
    "/part": (200, "<h1>Rooms</h1><img src='/gone.png' alt=''>"),
    "/refused": (403, "<h1>Not for you</h1>"),
    "/broken": (500, "<h1>Broken</h1>"),
    "/unlabelled": (200, "<h1>Rooms</h1><input><p class='pale'>pale</p>"),
    "/wide": (200, f"<h1>Rooms</h1><p>{'wide' * 99}</p>"),
}
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:"
DOCUMENT = {
    "openapi": "3.1.0", "info": {"title": "Rooms", "version": "1"}, "paths": {
        f"/api/v1/{name}": {"get": {
            "parameters": [
                {"name": "n", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 9}}],
            "responses": {"200": {"description": "Rooms", "content": {"application/json": {"schema": {
                "type": "object", "required": ["rooms"], "properties": {"rooms": {"type": "integer"}}}}}}}}}
        for name in ("rooms", "crashes", "undocumented", "misshapen")},
}


class Site(http.server.BaseHTTPRequestHandler):
    """Pages and an API that are right and wrong in known ways."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path in PAGES:
            status, body = PAGES[path]
            page = f"<!doctype html><html lang='en'><head><title>Site</title></head><body><main>{body}</main></body></html>"
            self.answer(status, page, "text/html", POLICY)
        elif path == "/throws.js":
            self.answer(200, "throw new Error('from the script')", "text/javascript")
        elif path.startswith("/documents/"):
            only = "/api/v1/" + path.rpartition("/")[2]
            self.answer(200, json.dumps({**DOCUMENT, "paths": {only: DOCUMENT["paths"][only]}}))
        elif path.startswith("/api/v1/"):
            status, answer = {
                "/api/v1/rooms": (200, {"rooms": 1}), "/api/v1/crashes": (500, {"rooms": 1}),
                "/api/v1/undocumented": (409, {"rooms": 1}), "/api/v1/misshapen": (200, {"rooms": "one"}),
            }.get(path, (404, {}))
            self.answer(status, json.dumps(answer))
        else:
            self.answer(404, "")

    def refuse(self):
        self.answer(405, "{}")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_TRACE = do_CONNECT = do_QUERY = refuse

    def answer(self, status, text, kind="application/json", policy="default-src 'none'"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def site() -> str:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


# What a person's browser notices


@pytest.mark.parametrize("path, trouble", [
    ("/inline", r"console: .*Content Security Policy"), ("/script", r"exception: from the script"),
    ("/part", r"answer 404: GET .*/gone\.png"), ("/broken", r"answer 500: GET .*/broken"),
])
def test_what_a_page_does_wrong_is_noticed(new_person, site, path, trouble):
    person = new_person(base=site)
    person.visit(path)
    person.page.wait_for_load_state("networkidle")
    assert person.unforgiven(), f"{path} passed for a good page"
    assert not person.forgives(trouble).unforgiven()


@pytest.mark.parametrize("path", ["/good", "/refused"])
def test_a_page_that_is_right_makes_no_trouble(new_person, site, path):
    person = new_person(base=site)
    person.visit(path)
    person.page.wait_for_load_state("networkidle")
    accessible.check(person, best_practice=True)
    assert not person.trouble


@pytest.mark.parametrize("path, rule", [("/unlabelled", "label"), ("/wide", "reflow")])
def test_what_keeps_people_out_is_named(new_person, site, path, rule):
    person = new_person(base=site)
    person.visit(path)
    with pytest.raises(AssertionError, match=f"{rule} .*"):
        accessible.check(person)


def test_a_browser_asks_in_its_language(new_person, site):
    assert new_person(base=site, language="nb").page.evaluate("navigator.language") == "nb-NO"


# The mail server


def test_letters_arrive(new_mail_server):
    server = new_mail_server()
    with smtplib.SMTP(server.host, server.port) as client:
        client.sendmail("a@sync.example", ["b@contoso.example"], "Subject: =?utf-8?q?R=C3=B8d?= lampe\r\n\r\nDag\r\n")
    letter = server.wait("Rød lampe")
    assert (letter.recipients, letter.text.strip(), letter.encrypted) == (["b@contoso.example"], "Dag", False)


def test_letters_arrive_encrypted_from_who_may_send(new_mail_server):
    server = new_mail_server(tls=True, login=("loopsync", "secret"))
    with smtplib.SMTP("localhost", server.port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
            client.sendmail("a@sync.example", ["b@contoso.example"], "Subject: no\r\n\r\n")
        client.starttls(context=ssl.create_default_context(cafile=str(server.certificate)))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("loopsync", "wrong")
        client.login("loopsync", "secret")
        client.sendmail("a@sync.example", ["b@contoso.example"], "Subject: yes\r\n\r\nHei\r\n")
    assert [(letter.subject, letter.user, letter.encrypted) for letter in server.letters] == [("yes", "loopsync", True)]


def test_a_mail_server_may_refuse(new_mail_server):
    server = new_mail_server(refuses="451 4.7.1 Try again later")
    with smtplib.SMTP(server.host, server.port) as client, pytest.raises(smtplib.SMTPDataError, match="Try again"):
        client.sendmail("a@sync.example", ["b@contoso.example"], "Subject: no\r\n\r\n")
    assert not server.letters


# The contract


def test_an_api_that_keeps_its_contract_passes(site, tmp_path):
    report = contract.check(site, "t0ken", tmp_path, seconds=4, seed=1, document="/documents/rooms")
    assert report["operations"]["tested"] == 1 and report["test_cases"]["generated"] > 10


@pytest.mark.parametrize("operation, told", [
    ("crashes", r"GET /api/v1/crashes(?s:.*)Server error"), ("undocumented", "Undocumented status code"),
    ("misshapen", "Response violates schema"),
])
def test_an_api_that_breaks_its_contract_is_told(site, tmp_path, operation, told):
    with pytest.raises(AssertionError, match=told) as failure:
        contract.check(site, "t0ken", tmp_path, seconds=4, seed=1, document=f"/documents/{operation}")
    assert "t0ken" not in str(failure.value)


# The tenant


def first_refusal(sim, tenant) -> str:
    """How far an application comes that signs in as the service account and looks at the room: the first code it is told."""
    signed_in = requests.post(
        f"{sim.url}/{tenant.domain}/oauth2/v2.0/token", timeout=10, data={
            "client_id": SYNC_CLIENT, "grant_type": "password", "username": tenant.account, "password": tenant.password,
            "scope": "https://graph.microsoft.com/.default offline_access"}).json()
    if "error" in signed_in:
        return str(signed_in["error_codes"][0])
    missing = sorted({"Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All", "User.ReadBasic.All"}
                     - set(signed_in["scope"].replace("https://graph.microsoft.com/", "").split()))
    if missing:
        return f"missing {missing[0]}"
    client = requests.Session()
    client.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
    client.headers["Prefer"] = "odata.maxpagesize=1"
    window = "startDateTime=2030-01-01T00:00:00Z&endDateTime=2030-02-01T00:00:00Z"
    meeting = {
        "subject": "Try", "start": {"dateTime": "2030-01-02T09:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2030-01-02T10:00:00", "timeZone": "UTC"}}
    for name, method, path in (
        ("mailbox", "GET", "/me/calendar"), ("room", "GET", f"/users/{tenant.room}/calendar"),
        ("write", "POST", f"/users/{tenant.room}/events"), ("write", "POST", f"/users/{tenant.room}/events"),
        ("delta", "GET", f"/users/{tenant.room}/calendarView/delta?{window}"),
    ):
        reply = client.request(method, sim.graph_url + path, json=meeting if method == "POST" else None, timeout=10)
        if name == "delta" and "@odata.nextLink" in reply.text:
            reply = client.get(reply.json()["@odata.nextLink"], timeout=10)
        if reply.status_code >= 400:
            return f"{name} {reply.status_code} {reply.json()['error']['code']}"
        if name == "room" and not reply.json()["canViewPrivateItems"]:
            return "private items"
    listed = client.get(f"{sim.graph_url}/places/microsoft.graph.room", timeout=10).json()["value"]
    return "" if tenant.room in [place["emailAddress"] for place in listed] else "not listed"


REFUSALS = {
    "account": "50034", "enabled": "50057", "mailbox": "mailbox 404 MailboxNotEnabledForRESTAPI", "mfa": "50076",
    "security-defaults": "50079", "conditional-access": "53003", "password": "50126", "password-expired": "50055",
    "consent": "65001", "application-enabled": "7000112", "assignment": "50105",
    "scope-calendars-shared": "missing Calendars.ReadWrite.Shared", "scope-calendars": "missing Calendars.ReadWrite",
    "scope-places": "missing Place.Read.All", "scope-users": "missing User.ReadBasic.All",
    "room": "room 404 ResourceNotFound", "room-listed": "not listed", "full-access": "room 403 ErrorAccessDenied",
    "read-only": "write 403 ErrorAccessDenied", "private-items": "private items", "delta-refused": "delta 403 ErrorAccessDenied",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_tenant_lacks_the_step_that_was_skipped(sim, new_tenant, step):
    tenant = new_tenant()
    assert first_refusal(sim, tenant) == ""
    tenant.skip(step)
    assert first_refusal(sim, tenant) == REFUSALS[step]
    tenant.mend(step)
    assert first_refusal(sim, tenant) == ""
