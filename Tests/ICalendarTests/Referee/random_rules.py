"""Random recurrence rules and the occurrences that python-dateutil gives them, one JSON object a line.

    random_rules.py SEED COUNT

Not asked, because python-dateutil itself is known to differ from RFC 5545 there:
* BYSETPOS of a weekly rule whose first week is cut by the start: dateutil counts from the start, not from the week's.
* Weeks 52, 53, -52 and -53: dateutil 2.9 takes the length of the wrong year at the year's edges. calendar_weeks.py asks
  Python's own calendar instead.
* Weekdays with and without a number in one BYDAY: dateutil wants both to match where RFC 5545 wants either.
* BYWEEKNO without BYDAY: dateutil takes all days of the week, RFC 5545 the start's weekday.
"""

import datetime
import json
import random
import sys

from dateutil.rrule import rrulestr

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAYS_OF_MONTH = [1, 2, 5, 13, 15, 28, 29, 30, 31, -1, -2, -5, -31]
ORDINALS_IN_MONTH = [1, 2, 3, 4, 5, -1, -2, -5]
ORDINALS_IN_YEAR = [1, 2, 10, 20, 52, 53, -1, -2, -53]
DAYS_OF_YEAR = [1, 59, 60, 61, 100, 200, 365, 366, -1, -2, -100, -306, -366]
WEEKS = [1, 2, 10, 20, 30, 51, -1, -2]
TEXT = "%Y-%m-%dT%H:%M:%S"

# dateutil searches until this year for the days of a rule that never matches one.
datetime.MAXYEAR = 2045


class Dice(random.Random):
    def chance(self, share):
        return self.random() < share

    def some(self, values, most):
        return sorted(self.sample(list(values), self.randint(1, most)))

    def days(self, most):
        return self.sample(DAYS, self.randint(1, most))

    def counted_days(self, ordinals):
        return [f"{self.choice(ordinals)}{day}" for day in self.days(3)]


def daily(dice):
    parts = {}
    if dice.chance(0.3):
        parts["BYMONTH"] = dice.some(range(1, 13), 4)
    if dice.chance(0.3):
        parts["BYMONTHDAY"] = dice.some(DAYS_OF_MONTH, 4)
    if dice.chance(0.3):
        parts["BYDAY"] = dice.days(5)
    return parts


def weekly(dice):
    parts = {}
    if dice.chance(0.25):
        parts["BYMONTH"] = dice.some(range(1, 13), 5)
    if dice.chance(0.8):
        parts["BYDAY"] = dice.days(5)
        if dice.chance(0.15):
            parts["BYSETPOS"] = dice.some([1, 2, 3, -1, -2], 2)
    return parts


def monthly(dice):
    parts = {}
    if dice.chance(0.25):
        parts["BYMONTH"] = dice.some(range(1, 13), 5)
    kind = dice.random()
    if kind < 0.35:
        parts["BYMONTHDAY"] = dice.some(DAYS_OF_MONTH, 4)
    if kind > 0.25:
        parts["BYDAY"] = dice.counted_days(ORDINALS_IN_MONTH) if dice.chance(0.5) else dice.days(7)
    if ("BYMONTHDAY" in parts or "BYDAY" in parts) and dice.chance(0.35):
        parts["BYSETPOS"] = dice.some([1, 2, 3, 4, -1, -2, -3], 2)
    return parts


def yearly(dice):
    parts = {}
    kind = dice.random()
    if kind < 0.65:
        parts["BYMONTH"] = dice.some(range(1, 13), 4)
    if 0.2 < kind < 0.45:
        parts["BYMONTHDAY"] = dice.some(DAYS_OF_MONTH, 4)
    elif 0.45 < kind < 0.65:
        parts["BYDAY"] = dice.counted_days(ORDINALS_IN_MONTH) if dice.chance(0.6) else dice.days(5)
    elif 0.65 < kind < 0.8:
        parts["BYDAY"] = dice.counted_days(ORDINALS_IN_YEAR) if dice.chance(0.5) else dice.days(3)
    elif 0.8 < kind < 0.87:
        parts["BYYEARDAY"] = dice.some(DAYS_OF_YEAR, 4)
    elif 0.87 < kind < 0.97:
        parts["BYWEEKNO"] = dice.some(WEEKS, 4)
        parts["BYDAY"] = dice.days(4)
    if ("BYYEARDAY" in parts or "BYWEEKNO" in parts) and dice.chance(0.3):
        parts["BYMONTH"] = dice.some(range(1, 13), 5)
    if "BYYEARDAY" in parts and dice.chance(0.3):
        parts["BYDAY"] = dice.days(5)
    if parts and dice.chance(0.2):
        parts["BYSETPOS"] = dice.some([1, 2, 3, 4, -1, -2, -3], 2)
    return parts


KINDS = {"DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly}


def start_of(dice):
    year = dice.randrange(1996, 2030)
    if dice.chance(0.08):
        return datetime.datetime(dice.choice([1996, 2000, 2004, 2008, 2024]), 2, 29, 10)
    if dice.chance(0.08):
        return datetime.datetime(year, dice.choice([1, 3, 5, 7, 8, 10, 12]), 31, 10)
    day = datetime.datetime(year, 1, 1) + datetime.timedelta(days=dice.randrange(366))
    return day + datetime.timedelta(hours=dice.randrange(24), minutes=dice.choice([0, 15, 30]))


def case(dice):
    frequency = dice.choice(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"])
    parts = {"FREQ": [frequency]}
    interval = dice.choice([1, 1, 1, 2, 2, 3, 4, 5, 7])
    if interval > 1:
        parts["INTERVAL"] = [interval]
    parts |= KINDS[frequency](dice)
    if dice.chance(0.6):
        parts["WKST"] = [dice.choice(DAYS)]
    start = start_of(dice)
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        start -= datetime.timedelta(days=(start.weekday() - DAYS.index(parts.get("WKST", ["MO"])[0])) % 7)
    end = dice.random()
    if end < 0.25:
        parts["COUNT"] = [dice.choice([1, 2, 3, 5, 10, 30])]
    elif end < 0.5:
        until = start + datetime.timedelta(days=dice.choice([0, 10, 100, 1000, 3000]), minutes=dice.choice([-15, 0, 15]))
        parts["UNTIL"] = [until.strftime("%Y%m%dT%H%M%S")]
    first = start
    if dice.chance(0.5):
        later = start + datetime.timedelta(days=dice.randrange(1, 800))
        first = later.replace(hour=0, minute=0)
    last = (first + datetime.timedelta(days=3 * 365)).replace(hour=23, minute=59)
    rule = ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())
    return rule, start, first, last


def judged(case):
    rule, start, first, last = case
    found = rrulestr(rule, dtstart=start).between(max(start, first), last, inc=True)
    return json.dumps(
        {
            "rule": rule,
            "start": start.strftime(TEXT),
            "from": first.strftime(TEXT),
            "through": last.strftime(TEXT),
            "occurrences": [each.strftime(TEXT) for each in found],
        }
    )


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    dice = Dice(seed)
    for _ in range(count):
        print(judged(case(dice)))


if __name__ == "__main__":
    main()
