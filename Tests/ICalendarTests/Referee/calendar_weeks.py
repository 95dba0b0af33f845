"""Rules with week numbers and what Python's own ISO calendar says of them, one JSON object a line. The weeks at the year's
edges, which python-dateutil 2.9 gets wrong, are among them."""

import datetime
import json

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
TEXT = "%Y-%m-%dT%H:%M:%S"


def weeks_of(year):
    return datetime.date(year, 12, 28).isocalendar().week


for week in [*range(1, 54), *range(-53, 0)]:
    for start in [datetime.datetime(2003, 6, 1, 9), datetime.datetime(2020, 12, 31, 9)]:
        found = []
        day = start
        while day < start + datetime.timedelta(days=7 * 366):
            iso = day.isocalendar()
            if week in (iso.week, iso.week - weeks_of(iso.year) - 1):
                found.append(day.strftime(TEXT))
            day += datetime.timedelta(days=1)
        print(
            json.dumps(
                {
                    "rule": f"FREQ=YEARLY;BYWEEKNO={week};BYDAY={','.join(DAYS)}",
                    "start": start.strftime(TEXT),
                    "from": start.strftime(TEXT),
                    "through": (start + datetime.timedelta(days=7 * 366 - 1)).strftime(TEXT),
                    "occurrences": found,
                }
            )
        )
