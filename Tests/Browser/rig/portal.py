"""loopsync's portal as its operator starts it, on an empty database, and the organizations and people in it.

What a test is about is done at the browser. What only has to be there before is done here at once: with the same forms, sent
without a browser.
"""

import html
import re
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import requests

from .company import KEEP_SUBJECT, SYNC_CLIENT
from .loopbooking import LoopBooking
from .loopsim import Loopsim
from .loopsync import Answer, Loopsync
from .mail import MailServer
from .tenant import Tenant
from .waiting import wait_until

PASSWORD = "four words in a row"
OPERATOR = "olga@operator.example"
CALLBACKS = ["http://localhost/setup/microsoft/callback"]
SIGN_IN_CLIENT = "5a4c1f0e-0000-4000-8000-00000000000e"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Visitor:
    """Somebody's session without a browser: pages are asked for, and forms sent with the mark of the page they stand on."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.text = ""

    def get(self, path: str) -> str:
        return self._keep(self.session.get(urljoin(self.base, path), timeout=60))

    def post(self, path: str, **fields: str) -> str:
        found = re.search(r'name="_token" value="([^"]*)"', self.text)
        assert found, f"no form to send before {path}"
        return self._keep(
            self.session.post(urljoin(self.base, path), data={"_token": found[1], **fields}, timeout=60))

    def _keep(self, answer: requests.Response) -> str:
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
        assert answer.status_code < 400, f"{answer.request.method} {answer.url}: {answer.status_code} {heading and heading[1]}"
        self.text = answer.text
        return answer.text

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        self.get("/sign-in")
        self.post("/sign-in", email=email, password=password, next="")
        return self


class Portal:
    """The service with one database: empty, until somebody has done something."""

    def __init__(
        self, binary: Path, folder: Path, sim: Loopsim, mail: MailServer | None = None, name: str = "portal",
        settings: dict[str, str] | None = None,
    ) -> None:
        self.sim = sim
        port = free_port()
        # As people type it, so that Entra ID leads back to an address of another site than its own.
        self.url = f"http://localhost:{port}"
        sent = {
            "LOOPSYNC_MAIL_HOST": mail.host, "LOOPSYNC_MAIL_PORT": str(mail.port), "LOOPSYNC_MAIL_SECURITY": "none",
            "LOOPSYNC_MAIL_FROM": "LoopBooking Sync <sync@operator.example>",
        } if mail else {}
        self.loopsync = Loopsync(binary, folder, {
            "LOOPSYNC_PORTAL_PUBLIC_URL": self.url, "LOOPSYNC_MICROSOFT_CLIENT_ID": SYNC_CLIENT,
            "LOOPSYNC_MICROSOFT_LOGIN_URL": sim.url, "LOOPSYNC_MICROSOFT_GRAPH_URL": sim.graph_url,
            "LOOPSYNC_MICROSOFT_ALLOW_INTERNAL": "true", **sent, **(settings or {})}, name)
        self.loopsync.listen = f"127.0.0.1:{port}"
        self.operator: Visitor | None = None

    def allow_outside_sign_in(self) -> None:
        """People may sign in with Microsoft and Google; before the service is started."""
        secret = "s3cret-of-the-portal"
        self.sim.register(
            SIGN_IN_CLIENT, "LoopBooking Sync portal", allowsPublicClientFlows=False, isMultiTenant=True,
            secrets=[{"value": secret}], redirectURIs=[f"{self.url}/sign-in/microsoft/callback"],
            requestedScopes=["openid", "profile", "email"], requestedRoles=[])
        self.sim.control("POST", "/google/clients", {
            "clientID": "portal", "displayName": "LoopBooking Sync portal", "secret": secret,
            "redirectURIs": [f"{self.url}/sign-in/google/callback"]})
        for name, value in {
            "MICROSOFT_CLIENT_ID": SIGN_IN_CLIENT, "MICROSOFT_CLIENT_SECRET": secret,
            "MICROSOFT_LOGIN_URL": self.sim.url, "GOOGLE_CLIENT_ID": "portal", "GOOGLE_CLIENT_SECRET": secret,
            "GOOGLE_ISSUER": f"{self.sim.url}/google", "ALLOW_INTERNAL": "true",
        }.items():
            self.loopsync.environment[f"LOOPSYNC_SIGN_IN_{name}"] = value

    def start(self) -> "Portal":
        self.loopsync.serve()
        return self

    def stop(self) -> None:
        self.loopsync.program.stop()

    @property
    def welcome(self) -> str:
        """The link that the first operator finds in the service's output; each start makes the one before invalid."""
        found = re.findall(r"https?://\S+/welcome/\S+", self.loopsync.program.log.read_text())
        assert found, "the service printed no link for the first operator"
        return found[-1]

    def begin(self, email: str = OPERATOR, name: str = "Olga Operator") -> "Portal":
        """The first operator makes an account."""
        self.operator = Visitor(self.url)
        self.operator.get(self.welcome)
        self.operator.post(self.welcome, name=name, email=email, password=PASSWORD)
        return self

    def organization(self, id: str, name: str, tenant: Tenant | None = None) -> "Organization":
        assert self.operator is not None, "nobody looks after this installation yet"
        self.operator.get("/operator")
        self.operator.post("/operator/organizations", name=name, id=id)
        return Organization(self, id, name, tenant)

    def run(self, *arguments: str, within: float = 120.0) -> Answer:
        return self.loopsync.run(*arguments, within=within)


