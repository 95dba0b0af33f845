"""Somebody at Outlook, by plain requests to Graph: what other people do while a page is open."""

import requests

from .company import OUTLOOK_CLIENT
from .tenant import Tenant
from .when import When


class Outlook:
    """A person of the tenant. Those with Full Access to a room, such as reception, can write in its calendar."""

    def __init__(self, tenant: Tenant, name: str = "reception") -> None:
        self.tenant = tenant
        self.address = tenant.company.person(name)
        answer = requests.post(
            f"{tenant.sim.url}/{tenant.domain}/oauth2/v2.0/token", timeout=10, data={
                "client_id": OUTLOOK_CLIENT, "grant_type": "password", "username": self.address,
                "password": tenant.password, "scope": "https://graph.microsoft.com/.default"}).json()
        assert "access_token" in answer, answer
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def call(self, method: str, path: str, body: object = None) -> dict:
        reply = self.session.request(method, self.tenant.sim.graph_url + path, json=body, timeout=10)
        assert reply.status_code < 400, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else {}

    def write(self, room: str, subject: str, when: When, **more: object) -> dict:
        """A meeting put straight into a room's calendar."""
        return self.call("POST", f"/users/{room}/events", {"subject": subject, **when.graph(), **more})

    def invite(self, room: str, subject: str, when: When, **more: object) -> dict:
        """A meeting in the person's own calendar, to which the room is invited."""
        return self.call("POST", "/me/events", {
            "subject": subject, **when.graph(),
            "attendees": [{"type": "resource", "emailAddress": {"address": room}}], **more})

    def move(self, room: str, event: str, when: When) -> dict:
        return self.call("PATCH", f"/users/{room}/events/{event}", when.graph())

    def delete(self, room: str, event: str) -> None:
        self.call("DELETE", f"/users/{room}/events/{event}")

    def empty(self, room: str) -> None:
        """Takes everything out of a room's calendar."""
        for event in self.tenant.sim.events(room):
            if not event.get("isCancelled"):
                self.delete(room, event["id"])
