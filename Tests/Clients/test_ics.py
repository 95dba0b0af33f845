"""Real calendars as we read them and as loopsim holds them, compared with recurring-ical-events occurrence by occurrence."""

import datetime
import itertools
from collections import Counter

import pytest

from rig import calendars
from rig.calendar_view import CalendarView
from rig.company import Company
from rig.loopsync import Loopsync

from conftest import binary

# As long as Graph's calendarView may be.
FIVE_YEARS = datetime.timedelta(days=1825)
NEXT_YEARS = datetime.date(2026, 12, 1)

BROKEN_PART = "the referee drops the whole series because of a part that is broken; we leave out the part and say so"
# Why they cannot agree. A test fails when one of them does agree, or another one does not.
DIFFERENT = {
    "calendars/broken_ical.ics": BROKEN_PART,
    "calendars/invalid_duration.ics": BROKEN_PART,
    "calendars/issue_1081_invalid_rrule_freq.ics": BROKEN_PART,
    "calendars/issue_165_missing_event.ics": "the rule's separators are escaped; we read it all the same",
    "calendars/parsing_error.ics": BROKEN_PART,
    "calendars/rfc_7529.ics": "rules of the Chinese calendar: we keep the first occurrence and say so, the referee drops all",
    "events/event_with_recurrence.ics": "exceptions in UTC beside a start without a zone: the referee moves the start to UTC",
    "events/issue_464_invalid_rdate.ics": BROKEN_PART,
    "calendars/bad_rrule_missing_until_event.ics": BROKEN_PART,
    "calendars/issue_201_test_matrix.ics": "one end with a zone, the other without: the referee carries the zone over",
    "calendars/issue_75_range_parameter.ics":
        "UNTIL is a date although the series has times: we include that day, as Google and Outlook do",
}
# Files that the referee cannot read at all, and why.
UNREADABLE_FOR_REFEREE = {
    "calendars/fuzz_testcase_invalid_month.ics", "calendars/fuzz_testcase_vtimezone_lone_cr.ics",
    "calendars/issue_104_broken_calendar.ics", "calendars/parsing_error_in_UTC_offset.ics",
    # Two properties where one is allowed.
    "calendars/america_new_york_forward_reference.ics", "calendars/pacific_fiji.ics",
    "calendars/multiple_timezones.ics",
}


@pytest.fixture(scope="module")
def corpus():
    files = calendars.calendars()
    assert len(files) > 240
    return files


def windows(path):
    """Five years from the file's first event, and the next five years."""
    year = calendars.first_year(path)
    if year is not None:
        yield datetime.date(year, 1, 1), datetime.date(year, 1, 1) + FIVE_YEARS
    yield NEXT_YEARS, NEXT_YEARS + FIVE_YEARS


def expected(path, start, end):
    """What the referee says; None when it cannot read the file."""
    try:
        return calendars.referee(path, start, end)
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        assert calendars.name_of(path) in UNREADABLE_FOR_REFEREE, f"{path.name}: {error!r}"
        return None


def test_our_reading_agrees_on_every_occurrence(corpus, folder):
    operator = Loopsync(binary("loopsync"), folder, name="ics")
    agreed = occurrences = 0
    different = {}
    for path in corpus:
        for start, end in windows(path):
            answer = operator.run(
                "ics", "show", str(path), "--from", str(start), "--to", str(end), "--time-zone", "Europe/Berlin",
                "--json")
            assert answer.status in (0, 1), f"{path.name}: {answer.text}"
            theirs = expected(path, start, end)
            if theirs is None:
                continue
            rows = answer.json["occurrences"] if answer.status == 0 else []
            ours = Counter((row["start"], row["end"], row["subject"].strip()) for row in rows)
            occurrences += theirs.total()
            if ours == theirs:
                agreed += 1
            else:
                different[calendars.name_of(path)] = f"missing {list(theirs - ours)[:3]}, too many {list(ours - theirs)[:3]}"
    print(f"{agreed} windows of {len(corpus)} files agree, {len(different)} files differ; {occurrences} occurrences")
    assert different.keys() == DIFFERENT.keys(), "\n".join(f"{name}: {what}" for name, what in different.items())
    assert occurrences > 30_000


