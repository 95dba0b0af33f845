"""What a mailbox' calendar shows, read page by page through Graph's calendarView over plain HTTP."""

import datetime
from typing import Iterator

import requests

from . import calendars
from .company import OUTLOOK_CLIENT, PASSWORD, Company
from .loopsim import Loopsim


class CalendarView:
    """Somebody who may read the company's rooms."""

    def __init__(self, sim: Loopsim, company: Company, name: str):
        self.sim = sim
        token = requests.post(
            f"{sim.url}/{company.domain}/oauth2/v2.0/token", timeout=30,
            data={
                "grant_type": "password", "client_id": OUTLOOK_CLIENT, "username": company.person(name),
                "password": PASSWORD, "scope": "https://graph.microsoft.com/.default",
            }).json()["access_token"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def occurrences(
        self, address: str, start: datetime.date, end: datetime.date
    ) -> Iterator[tuple[tuple[str, str, str], dict]]:
        """start, end and subject of every event and occurrence, and what Graph says of it; at most five years."""
        url, params = f"{self.sim.graph_url}/users/{address}/calendarView", {
            "startDateTime": calendars.text(calendars.midnight(start)),
            "endDateTime": calendars.text(calendars.midnight(end)),
            "$select": "start,end,subject,isAllDay,showAs,type,seriesMasterId", "$top": "1000",
        }
        while url:
            reply = self.session.get(url, params=params, timeout=60)
            assert reply.status_code == 200, reply.text
            page = reply.json()
            for event in page["value"]:
                size = 10 if event["isAllDay"] else 19
                begins, ends = (
                    event[side]["dateTime"][:size] + ("" if event["isAllDay"] else "Z") for side in ("start", "end"))
                yield (begins, ends, event["subject"].strip()), event
            url, params = page.get("@odata.nextLink"), None
