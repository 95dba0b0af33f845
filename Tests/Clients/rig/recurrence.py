"""How a meeting repeats, as people say it: `weekly("monday", "thursday", every=2).times(10)`.

Spelled for LoopBooking and for Graph, and expanded by python-dateutil, which is neither.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule

from .when import When

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKING_DAYS = WEEK[:5]
WEEKEND = WEEK[5:]

_FREQUENCIES = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY, "yearly": YEARLY}
_WEEKDAYS = dict(zip(WEEK, (MO, TU, WE, TH, FR, SA, SU)))
_POSITIONS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


@dataclass(frozen=True)
class Repeats:
    frequency: str
    every: int = 1
    weekdays: tuple[str, ...] = ()
    # Which of the weekdays of a month: first, second, third, fourth, last.
    position: str | None = None
    # The day of a month; in shorter months their last day, as Outlook has it.
    day: int | None = None
    month: int | None = None
    week_start: str = "monday"
    count: int | None = None
    last: date | None = None

    def times(self, count: int) -> "Repeats":
        return replace(self, count=count, last=None)

    def until(self, last: date) -> "Repeats":
        """The last date on which an occurrence may start."""
        return replace(self, count=None, last=last)

    def endless(self) -> "Repeats":
        return replace(self, count=None, last=None)

    # As LoopBooking takes it

    def loopbooking(self) -> dict:
        rule: dict = {"frequency": self.frequency, "interval": self.every, "weekStart": self.week_start}
        if self.weekdays:
            rule["weekdays"] = list(self.weekdays)
        if self.position:
            rule["positions"] = [_POSITIONS[self.position]]
        days, choice = self._days_of_month()
        if days:
            rule["daysOfMonth"] = days
            if choice:
                rule["positions"] = choice
        if self.month:
            rule["months"] = [self.month]
        if self.count:
            rule["count"] = self.count
        if self.last:
            rule["until"] = self.last.isoformat()
        return rule

    def _days_of_month(self) -> tuple[list[int], list[int]]:
        """The days to choose from, and which of those that a month has."""
        if self.day is None:
            return [], []
        if self.day == 31:
            return [-1], []
        if self.day > 28:
            return list(range(28, self.day + 1)), [-1]
        return [self.day], []

    # As Graph takes it

    @property
    def graph_type(self) -> str:
        if self.frequency in ("daily", "weekly"):
            return self.frequency
        return ("relative" if self.weekdays else "absolute") + self.frequency.title()

    # As the referee has it

    def dates(self, start: date, through: date) -> list[date]:
        """The dates on which it takes place, from `start` on."""
        days, choice = self._days_of_month()
        rule = rrule(
            _FREQUENCIES[self.frequency], interval=self.every, dtstart=datetime.combine(start, time()),
            wkst=_WEEKDAYS[self.week_start], count=self.count,
            until=datetime.combine(self.last, time()) if self.last else None, bymonth=self.month,
            byweekday=[_WEEKDAYS[day] for day in self.weekdays] or None, bymonthday=days or None,
            bysetpos=choice or (_POSITIONS[self.position] if self.position else None))
        return [each.date() for each in rule.between(
            datetime.combine(start, time()), datetime.combine(through, time()), inc=True)]

    def first(self, when: When) -> When:
        """The first meeting on or after this one."""
        start = when.start.date()
        return when.on_date(replace(self, every=1, count=None, last=None).dates(start, start + timedelta(days=800))[0])

    def whens(self, first: When, days: int) -> list[When]:
        """Each occurrence of a series whose first meeting would be `first`, for so many days."""
        return [
            first.on_date(each)
            for each in self.dates(first.start.date(), first.start.date() + timedelta(days=days))]


def daily(every: int = 1) -> Repeats:
    return Repeats("daily", every)


def weekly(*weekdays: str, every: int = 1, week_start: str = "monday") -> Repeats:
    return Repeats("weekly", every, weekdays, week_start=week_start)


def monthly(day: int | None = None, *, position: str | None = None, on: tuple[str, ...] = (), every: int = 1) -> Repeats:
    return Repeats("monthly", every, tuple(on), position=position, day=day)


def yearly(
    month: int, day: int | None = None, *, position: str | None = None, on: tuple[str, ...] = (), every: int = 1
) -> Repeats:
    return Repeats("yearly", every, tuple(on), position=position, day=day, month=month)


def weekday(of: date) -> str:
    return WEEK[of.weekday()]
