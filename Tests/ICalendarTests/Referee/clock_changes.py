"""Daily series around clock changes, and when their occurrences are by Python's zoneinfo, one JSON object a line.

For each zone and each change of its clocks: a series at wall times before, within and after the hours that are skipped or
repeated, from three days before the change to three days after it. In the skipped hour zoneinfo goes by the offset
before the change, in the repeated hour by the first (fold 0), as RFC 5545 §3.3.5 has it.
"""

import datetime
import json
import zoneinfo

# Through 2035 where rules are steady; elsewhere the past, which no edition of the zone data changes any more.
STEADY = [
    "Europe/Oslo", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "America/New_York", "America/Los_Angeles",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "America/Havana", "America/St_Johns",
    "Antarctica/Troll",
]
CHANGED = [
    "Africa/Cairo", "Africa/Casablanca", "America/Mexico_City", "America/Sao_Paulo", "America/Caracas", "America/Nuuk",
    "Asia/Amman", "Asia/Damascus", "Asia/Pyongyang", "Asia/Tehran", "Europe/Istanbul", "Europe/Moscow", "Europe/Volgograd",
    "Pacific/Apia", "Pacific/Fiji", "Africa/Juba", "Africa/Sao_Tome", "Asia/Kathmandu",
]
TEXT = "%Y-%m-%dT%H:%M:%S"
UTC = datetime.timezone.utc


def changes(zone, first, last):
    """When the zone's clocks are changed, with the wall time before and after."""
    step = datetime.timedelta(hours=6)
    moment = datetime.datetime(first, 1, 1, tzinfo=UTC)
    while moment.year <= last:
        following = moment + step
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            early, late = moment, following
            while late - early > datetime.timedelta(seconds=1):
                middle = early + (late - early) / 2
                if middle.astimezone(zone).utcoffset() == early.astimezone(zone).utcoffset():
                    early = middle
                else:
                    late = middle
            change = late.replace(microsecond=0)
            offset = (change - datetime.timedelta(seconds=1)).astimezone(zone).utcoffset()
            yield change.replace(tzinfo=None) + offset, change.astimezone(zone).replace(tzinfo=None)
        moment = following


def cases():
    for names, last in [(STEADY, 2035), (CHANGED, 2022)]:
        for name in names:
            zone = zoneinfo.ZoneInfo(name)
            for before, after in changes(zone, 2005, last):
                low, high = min(before, after), max(before, after)
                if high - low > datetime.timedelta(hours=4):
                    continue  # Across the date line: a day without any wall time has no daily occurrence to compare.
                for wall in {low - datetime.timedelta(minutes=30), low, low + (high - low) / 2, high}:
                    start = (wall - datetime.timedelta(days=3)).replace(second=0)
                    found = []
                    for day in range(7):
                        local = start + datetime.timedelta(days=day)
                        found.append(int(local.replace(tzinfo=zone).timestamp()))
                    yield {"zone": name, "start": start.strftime(TEXT), "days": 7, "instants": found}


for case in cases():
    print(json.dumps(case))
