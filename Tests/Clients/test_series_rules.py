"""Every rule that both sides know: what it says on one side, it says on the other, occurrence by occurrence.

All rules stand in one room, each at half an hour of its own, and cross together; python-dateutil says when they take place.
"""

import pytest

from rig.interoperability import TO_CALENDAR, TO_LOOPBOOKING, shows
from rig.recurrence import WEEKEND, WORKING_DAYS, daily, monthly, weekday, weekly, yearly
from rig.series import Series
from rig.when import at, day

pytestmark = pytest.mark.chapter("Rules of recurring meetings")

RULES = {
    "daily, a number of times": daily().times(10),
    "every third day, until a date": daily(3).until(day(60)),
    "weekly, without end": weekly(weekday(day(6))),
    "on several days of the week": weekly("tuesday", "thursday").until(day(90)),
    "on every working day": weekly(*WORKING_DAYS).times(30),
    "every second week, weeks starting on Sunday": weekly("sunday", "monday", every=2, week_start="sunday").times(12),
    "every second week, weeks starting on Monday": weekly("sunday", "monday", every=2, week_start="monday").times(12),
    "monthly on a date": monthly(15).times(12),
    "every third month": monthly(10, every=3).times(6),
    "on the last day of the month": monthly(31).times(14),
    "on the 30th, or the last day of February": monthly(30).times(14),
    "first Monday of the month": monthly(position="first", on=("monday",)).times(12),
    "second Tuesday of the month": monthly(position="second", on=("tuesday",)).times(12),
    "third Wednesday of the month": monthly(position="third", on=("wednesday",)).times(12),
    "fourth Thursday of the month": monthly(position="fourth", on=("thursday",)).times(12),
    "last Friday of the month": monthly(position="last", on=("friday",)),
    "first working day of the month": monthly(position="first", on=WORKING_DAYS).times(12),
    "last working day of the month": monthly(position="last", on=WORKING_DAYS).until(day(300)),
    "last day of a weekend of the month": monthly(position="last", on=WEEKEND).times(12),
    "yearly on a date": yearly(5, 17),
    "every second year": yearly(5, 17, every=2).times(3),
    "on 29 February, or the last day of February": yearly(2, 29),
    "second Sunday of May": yearly(5, position="second", on=("sunday",)),
    "last working day of the year": yearly(12, position="last", on=WORKING_DAYS).times(4),
}
# One rule of each type of pattern and range, for the other client.
AT_O365 = (
    "daily, a number of times", "weekly, without end", "on several days of the week", "monthly on a date",
    "last Friday of the month", "yearly on a date", "second Sunday of May",
)
DAYS = 1090


def first_meeting(number: int, rule):
    """Half an hour of its own, on the first day that the rule matches."""
    return rule.first(at("06:00", minutes=25, days=6).moved(minutes=30 * number))


class Standing:
    """Rules that were booked all at once; a rule that could not be booked fails its own test only."""

    def __init__(self, rules, book):
        self.made: dict[str, object] = {}
        for number, name in enumerate(rules):
            try:
                self.made[name] = book(number, name, RULES[name])
            except Exception as failure:  # noqa: BLE001 - raised again in the rule's own test
                self.made[name] = failure

    def settle(self, name: str) -> None:
        made = self.made[name]
        if isinstance(made, Exception):
            raise made
        made.settle(f"the series is the same on both sides: {name}")


@pytest.fixture(scope="module")
def far_room(office):
    """Rooms that can be booked years ahead."""
    made = []

    def make():
        made.append(office.new_room(rules={"horizonDays": 1200}))
        return made[-1]

    yield make
    for room in made:
        room.remove()


@pytest.fixture(scope="module")
def desk(office):
    return lambda kind: office.outlook(kind, "reception")


def in_outlook(room, reader, person, rules) -> Standing:
    def book(number, name, rule):
        series = Series(room, reader, first_meeting(number, rule), rule, name, DAYS)
        series.master = person.book_series(room.address, name, series.when, rule)
        return series

    return Standing(rules, book)


@pytest.fixture(scope="module")
def from_sdk(far_room, desk):
    person = desk("sdk")
    return in_outlook(far_room(), person, person, RULES)


@pytest.fixture(scope="module")
def from_o365(far_room, desk):
    return in_outlook(far_room(), desk("sdk"), desk("o365"), AT_O365)


@pytest.fixture(scope="module")
def from_loopbooking(far_room, desk):
    room, reader = far_room(), desk("sdk")

    def book(number, name, rule):
        series = Series(room, reader, first_meeting(number, rule), rule, name, DAYS)
        series.booking = room.book_series(name, series.when, rule)["id"]
        return series

    return Standing(RULES, book)


def ruled(direction, names=RULES):
    return pytest.mark.parametrize("rule", [pytest.param(name, marks=shows(name, direction)) for name in names])


@ruled(TO_LOOPBOOKING)
def test_a_rule_made_in_outlook(from_sdk, rule):
    from_sdk.settle(rule)


@ruled(TO_LOOPBOOKING, AT_O365)
def test_a_rule_made_at_o365(from_o365, rule):
    from_o365.settle(rule)


@ruled(TO_CALENDAR)
def test_a_rule_made_in_loopbooking(from_loopbooking, rule):
    from_loopbooking.settle(rule)
