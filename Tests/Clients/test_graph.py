"""Microsoft's own SDK and O365 understand loopsim's Graph, with nothing of ours between them."""

import itertools
from datetime import timedelta

import pytest
from kiota_abstractions.api_error import APIError

from rig.company import OUTLOOK_CLIENT, PASSWORD, Company
from rig.meeting import shown_at
from rig.outlook import OutlookO365, OutlookSDK
from rig.recurrence import weekday, weekly
from rig.waiting import wait_until
from rig.when import all_day, at


@pytest.fixture(scope="module")
def company(sim):
    return Company(sim, "litware.example").seed()


@pytest.fixture(scope="module")
def desks(sim, company):
    """Everybody at every client, signed in once."""
    made = {}

    def desk(kind: str, name: str):
        if (kind, name) not in made:
            client = {"sdk": OutlookSDK, "o365": OutlookO365}[kind]
            made[kind, name] = client(sim.url, OUTLOOK_CLIENT, company.domain, company.person(name), PASSWORD)
        return made[kind, name]

    yield desk
    for person in made.values():
        person.close()


@pytest.fixture(params=["sdk", "o365"])
def outlook(request, desks):
    return desks(request.param, "reception")


@pytest.fixture
def address(company):
    return company.add_room()[1]


def shown(outlook, address, when):
    start, end = when.instants
    return outlook.events(address, start - timedelta(days=2), end + timedelta(days=2))


def test_an_event_is_found_where_it_was_booked(outlook, address):
    when = at("10:00")
    outlook.book(address, "Team", when, body="Agenda")
    (event,) = shown(outlook, address, when)
    assert (event.subject, event.body, event.show_as) == ("Team", "Agenda", "busy")
    assert shown_at(event, when)
    assert event.is_organizer


def test_an_event_is_changed_and_deleted(outlook, address):
    when = at("10:00")
    event = outlook.book(address, "Team", when)
    outlook.change(address, event, subject="Team two", when=when.moved(hours=2))
    (found,) = shown(outlook, address, when)
    assert found.subject == "Team two"
    assert shown_at(found, when.moved(hours=2))
    outlook.delete(address, event)
    assert shown(outlook, address, when) == []


def test_all_day(outlook, address):
    when = all_day(lasting=2)
    outlook.book(address, "Offsite", when)
    (event,) = shown(outlook, address, when)
    assert shown_at(event, when)


def test_an_invited_room_answers(desks, company):
    anna = desks("sdk", "anna")
    _, address = company.add_room()
    event = anna.book(None, "Planning", at("09:00"), invite=[address])
    wait_until(lambda: anna.event(None, event).attendees.get(address) == "accepted", "the room accepts")
    (copy,) = shown(desks("sdk", "reception"), address, at("09:00"))
    assert copy.subject.strip() == "Anna Ansvarlig"
    assert (copy.is_organizer, copy.response, copy.organizer) == (False, "accepted", company.person("anna"))


def test_an_invited_room_says_no_to_a_second_meeting(desks, company):
    anna = desks("sdk", "anna")
    _, address = company.add_room()
    first = anna.book(None, "First", at("09:00"), invite=[address])
    wait_until(lambda: anna.event(None, first).attendees.get(address) == "accepted", "the room accepts")
    second = anna.book(None, "Second", at("09:30"), invite=[address])
    wait_until(lambda: anna.event(None, second).attendees.get(address) == "declined", "the room declines")


def test_pages_of_a_calendar(desks, company):
    reception = desks("sdk", "reception")
    _, address = company.add_room()
    for number in range(12):
        reception.book(address, f"Meeting {number}", at("08:00", minutes=15, days=5).moved(minutes=20 * number))
    start, end = at("08:00", days=5).instants
    from rig.sdk import CalendarViewRequestBuilder, RequestConfiguration

    query = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
        start_date_time=start.isoformat(), end_date_time=(end + timedelta(days=1)).isoformat())
    view = reception.client.users.by_user_id(address).calendar_view
    page = reception.run(view.get(RequestConfiguration(query_parameters=query)))
    assert len(page.value) == 10, "Graph's default page"
    rest = reception.run(view.with_url(page.odata_next_link).get())
    assert len(page.value) + len(rest.value) == 12
    assert rest.odata_next_link is None


