"""loopsim's control API: what an administrator, Exchange and the weather would do."""

import json
from pathlib import Path
from urllib.parse import quote

import requests

from .program import Program


class Loopsim:
    """The stand-in vendors as a running program."""

    def __init__(self, binary: Path, folder: Path, schema: Path | None, options: tuple[str, ...] = ()):
        command = [str(binary), "serve", "--port", "0", *options]
        if schema is not None:
            command += ["--schema", str(schema)]
        self.program = Program("loopsim", command, folder / "loopsim.log")
        self.url = ""
        self.session = requests.Session()
        self.session.trust_env = False

    def start(self) -> "Loopsim":
        self.url = self.program.start()
        return self

    @property
    def graph_url(self) -> str:
        return f"{self.url}/v1.0"

    def control(self, method: str, path: str, body: object = None, /, **query: object):
        reply = self.session.request(
            method, f"{self.url}/control/v1{path}", json=body, params=query or None, timeout=30)
        if reply.status_code >= 400:
            raise RuntimeError(f"loopsim: {method} {path} -> {reply.status_code} {reply.text[:500]}")
        return reply.json() if reply.content else None

    # Directory

    def add_tenant(self, domain: str, name: str) -> dict:
        return self.control("POST", "/tenants", {"domain": domain, "displayName": name})

    def change_tenant(self, domain: str, **changes: object) -> dict:
        return self.control("PATCH", f"/tenants/{domain}", changes)

    def add_user(self, domain: str, principal_name: str, display_name: str, password: str, **more: object) -> dict:
        body = {"principalName": principal_name, "displayName": display_name, "password": password, **more}
        return self.control("POST", f"/tenants/{domain}/users", body)

    def change_user(self, domain: str, principal_name: str, **changes: object) -> dict:
        return self.control("PATCH", f"/tenants/{domain}/users/{quote(principal_name)}", changes)

    def add_room(self, domain: str, address: str, name: str, full_access: list[str], **more: object) -> dict:
        body = {"address": address, "displayName": name, "fullAccess": full_access, **more}
        return self.control("POST", f"/tenants/{domain}/rooms", body)

    def change_room(self, domain: str, address: str, **changes: object) -> dict:
        return self.control("PATCH", f"/tenants/{domain}/rooms/{quote(address)}", changes)

    def register(self, client_id: str, name: str, **more: object) -> dict:
        return self.control("POST", "/registrations", {"clientID": client_id, "displayName": name, **more})

    def grant(self, domain: str, client_id: str, **more: object) -> dict:
        """What an administrator's consent leaves behind: the enterprise application with what was granted."""
        return self.control("PUT", f"/tenants/{domain}/applications/{client_id}", more)

    def revoke_application(self, domain: str, client_id: str) -> None:
        self.control("DELETE", f"/tenants/{domain}/applications/{client_id}")

    # What went over the wire

    def events(self, address: str) -> list[dict]:
        """Everything a mailbox holds, the cancelled and the sync's own marks included."""
        return self.control("GET", f"/mailboxes/{quote(address)}/events")["events"]

    def import_file(self, address: str, content: bytes) -> requests.Response:
        """Puts an iCalendar file's meetings into a mailbox; 400 when there is nothing that Exchange could hold."""
        return self.session.post(f"{self.url}/control/v1/mailboxes/{address}/import", data=content, timeout=60)

    def mark(self) -> int:
        """A position in the request log: later requests are those after it."""
        return self.control("GET", "/requests")["next"]

    def requests_since(self, mark: int, path: str | None = None) -> list[dict]:
        query: dict[str, object] = {"after": mark}
        if path is not None:
            query["path"] = path
        return self.control("GET", "/requests", None, **query)["requests"]

    def violations(self) -> dict:
        return self.control("GET", "/violations")

    # What Exchange and the people behind it do

    def room_s_delegate_answers(self, address: str, event: str, response: str) -> None:
        """Somebody who decides about the room's requests: accepted, tentativelyAccepted or declined."""
        self.control(
            "POST", f"/mailboxes/{quote(address)}/events/{quote(event, safe='')}/answer", {"response": response})

    def change_organizer(self, address: str, event: str, to: str) -> None:
        """An administrator hands a meeting over to somebody else."""
        self.control("POST", f"/mailboxes/{quote(address)}/events/{quote(event, safe='')}/organizer", {"address": to})

    def delete_user(self, domain: str, principal_name: str) -> None:
        self.control("DELETE", f"/tenants/{domain}/users/{quote(principal_name)}")

    # The weather

    def faults(self, *rules: dict, seed: int = 1) -> None:
        self.control("PUT", "/faults", {"seed": seed, "rules": list(rules)})

    def fair_weather(self) -> None:
        self.control("DELETE", "/faults")

    def expire_delta(self, address: str, how: str) -> None:
        self.control("POST", f"/mailboxes/{quote(address)}/expire-delta", {"how": how})

    def expire_tokens(self) -> None:
        self.control("POST", "/tokens/expire")

    def describe(self, address: str) -> str:
        return json.dumps(self.events(address), indent=1, ensure_ascii=False)
