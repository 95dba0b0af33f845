"""Meetings of real calendars, one by one: cut out of their files as they stand there, moved into the time ahead where they
are over, and put into rooms in which they fit beside each other."""

import datetime
import re
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dateutil.rrule import rrulestr

from . import calendars

_EVENT = re.compile(r"^BEGIN:VEVENT$.*?^END:VEVENT$\n?", re.M | re.S)
_CALENDAR = re.compile(r"^BEGIN:VCALENDAR$.*?^END:VCALENDAR$", re.M | re.S)
_OTHER = re.compile(r"^BEGIN:(VTODO|VJOURNAL|VFREEBUSY|VALARM|VAVAILABILITY)$.*?^END:\1$\n?", re.M | re.S)
# What says when an event is.
_TIMES = re.compile(r"^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)[;:].*$", re.M)
_DATE = re.compile(r"(?<!\d)\d{8}(?=T\d{6}|\D|$)")
_UNTIL = re.compile(r"(?<=UNTIL=)\d{8}")


@dataclass
class RealMeeting:
    """A single meeting or a series, with all that belongs to it."""

    file: str
    # A whole iCalendar file with this meeting alone.
    text: str
    # When it holds a room: start, end and subject of every occurrence, as the referee has it.
    occurrences: Counter = field(default_factory=Counter)

    @property
    def uid(self) -> str:
        """Its name in the file, or what the product calls an event without one."""
        name = re.search(r"^UID[^:\n]*:(.*)$", self.text, re.M)
        return name.group(1) if name else "event 1 without UID"

    @property
    def spans(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        return sorted((calendars.instant(start), calendars.instant(end)) for start, end, _ in self.occurrences.elements())


def meetings_of(path: Path) -> list[RealMeeting]:
    """Each meeting of a file as a file of its own."""
    text = path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"\n+", "\n", text).replace("\n ", "").replace("\n\t", "")
    found = []
    for calendar in [each.group() for each in _CALENDAR.finditer(text)] or [text]:
        groups: dict[str | int, list[str]] = {}
        for number, event in enumerate(_EVENT.findall(calendar)):
            name = re.search(r"^UID[^:\n]*:(.*)$", event, re.M)
            # An event without a UID belongs to no other.
            groups.setdefault(name.group(1) if name else number, []).append(event)
        frame = _OTHER.sub("", _EVENT.sub("", calendar)).strip()
        if not frame.startswith("BEGIN:VCALENDAR"):
            frame = "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR"
        for events in groups.values():
            inside = "".join(_OTHER.sub("", event) for event in events)
            found.append(RealMeeting(
                calendars.name_of(path), frame.removesuffix("END:VCALENDAR") + inside + "END:VCALENDAR\n"))
    return found


def shifted(text: str, weeks: int) -> str:
    """The same so many weeks later, rules' ends and exceptions included; weekdays stay what they are."""
    def later(match: re.Match) -> str:
        try:
            date = datetime.datetime.strptime(match.group(), "%Y%m%d") + datetime.timedelta(weeks=weeks)
            return date.strftime("%Y%m%d")
        except (ValueError, OverflowError):
            return match.group()

    def times(match: re.Match) -> str:
        name, colon, value = match.group().rpartition(":")
        return name + colon + _DATE.sub(later, value)

    def event(match: re.Match) -> str:
        return _UNTIL.sub(later, _TIMES.sub(times, match.group()))

    return _EVENT.sub(event, text)


def ahead(
    meeting: RealMeeting, start: datetime.date, end: datetime.date, sight: datetime.datetime, spread: int
) -> RealMeeting | None:
    """The meeting with what the referee says of it from `start` to `end`, if it holds a room before `sight`. If not, moved
    so that it does: `spread` weeks after `start`, or in the first week after that in which its rule agrees with its start.
    None where nothing helps: it was called off, holds no room, or overlaps itself, which no room can hold."""
    found = calendars.held(meeting.text.encode(), start, end)
    if not any(calendars.instant(begins) < sight for begins, _, _ in found):
        first = _first_day(meeting.text)
        if first is None:
            return None
        weeks = -(-(start - first).days // 7) + spread
        later = (shifted(meeting.text, weeks + more) for more in range(50 - spread))
        text = next((each for each in later if _starts_by_rule(each)), shifted(meeting.text, weeks))
        meeting, found = RealMeeting(meeting.file, text), calendars.held(text.encode(), start, end)
    spans = RealMeeting(meeting.file, meeting.text, found).spans
    if not found or any(one[1] > other[0] for one, other in zip(spans, spans[1:])):
        return None
    return RealMeeting(meeting.file, meeting.text, found)


def _first_day(text: str) -> datetime.date | None:
    days = []
    for match in _TIMES.finditer("".join(_EVENT.findall(text))):
        if match.group(1) in ("DTSTART", "RECURRENCE-ID"):
            if date := _DATE.search(match.group().rpartition(":")[2]):
                try:
                    days.append(datetime.datetime.strptime(date.group(), "%Y%m%d").date())
                except ValueError:
                    pass
    return min(days, default=None)


def _starts_by_rule(text: str) -> bool:
    """Whether every series in it begins with an occurrence of its rule."""
    for event in _EVENT.findall(text):
        rule, start = re.search(r"^RRULE[^:]*:(.*)$", event, re.M), re.search(r"^DTSTART[;:].*$", event, re.M)
        if not rule or not start:
            continue
        begin = _DATE.search(start.group().rpartition(":")[2])
        if not begin:
            continue
        try:
            day = datetime.datetime.strptime(begin.group(), "%Y%m%d")
            dates = rrulestr(re.sub(r"UNTIL=(\d{8})[T\dZ]*", r"UNTIL=\1", rule.group(1)), dtstart=day)
            if next(iter(dates), None) != day:
                return False
        except (ValueError, KeyError):
            return True
    return True


@dataclass
class FullRoom:
    """As many meetings as fit into one room."""

    meetings: list[RealMeeting] = field(default_factory=list)
    _taken: list[tuple[datetime.datetime, datetime.datetime]] = field(default_factory=list)

    def takes(self, meeting: RealMeeting) -> bool:
        spans = meeting.spans
        for start, end in spans:
            place = bisect_left(self._taken, (start, end))
            for other in self._taken[max(0, place - 1):place + 1]:
                if other[0] < end and start < other[1]:
                    return False
        for span in spans:
            insort(self._taken, span)
        self.meetings.append(meeting)
        return True

    @property
    def file(self) -> str:
        """All of it as one file, which holds several calendars."""
        return "".join(meeting.text for meeting in self.meetings)

    @property
    def occurrences(self) -> Counter:
        return sum((meeting.occurrences for meeting in self.meetings), Counter())


def in_rooms(meetings: list[RealMeeting]) -> list[FullRoom]:
    """Rooms for all of them, each meeting in the first one in which it fits."""
    rooms: list[FullRoom] = []
    for meeting in meetings:
        if not any(room.takes(meeting) for room in rooms):
            rooms.append(FullRoom())
            rooms[-1].takes(meeting)
    return rooms
