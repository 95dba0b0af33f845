"""Real calendars: those that two libraries ship in their source distributions for their own tests, and what a third party
(recurring-ical-events) makes of them."""

import datetime
import functools
import hashlib
import re
import subprocess
import sys
import tarfile
import zoneinfo
from collections import Counter
from pathlib import Path

import icalendar
import recurring_ical_events

# Source distributions on PyPI, with their digests.
SOURCES = {
    "recurring_ical_events-3.8.2.tar.gz": "e731af31d0b7dec5cd47a1defacd8549e2f36fab1c1995e8b9f042822a0acf8e",
    "icalendar-7.3.2.tar.gz": "f15380927aed4318860e001c03b543c48578c73aec46e2d384c5d0802082b808",
}
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
UTC = datetime.timezone.utc


def calendars() -> list[Path]:
    """All .ics files of the source distributions; downloaded once, into the Python environment."""
    folder = Path(sys.prefix) / "calendars"
    folder.mkdir(exist_ok=True)
    for name, digest in SOURCES.items():
        archive = folder / name
        if not archive.exists():
            package, version = name.removesuffix(".tar.gz").rsplit("-", 1)
            command = [
                sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--no-binary", package.replace("_", "-"), "--dest", str(folder), f"{package}=={version}",
            ]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, f"PyPI did not give {name}; is there a network? {' '.join(command)}\n{done.stderr}"
        content = archive.read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, f"{archive} is not the file that was pinned; remove it"
        unpacked = folder / name.removesuffix(".tar.gz")
        if not unpacked.exists():
            with tarfile.open(archive) as opened:
                opened.extractall(folder, filter="data")
    return sorted(folder.glob("*/**/*.ics"))


def name_of(path: Path) -> str:
    """A name that is the file's own: several are called example.ics."""
    return f"{path.parent.name}/{path.name}"


def first_year(path: Path) -> int | None:
    """The year in which the file's first event begins."""
    events = re.findall(rb"BEGIN:VEVENT.*?END:VEVENT", path.read_bytes(), re.S)
    years = [int(year) for event in events for year in re.findall(rb"DTSTART[^\r\n]*:(\d{4})\d{4}", event)]
    return min((year for year in years if 1980 < year < 2040), default=None)


@functools.cache
def referee(path: Path, start: datetime.date, end: datetime.date) -> Counter:
    """Every occurrence between two dates as recurring-ical-events has it: start, end, subject."""
    return Counter(key for key, _ in _occurrences(path.read_bytes(), start, end))


def held(content: bytes, start: datetime.date, end: datetime.date) -> Counter:
    """The same, without what holds no room: shown as free, or without any length."""
    return Counter(
        key for key, event in _occurrences(content, start, end)
        if key[0] != key[1] and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE")


def _occurrences(content: bytes, start: datetime.date, end: datetime.date):
    for calendar in icalendar.Calendar.from_ical(content, multiple=True):
        # It refuses files with an event that has no start; we leave such events out.
        if calendar.name == "VCALENDAR":
            calendar.subcomponents = [
                part for part in calendar.subcomponents if part.name != "VEVENT" or "DTSTART" in part]
        elif calendar.name == "VEVENT" and "DTSTART" not in calendar:
            continue
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        for event in query.between(midnight(start), midnight(end)):
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            begins, ends = text(event["DTSTART"].dt), text(event["DTEND"].dt)
            if begins == ends and len(begins) == 10:
                # All day, and ending on the day it began: many programs mean that day.
                ends = (datetime.date.fromisoformat(begins) + datetime.timedelta(days=1)).isoformat()
            yield (begins, ends, str(event.get("SUMMARY", "")).strip()), event


def midnight(date: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time(), ZONE)


def text(time: datetime.date) -> str:
    """A date, or an instant in UTC; times without a zone are meant in Berlin."""
    if not isinstance(time, datetime.datetime):
        return time.isoformat()
    if time.tzinfo is None:
        time = time.replace(tzinfo=ZONE)
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> datetime.datetime:
    """When something is that `text` wrote down; a whole day begins at midnight in Berlin."""
    return midnight(datetime.date.fromisoformat(text)) if len(text) == 10 else datetime.datetime.fromisoformat(text)