@dataclass
class LinkedRoom:
    """A room of LoopBooking and its mirror."""

    name: str
    id: str
    address: str
    link: str


@dataclass
class Organization:
    """A customer in the portal, and what a test needs of it besides the pages."""

    portal: Portal
    id: str
    name: str
    tenant: Tenant | None = None
    _loopbooking: LoopBooking | None = field(default=None, init=False)
    _people: dict[str, str] = field(default_factory=dict, init=False)

    # Pages and people

    def path(self, rest: str = "") -> str:
        return f"/o/{self.id}/{rest}" if rest else f"/o/{self.id}"

    def invite(self, email: str, role: str) -> str:
        """The link of an invitation, made by the operator."""
        operator = self.portal.operator
        operator.get(self.path("members"))
        page = operator.post(self.path("members"), email=email, role=role)
        return html.unescape(re.search(r'<pre id="link"[^>]*>(.*?)</pre>', page)[1])

    def member(self, role: str, name: str | None = None) -> str:
        """The address of somebody with this role, who has taken up an invitation."""
        first = name or {"administrator": "Ada", "receptionist": "Rita", "viewer": "Vera"}[role]
        email = f"{first.lower()}@{self.id}.example"
        if email not in self._people:
            link = self.invite(email, role)
            visitor = Visitor(self.portal.url)
            visitor.get(link)
            visitor.post(link, name=f"{first} {role.title()}", password=PASSWORD)
            self._people[email] = role
        return email

    # LoopBooking's side, by its API

    @property
    def loopbooking(self) -> LoopBooking:
        if self._loopbooking is None:
            token = self.ask("token", "add", "--name", "the tests")["token"]
            self._loopbooking = LoopBooking(self.portal.url, token)
        return self._loopbooking

    def run(self, *arguments: str) -> Answer:
        return self.portal.run(*arguments, "--organization", self.id)

    def ask(self, *arguments: str):
        return self.portal.loopsync.ask(*arguments, "--organization", self.id)

    # What the wizard would do, for tests that are about something else

    def connect(self) -> None:
        """A connection by the service account's password, with the commands."""
        secret = self.portal.loopsync.folder / f"{self.id}.password"
        secret.write_text(self.tenant.password)
        secret.chmod(0o600)
        self.ask(
            "connection", "add", "--kind", "microsoft", "--name", self.name, "--tenant", self.tenant.domain,
            "--client-id", SYNC_CLIENT, "--account", self.tenant.account, "--password-file", str(secret),
            "--login-url", self.portal.sim.url, "--graph-url", self.portal.sim.graph_url, "--allow-internal")

    def link(self, name: str, *options: str, zone: str = "Europe/Oslo", capacity: int = 8) -> LinkedRoom:
        """A room that is linked to the tenant's mirror of it ("Oslo" and "Oslo-ext"), and in sync."""
        address = self.tenant.rooms.get(f"{name}-ext")
        if address is None:
            address = self.tenant.company.add_room(f"{name}-ext", calendarProcessing=KEEP_SUBJECT)[1]
            self.tenant.rooms[f"{name}-ext"] = address
        room = self.loopbooking.add_room(name, zone, capacity=capacity)
        link = self.ask("link", "add", "--room", name, "--resource", address, *options)
        linked = LinkedRoom(name, room["id"], address, link["id"])
        self.settled(linked)
        return linked

    def links(self) -> list[dict]:
        return self.loopbooking.call("GET", "/links")["links"]

    def condition(self, room: LinkedRoom) -> str:
        return next(link for link in self.links() if link["id"] == room.link)["condition"]

    def settled(self, room: LinkedRoom, condition: str = "in sync", within: float = 30.0) -> None:
        wait_until(lambda: self.condition(room) == condition, f"{room.name} is {condition}", within=within)

    # The calendar's side

    def events(self, room: LinkedRoom) -> list[dict]:
        """What stands in the room's calendar."""
        return [event for event in self.portal.sim.events(room.address) if not event.get("isCancelled")]

    def subjects(self, room: LinkedRoom) -> list[str]:
        return sorted(event.get("subject") or "" for event in self.events(room))
