"""A meeting as somebody sees it in a calendar or in LoopBooking, whichever client showed it."""

import html
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timezone

from .when import When, utc


@dataclass
class Seen:
    """An event as one of the Outlook clients shows it."""

    id: str
    subject: str
    start: datetime
    end: datetime
    all_day: bool = False
    body: str = ""
    show_as: str = "busy"
    sensitivity: str = "normal"
    organizer: str = ""
    is_organizer: bool = True
    is_cancelled: bool = False
    response: str = "none"
    # Windows or IANA name of the zone it was made in; None where a client does not tell.
    zone: str | None = None
    kind: str = "singleInstance"
    # Of an occurrence: the id of its series.
    master: str | None = None
    # What each attendee answered, and which other time they proposed (msgraph-sdk shows it).
    attendees: dict[str, str] = field(default_factory=dict)
    proposals: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        return self.start.date(), self.end.date()


def plain(content: str | None) -> str:
    """A body as text, whether it is HTML or not."""
    text = content or ""
    if "<" in text:
        text = re.sub(r"(?is)<(head|style|script).*?</\1>", "", text)
        text = re.sub(r"(?i)<br\s*/?>|</p>|</div>", "\n", text)
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def instants(booking: dict) -> tuple[datetime, datetime]:
    """When a timed booking starts and ends."""
    def instant(spelled: dict) -> datetime:
        return datetime.fromisoformat(spelled["dateTime"] + spelled["offset"]).astimezone(timezone.utc)

    return instant(booking["start"]), instant(booking["end"])


def is_at(booking: dict, when: When) -> bool:
    if when.all_day:
        return booking.get("allDay") is True and (booking["startDate"], booking["endDate"]) == (
            when.start.date().isoformat(), when.end.date().isoformat())
    return booking.get("allDay") is False and instants(booking) == when.instants


def shown_at(event: Seen, when: When) -> bool:
    if when.all_day:
        return event.all_day and event.days == (when.start.date(), when.end.date())
    return not event.all_day and (event.start, event.end) == when.instants


def raw_instants(event: dict) -> tuple[datetime, datetime]:
    """When an event from loopsim's own view starts and ends."""
    return (
        utc(event["start"]["dateTime"], event["start"]["timeZone"]),
        utc(event["end"]["dateTime"], event["end"]["timeZone"]),
    )


def now() -> datetime:
    return datetime.now(timezone.utc)
