"""The LoopBooking side: its REST API, used as a web page or a door panel would."""

from datetime import datetime, timezone

import requests


class Refused(Exception):
    """LoopBooking said no, in its own words (RFC 9457)."""

    def __init__(self, status: int, problem: dict):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str | None:
        return self.problem.get("code")


class LoopBooking:
    def __init__(self, url: str, token: str):
        self.url = url
        self.token = token
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: object = None, **more):
        headers = more.pop("headers", {})
        reply = self.session.request(
            method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30, **more)
        if reply.status_code >= 400:
            kind = reply.headers.get("Content-Type", "")
            raise Refused(reply.status_code, reply.json() if "json" in kind else {"detail": reply.text[:300]})
        return reply.json() if reply.content else None

    # Rooms

    def rooms(self) -> list[dict]:
        return self._all("/rooms")

    def add_room(self, name: str, zone: str = "Europe/Oslo", **more) -> dict:
        return self.call("POST", "/rooms", {"name": name, "timeZone": zone, **more})

    def room_named(self, name: str) -> dict:
        return next(room for room in self.rooms() if room["name"] == name)

    # Bookings

    def book(self, room: str, subject: str, when: dict, **more) -> dict:
        return self.call("POST", "/bookings", {"room": room, "subject": subject, **when, **more})

    def booking(self, booking: str) -> dict:
        return self.call("GET", f"/bookings/{booking}")

    def bookings(self, room: str, status: str | None = None, **query) -> list[dict]:
        if status:
            query["status"] = status
        return self._all("/bookings", room=room, **query)

    def change(self, booking: str, **changes) -> dict:
        return self.call("PATCH", f"/bookings/{booking}", changes)

    def cancel(self, booking: str):
        return self.call("DELETE", f"/bookings/{booking}")

    # Series: an occurrence is named by its original start, on the clock of the series' zone

    def occurrences(self, booking: str, start: datetime, end: datetime) -> list[dict]:
        span = {name: at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
                for name, at in (("from", start), ("to", end))}
        return self.call("GET", f"/bookings/{booking}/occurrences", params=span)["occurrences"]

    def change_occurrence(self, booking: str, original: str, **changes) -> dict:
        return self.call("PATCH", f"/bookings/{booking}/occurrences/{original}", changes)

    def cancel_occurrence(self, booking: str, original: str) -> dict:
        return self.call("DELETE", f"/bookings/{booking}/occurrences/{original}")

    def restore_occurrence(self, booking: str, original: str) -> dict:
        return self.call("POST", f"/bookings/{booking}/occurrences/{original}/restore", {})

    def split(self, booking: str, original: str, **changes) -> tuple[dict, dict]:
        """Cuts a series in two; the shortened booking and the one that goes on."""
        parts = self.call("POST", f"/bookings/{booking}/split", {"from": original, **changes})
        return parts["booking"], parts["following"]

    def history(self, booking: str) -> list[dict]:
        story = self.call("GET", f"/bookings/{booking}/history")
        return story if isinstance(story, list) else next(each for each in story.values() if isinstance(each, list))

    def _all(self, path: str, **query) -> list[dict]:
        """All pages of a list, whichever name the list has."""
        found: list[dict] = []
        after = None
        while True:
            page = self.call("GET", path, params={**query, "limit": 200, **({"after": after} if after else {})})
            items = next(value for value in page.values() if isinstance(value, list))
            found += items
            following = page.get("next")
            if not following or not items:
                return found
            after = following.split("after=")[1].split("&")[0] if "after=" in str(following) else following