def test_a_delta_round(desks, company):
    reception = desks("sdk", "reception")
    _, address = company.add_room()
    from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
    from rig.sdk import RequestConfiguration

    when = at("10:00")
    kept = reception.book(address, "Kept", when)
    gone = reception.book(address, "Gone", when.moved(hours=3))
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time=(when.instants[0] - timedelta(days=1)).isoformat(),
        end_date_time=(when.instants[1] + timedelta(days=1)).isoformat())
    delta = reception.client.users.by_user_id(address).calendar_view.delta

    def round_from(page):
        found = {event.id: event for event in page.value}
        while page.odata_next_link:
            page = reception.run(delta.with_url(page.odata_next_link).get())
            found.update({event.id: event for event in page.value})
        return found, page.odata_delta_link

    found, link = round_from(reception.run(delta.get(RequestConfiguration(query_parameters=query))))
    assert {event.subject for event in found.values()} == {"Kept", "Gone"}
    reception.delete(address, gone)
    reception.change(address, kept, subject="Kept on")

    def changes():
        nonlocal link
        found, link = round_from(reception.run(delta.with_url(link).get()))
        return found

    seen = {}

    def both_seen():
        seen.update(changes())
        return kept in seen and gone in seen

    wait_until(both_seen, "both changes in the delta")
    assert seen[kept].subject == "Kept on"
    assert "@removed" in seen[gone].additional_data


def test_places_list_the_rooms(desks, company):
    name, address = company.add_room()
    assert address in desks("sdk", "reception").rooms()


def test_a_series_has_its_occurrences(desks, company):
    reception = desks("sdk", "reception")
    _, address = company.add_room()
    when = at("10:00", days=3)
    master = reception.book_series(address, "Weekly", when, weekly(weekday(when.start.date())).times(4))
    start, end = when.instants[0] - timedelta(days=1), when.instants[1] + timedelta(days=60)
    occurrences = reception.occurrences(address, master, start, end)
    assert [event.start for event in occurrences] == [when.moved(days=7 * week).instants[0] for week in range(4)]
    assert {event.kind for event in occurrences} == {"occurrence"}
    reception.delete(address, occurrences[1].id)
    assert len(reception.occurrences(address, master, start, end)) == 3


@pytest.mark.parametrize("rights", [[], None], ids=["no right", "full access"])
def test_a_room_is_closed_to_whoever_has_no_right(desks, company, rights):
    _, address = company.add_room(full_access=rights)
    reception = desks("sdk", "reception")
    if rights is None:
        reception.book(address, "Allowed", at("10:00"))
        return
    with pytest.raises(APIError) as refusal:
        reception.book(address, "Forbidden", at("10:00"))
    assert refusal.value.response_status_code == 403
    assert refusal.value.error.code == "ErrorAccessDenied"


def test_an_event_that_is_not_there(desks, company):
    reception = desks("sdk", "reception")
    _, address = company.add_room()
    event = reception.book(address, "Short", at("10:00"))
    reception.delete(address, event)
    with pytest.raises(APIError) as refusal:
        reception.event(address, event)
    assert refusal.value.response_status_code == 404
    assert refusal.value.error.code == "ErrorItemNotFound"


@pytest.mark.parametrize("client", ["sdk", "o365"])
def test_every_rule_means_what_dateutil_says(desks, address, client):
    from test_series_rules import AT_O365, DAYS, RULES, first_meeting

    person, reader = desks(client, "reception"), desks("sdk", "reception")
    end = at("00:00", days=DAYS).instants[0]
    for number, name in enumerate(RULES if client == "sdk" else AT_O365):
        rule = RULES[name]
        first = first_meeting(number, rule)
        master = person.book_series(address, name, first, rule)
        found = reader.occurrences(address, master, first.instants[0], end)
        expected = [each.instants for each in rule.whens(first, DAYS) if each.instants[0] < end]
        assert [(each.start, each.end) for each in found] == expected, name
