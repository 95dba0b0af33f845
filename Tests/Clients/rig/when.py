"""Times as people say them: a date some days from now, a time of day, a zone."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

OSLO = "Europe/Oslo"

# What Outlook calls the zones that the tests use.
WINDOWS = {
    "Europe/Oslo": "W. Europe Standard Time",
    "Asia/Tokyo": "Tokyo Standard Time",
    "America/New_York": "Eastern Standard Time",
    "Asia/Kolkata": "India Standard Time",
    "Asia/Calcutta": "India Standard Time",
    "Australia/Adelaide": "Cen. Australia Standard Time",
    "Africa/Casablanca": "Morocco Standard Time",
    "UTC": "UTC",
}


def day(offset: int) -> date:
    """The date `offset` days from today."""
    return datetime.now(timezone.utc).date() + timedelta(days=offset)


@dataclass(frozen=True)
class When:
    """A span of time, timed (wall times in a zone) or whole days (`end` exclusive)."""

    start: datetime
    end: datetime
    zone: str = OSLO
    all_day: bool = False

    @property
    def instants(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.zone)
        return (
            self.start.replace(tzinfo=zone).astimezone(timezone.utc),
            self.end.replace(tzinfo=zone).astimezone(timezone.utc),
        )

    @property
    def days(self) -> tuple[date, date]:
        return self.start.date(), self.end.date()

    @property
    def aware(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.zone)
        return self.start.replace(tzinfo=zone), self.end.replace(tzinfo=zone)

    def moved(self, **shift) -> "When":
        return replace(self, start=self.start + timedelta(**shift), end=self.end + timedelta(**shift))

    def lasting(self, minutes: int) -> "When":
        return replace(self, end=self.start + timedelta(minutes=minutes))

    def on_date(self, first: date) -> "When":
        """At the same time of day, as long, on another date."""
        return self.moved(days=(first - self.start.date()).days)

    def in_zone(self, zone: str) -> "When":
        """The same wall times in another zone."""
        return replace(self, zone=zone)

    def loopbooking(self) -> dict:
        """As the REST API takes it."""
        if self.all_day:
            return {"allDay": True, "startDate": self.start.date().isoformat(), "endDate": self.end.date().isoformat()}
        return {"allDay": False, "start": self._on_the_clock(self.start), "end": self._on_the_clock(self.end)}

    def _on_the_clock(self, time_: datetime) -> dict:
        spelled = {"dateTime": time_.isoformat(), "timeZone": self.zone}
        if time_.fold:
            # The second of two hours that look the same.
            spelled["offset"] = time_.replace(tzinfo=ZoneInfo(self.zone)).isoformat()[-6:]
        return spelled

    def in_utc(self) -> "When":
        """The same instants on the clock of UTC."""
        start, end = (each.replace(tzinfo=None) for each in self.instants)
        return When(start, end, "UTC")

    def graph(self, iana: bool = False) -> dict:
        """As Graph takes it, with the zone's Windows name unless `iana`."""
        zone = self.zone if iana else WINDOWS[self.zone]
        return {
            "isAllDay": self.all_day,
            "start": {"dateTime": self.start.isoformat(), "timeZone": zone},
            "end": {"dateTime": self.end.isoformat(), "timeZone": zone},
        }


def at(clock: str, minutes: int = 60, days: int = 7, zone: str = OSLO) -> When:
    """`at("10:00")`: an hour from ten o'clock in a week."""
    start = datetime.combine(day(days), time.fromisoformat(clock))
    return When(start, start + timedelta(minutes=minutes), zone)


def on(first: date, clock: str, minutes: int = 60, zone: str = OSLO) -> When:
    start = datetime.combine(first, time.fromisoformat(clock))
    return When(start, start + timedelta(minutes=minutes), zone)


def all_day(days: int = 7, lasting: int = 1, zone: str = OSLO) -> When:
    start = datetime.combine(day(days), time())
    return When(start, start + timedelta(days=lasting), zone, all_day=True)


def next_change_of_clocks(zone: str = OSLO, *, later: bool | None = None) -> date:
    """The next date on which the zone's clocks change, at least three days away; `later` asks for the one in autumn, when
    they are put back (True), or for the one in spring (False)."""
    clocks = ZoneInfo(zone)
    date_ = day(3)
    while True:
        noon = datetime.combine(date_, time(12), clocks)
        before = datetime.combine(date_ - timedelta(days=1), time(12), clocks)
        if noon.utcoffset() != before.utcoffset() and later in (None, noon.utcoffset() < before.utcoffset()):
            return date_
        date_ += timedelta(days=1)


def utc(text: str, zone: str = "UTC") -> datetime:
    """The instant of a wall time as Graph or LoopBooking spell it."""
    text = text.split(".")[0].removesuffix("Z")
    known = next((iana for iana, windows in WINDOWS.items() if windows == zone), zone)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(known)).astimezone(timezone.utc)
