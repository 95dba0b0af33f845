"""A series as both sides have it, compared occurrence by occurrence."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

from kiota_abstractions.api_error import APIError

from .meeting import Seen, instants
from .office import LinkedRoom
from .outlook import OutlookSDK
from .recurrence import Repeats
from .when import When, day


@dataclass(frozen=True)
class Occurrence:
    """When one meeting of a series holds the room, and what it is called. Whole days are dates, `end` exclusive."""

    start: datetime | date
    end: datetime | date
    subject: str = ""

    @staticmethod
    def at(when: When, subject: str) -> "Occurrence":
        start, end = when.days if when.all_day else when.instants
        return Occurrence(start, end, subject)

    @staticmethod
    def in_loopbooking(occurrence: dict) -> "Occurrence":
        if occurrence["allDay"]:
            start, end = (date.fromisoformat(occurrence[name]) for name in ("startDate", "endDate"))
        else:
            start, end = instants(occurrence)
        return Occurrence(start, end, occurrence["subject"])

    @staticmethod
    def in_outlook(event: Seen) -> "Occurrence":
        start, end = event.days if event.all_day else (event.start, event.end)
        return Occurrence(start, end, event.subject)


@dataclass
class Series:
    """A series of one room: its booking, its event in the room's calendar, and what both ought to show.

    `reader` looks into the room's calendar with msgraph-sdk, whoever wrote there.
    """

    room: LinkedRoom
    reader: OutlookSDK
    when: When
    repeats: Repeats
    subject: str
    # How many days ahead the sides are compared.
    days: int = 400
    booking: str = ""
    master: str = ""
    # The event is the room's copy of an invitation: Exchange may replace it while the room answers.
    is_copy: bool = False
    # By original start, as LoopBooking names it; None where the occurrence was taken out.
    expected: dict[str, Occurrence | None] = field(default_factory=dict)

    def __post_init__(self):
        if not self.expected:
            self.expect_rule()

    # How it comes to be

    @classmethod
    def made_in_outlook(
        cls, room: LinkedRoom, reader: OutlookSDK, when: When, repeats: Repeats, subject: str = "Series", *,
        by=None, days: int = 400, **more,
    ) -> "Series":
        """Somebody writes it into the room's calendar; it is booked in LoopBooking."""
        series = cls(room, reader, when, repeats, subject, days)
        series.master = (by or reader).book_series(room.address, subject, when, repeats, **more)
        return series.settle("the series is booked in LoopBooking")

    @classmethod
    def made_in_loopbooking(
        cls, room: LinkedRoom, reader: OutlookSDK, when: When, repeats: Repeats, subject: str = "Series", *,
        days: int = 400, is_copy: bool = False, **more,
    ) -> "Series":
        series = cls(room, reader, when, repeats, subject, days, is_copy=is_copy)
        series.booking = room.book_series(subject, when, repeats, **more)["id"]
        return series.settle("the series is in the room's calendar")

    @classmethod
    def organized(
        cls, organizer, room: LinkedRoom, reader: OutlookSDK, when: When, repeats: Repeats, subject: str = "Series", *,
        days: int = 170, **more,
    ) -> tuple["Series", str]:
        """A person organizes it and invites the room. Also returns the organizer's own event."""
        series = cls(room, reader, when, repeats, subject, days, is_copy=True)
        own = organizer.book_series(None, subject, when, repeats, invite=[room.address], **more)
        return series.settle("the accepted series is booked in LoopBooking"), own

    # What it ought to be

    @property
    def start(self) -> datetime:
        return min(datetime.combine(day(-2), time(), timezone.utc), self.when.instants[0] - timedelta(days=1))

    @property
    def end(self) -> datetime:
        return datetime.combine(day(self.days), time(), timezone.utc)

    def expect_rule(self) -> "Series":
        """The rule alone, from the first meeting on."""
        length = self.when.instants[1] - self.when.instants[0]
        self.expected = {}
        for each in self.repeats.whens(self.when, (self.end - self.start).days + 2):
            occurrence = Occurrence.at(each, self.subject)
            if not each.all_day:
                # As long as the first one, whatever the clocks do meanwhile.
                occurrence = replace(occurrence, end=occurrence.start + length)
            if self._in_view(occurrence):
                self.expected[each.start.isoformat()] = occurrence
        return self

    def _in_view(self, occurrence: Occurrence) -> bool:
        start, end = self.start, self.end
        if not isinstance(occurrence.start, datetime):
            start, end = start.date() + timedelta(days=1), end.date() - timedelta(days=1)
        # Not those at the very edges, which each side may count differently.
        return start <= occurrence.start and occurrence.end <= end

    def original(self, number: int) -> str:
        """The name of an occurrence, counted from the first one in view (0) or the last (-1)."""
        return list(self.expected)[number]

    def regular(self, number: int) -> When:
        """When the rule puts an occurrence."""
        return self.when.on_date(date.fromisoformat(self.original(number)[:10]))

    def expect_cancelled(self, *numbers: int) -> "Series":
        for original in [self.original(number) for number in numbers]:
            self.expected[original] = None
        return self

    def expect_changed(self, number: int, when: When | None = None, subject: str | None = None) -> "Series":
        original = self.original(number)
        before = self.expected[original] or Occurrence.at(self.regular(number), self.subject)
        moved = Occurrence.at(when, before.subject) if when else before
        self.expected[original] = replace(moved, subject=subject or moved.subject)
        return self

    @property
    def held(self) -> list[Occurrence]:
        return _in_order(occurrence for occurrence in self.expected.values() if occurrence)

    # What it is

    def in_loopbooking(self) -> list[Occurrence]:
        found = self.room.office.loopbooking.occurrences(self.booking, self.start, self.end)
        shown = [Occurrence.in_loopbooking(each) for each in found if each["status"] in ("confirmed", "pending")]
        return _in_order(each for each in shown if self._in_view(each))

    def in_outlook(self) -> list[Occurrence]:
        """What holds the room: an occurrence that is shown as free does not."""
        shown = [
            Occurrence.in_outlook(each) for each in self.instances()
            if each.show_as != "free" and not each.is_cancelled]
        return _in_order(each for each in shown if self._in_view(each))

    def instances(self) -> list[Seen]:
        try:
            return self.reader.occurrences(self.room.address, self.master, self.start, self.end)
        except APIError as refusal:
            # The room's copy got another id meanwhile; it is found anew the next time.
            assert not (self.is_copy and refusal.response_status_code == 404), "the room's copy is being replaced"
            raise

    def taken_out_in_loopbooking(self) -> set[str]:
        found = self.room.office.loopbooking.occurrences(self.booking, self.start, self.end)
        return {each["original"] for each in found if each["status"] == "cancelled"}

    def instance(self, number: int) -> Seen:
        """An occurrence as Outlook shows it now."""
        wanted = self.expected[self.original(number)]
        assert wanted is not None, "it was taken out"
        found = [each for each in self.instances() if Occurrence.in_outlook(each).start == wanted.start]
        assert len(found) == 1, f"{len(found)} occurrences at {wanted.start}"
        return found[0]

    def now(self) -> dict:
        return self.room.office.loopbooking.booking(self.booking)

    # Comparing

    def same_occurrences(self) -> bool:
        """Fails with what differs; true when both sides show the same as expected."""
        self._find()
        assert self.now()["recurrence"], "the booking is a single meeting"
        here, there = self.in_loopbooking(), self.in_outlook()
        assert here == self.held, _difference("LoopBooking", here, self.held)
        assert there == self.held, _difference("Outlook", there, self.held)
        taken_out = {original for original, occurrence in self.expected.items() if occurrence is None}
        assert self.taken_out_in_loopbooking() == taken_out, self.taken_out_in_loopbooking()
        return True

    def _find(self) -> None:
        if not self.booking:
            found = [each for each in self.room.bookings() if each["status"] in ("confirmed", "pending")
                     and each["subject"] == self.subject]
            assert len(found) == 1, f"{len(found)} bookings '{self.subject}'"
            self.booking = found[0]["id"]
        if not self.master or self.is_copy:
            found = [each for each in self.reader.masters(self.room.address) if each.subject == self.subject]
            assert len(found) == 1, f"{len(found)} series '{self.subject}' in the room's calendar"
            self.master = found[0].id

    def settle(self, what: str) -> "Series":
        """Waits until both sides show what is expected: one booking, one event."""
        self.room.settled(self.same_occurrences, what)
        return self

    def is_one_meeting(self) -> None:
        """It never fell apart: one booking in LoopBooking, one series in Outlook."""
        held = [each for each in self.room.bookings() if each["status"] in ("confirmed", "pending")]
        assert [each["id"] for each in held] == [self.booking], held
        events = self.room.events()
        assert len(events) == 1, [event["subject"] for event in events]


def _in_order(occurrences) -> list[Occurrence]:
    return sorted(occurrences, key=lambda each: (str(each.start), str(each.end), each.subject))


def _difference(side: str, shown: list[Occurrence], wanted: list[Occurrence]) -> str:
    def words(occurrences) -> str:
        listed = [f"{each.start:%Y-%m-%d %H:%M}–{each.end:%m-%d %H:%M} '{each.subject}'" for each in occurrences]
        return ", ".join(listed[:6]) + (f" and {len(listed) - 6} more" if len(listed) > 6 else "") or "none"

    missing = [each for each in wanted if each not in shown]
    surplus = [each for each in shown if each not in wanted]
    return f"{side} lacks: {words(missing)}; has instead: {words(surplus)}"