def test_loopsim_holds_every_occurrence(corpus, sim):
    """Imported into mailboxes and read back through Graph's calendarView, in the next five years and the first ones."""
    company = Company(sim, "fourthcoffee.example").seed()
    reader = CalendarView(sim, company, "reception")
    different = {}
    compared = 0
    for number, path in zip(itertools.count(), corpus):
        name = calendars.name_of(path)
        if name in DIFFERENT or name in UNREADABLE_FOR_REFEREE:
            continue
        address = f"room{number}@{company.domain}"
        sim.add_room(
            company.domain, address, f"Room {number}", [company.person("reception")], timeZone="W. Europe Standard Time")
        reply = sim.import_file(address, path.read_bytes())
        if reply.status_code == 400:
            assert not any(expected(path, *window) for window in windows(path)), f"{name}: {reply.text}"
            continue
        assert reply.status_code == 201, f"{name}: {reply.text}"
        for start, end in windows(path):
            theirs = expected(path, start, end)
            ours = Counter(key for key, _ in reader.occurrences(address, start, end))
            compared += theirs.total()
            if ours != theirs:
                different[name] = f"missing {list(theirs - ours)[:3]}, too many {list(ours - theirs)[:3]}"
    assert not different, "\n".join(f"{name}: {what}" for name, what in different.items())
    assert compared > 30_000


def test_a_file_is_booked_once(folder, tmp_path):
    operator = Loopsync(binary("loopsync"), folder, name="ics-import")
    operator.do("room", "add", "Oslo", "--time-zone", "Europe/Oslo")
    day = (datetime.date.today() + datetime.timedelta(days=7)).strftime("%Y%m%d")
    file = tmp_path / "room.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\n"
        f"BEGIN:VEVENT\nUID:one\nSUMMARY:Planning\nDTSTART:{day}T100000\nDTEND:{day}T110000\nEND:VEVENT\n"
        f"BEGIN:VEVENT\nUID:two\nSUMMARY:Clash\nDTSTART:{day}T103000\nDTEND:{day}T113000\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:three\nSUMMARY:Long ago\nDTSTART:20200302T100000\nDTEND:20200302T110000\nEND:VEVENT\n"
        f"BEGIN:VEVENT\nUID:four\nSUMMARY:Off\nSTATUS:CANCELLED\nDTSTART:{day}T150000\nDTEND:{day}T160000\nEND:VEVENT\n"
        "END:VCALENDAR\n")
    answer = operator.run("ics", "import", str(file), "--room", "Oslo", "--json")
    assert answer.status == 1
    outcomes = {row["subject"]: row["outcome"] for row in answer.json["meetings"]}
    assert outcomes == {"Planning": "booked", "Clash": "refused", "Long ago": "passed over", "Off": "passed over"}
    again = operator.run("ics", "import", str(file), "--room", "Oslo", "--json")
    assert {row["subject"]: row["outcome"] for row in again.json["meetings"]}["Planning"] == "booked before"


def test_what_other_programs_write_is_booked(folder, tmp_path):
    """What LoopBooking refuses from people whom it can ask, an importer cannot ask about."""
    operator = Loopsync(binary("loopsync"), folder, name="ics-import")
    operator.do("room", "add", "Bergen", "--time-zone", "Europe/Oslo")
    first, second = (
        (datetime.date.today() + datetime.timedelta(days=days)).strftime("%Y%m%d") for days in (7, 8))
    file = tmp_path / "room.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\n"
        f"BEGIN:VEVENT\nUID:one\nSUMMARY:Daily\nDTSTART:{first}T100000\nDTEND:{first}T110000\nRRULE:FREQ=DAILY;COUNT=3\n"
        "LOCATION:Main street 1\\nBergen\nORGANIZER:urn:nobody\nATTENDEE;CN=Nobody:urn:nobody\nEND:VEVENT\n"
        f"BEGIN:VEVENT\nUID:one\nSUMMARY:Daily\nRECURRENCE-ID:{second}T100000\nDTSTART:{second}T100000\n"
        f"DTEND:{second}T110000\nTRANSP:TRANSPARENT\nEND:VEVENT\n"
        "END:VCALENDAR\n")
    answer = operator.ask("ics", "import", str(file), "--room", "Bergen")
    (row,) = answer["meetings"]
    assert row["outcome"] == "booked", row
    assert row["remarks"] == [
        "Attendees without an e-mail address were left out.",
        "Occurrences that are shown as free hold no room and were left out."]


def test_what_is_no_calendar_is_refused_in_words(folder, tmp_path):
    operator = Loopsync(binary("loopsync"), folder, name="ics")
    file = tmp_path / "letter.ics"
    file.write_text("Dear all")
    answer = operator.run("ics", "show", str(file))
    assert answer.status == 1 and "not an iCalendar file" in answer.text
    missing = operator.run("ics", "show", str(tmp_path / "nowhere.ics"))
    assert missing.status == 1 and "cannot be read" in missing.text
