"""People at their calendars, through clients that other people wrote.

`OutlookSDK` is Microsoft's msgraph-sdk, `OutlookO365` the O365 package. Both offer the same few verbs, so that a test can
be run with either.
"""

import asyncio
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import O365
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.events.item.decline.decline_post_request_body import DeclinePostRequestBody
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder
from O365.utils.token import MemoryTokenBackend

from .meeting import Seen, plain
from .sign_in import public_client, to_loopsim
from .when import WINDOWS, When, utc


class _Bearer(AuthenticationProvider):
    def __init__(self, token: str):
        self.token = token

    async def authenticate_request(self, request, additional_authentication_context=None) -> None:
        request.headers.try_add("Authorization", f"Bearer {self.token}")


class OutlookSDK:
    """A person using msgraph-sdk."""

    name = "msgraph-sdk"

    def __init__(self, loopsim_url: str, client_id: str, tenant: str, user: str, password: str):
        result = public_client(loopsim_url, client_id, tenant).acquire_token_by_username_password(
            user, password, scopes=["https://graph.microsoft.com/.default"])
        if "access_token" not in result:
            raise RuntimeError(f"{user} cannot sign in: {result.get('error_description')}")
        self.user = user
        # httpx belongs to one event loop; so does this person.
        self._loop = asyncio.new_event_loop()
        adapter = GraphRequestAdapter(_Bearer(result["access_token"]))
        adapter.base_url = f"{loopsim_url}/v1.0"
        self.client = GraphServiceClient(request_adapter=adapter)

    def close(self) -> None:
        self._loop.close()

    def run(self, request):
        return self._loop.run_until_complete(request)

    def _mailbox(self, mailbox: str | None):
        return self.client.users.by_user_id(mailbox or self.user)

    def book(self, mailbox: str | None, subject: str, when: When, **more) -> str:
        event = self._event(subject=subject, when=when, **more)
        return self.run(self._mailbox(mailbox).calendar.events.post(event)).id

    def change(self, mailbox: str | None, event: str, **changes) -> None:
        self.run(self._mailbox(mailbox).events.by_event_id(event).patch(self._event(**changes)))

    def delete(self, mailbox: str | None, event: str) -> None:
        self.run(self._mailbox(mailbox).events.by_event_id(event).delete())

    def cancel(self, mailbox: str | None, event: str, comment: str = "") -> None:
        self.run(self._mailbox(mailbox).events.by_event_id(event).cancel.post(CancelPostRequestBody(comment=comment)))

    def decline(self, mailbox: str | None, event: str, comment: str = "") -> None:
        self.run(
            self._mailbox(mailbox).events.by_event_id(event).decline.post(
                DeclinePostRequestBody(comment=comment, send_response=True)))

    def event(self, mailbox: str | None, event: str) -> Seen:
        return self._seen(self.run(self._mailbox(mailbox).events.by_event_id(event).get()))

    def events(self, mailbox: str | None, start: datetime, end: datetime) -> list[Seen]:
        query = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
            start_date_time=start.astimezone(timezone.utc).isoformat(),
            end_date_time=end.astimezone(timezone.utc).isoformat(), top=100)
        view = self._mailbox(mailbox).calendar_view
        page = self.run(view.get(RequestConfiguration(query_parameters=query)))
        found = list(page.value or [])
        while page.odata_next_link:
            page = self.run(view.with_url(page.odata_next_link).get())
            found += page.value or []
        return [self._seen(event) for event in found]

    def occurrences(self, mailbox: str | None, master: str, start: datetime, end: datetime) -> list[Seen]:
        query = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
            start_date_time=start.isoformat(), end_date_time=end.isoformat(), top=100)
        instances = self._mailbox(mailbox).events.by_event_id(master).instances
        page = self.run(instances.get(RequestConfiguration(query_parameters=query)))
        return [self._seen(event) for event in page.value or []]

    def book_weekly(self, mailbox: str | None, subject: str, when: When, times: int) -> str:
        event = self._event(subject=subject, when=when)
        weekday = DayOfWeek(when.start.strftime("%A").lower())
        event.recurrence = PatternedRecurrence(
            pattern=RecurrencePattern(
                type=RecurrencePatternType.Weekly, interval=1, days_of_week=[weekday],
                first_day_of_week=DayOfWeek.Monday),
            range=RecurrenceRange(
                type=RecurrenceRangeType.Numbered, start_date=when.start.date(), number_of_occurrences=times,
                recurrence_time_zone=WINDOWS[when.zone]))
        return self.run(self._mailbox(mailbox).calendar.events.post(event)).id

    def rooms(self) -> list[str]:
        page = self.run(self.client.places.graph_room.get())
        return [room.email_address for room in page.value or []]

    @staticmethod
    def _event(
        subject: str | None = None, when: When | None = None, body: str | None = None, html: bool = False,
        show_as: str | None = None, sensitivity: str | None = None, invite: list[str] | None = None,
        people: list[str] | None = None, iana: bool = False,
    ) -> Event:
        event = Event()
        if subject is not None:
            event.subject = subject
        if when is not None:
            spelled = when.graph(iana=iana)
            event.is_all_day = when.all_day
            event.start = DateTimeTimeZone(
                date_time=spelled["start"]["dateTime"], time_zone=spelled["start"]["timeZone"])
            event.end = DateTimeTimeZone(date_time=spelled["end"]["dateTime"], time_zone=spelled["end"]["timeZone"])
        if body is not None:
            event.body = ItemBody(content_type=BodyType.Html if html else BodyType.Text, content=body)
        if show_as is not None:
            event.show_as = FreeBusyStatus(show_as)
        if sensitivity is not None:
            event.sensitivity = Sensitivity(sensitivity)
        if invite is not None or people is not None:
            event.attendees = [
                Attendee(type=kind, email_address=EmailAddress(address=address))
                for kind, addresses in ((AttendeeType.Resource, invite), (AttendeeType.Required, people))
                for address in addresses or []
            ]
        return event

    @staticmethod
    def _seen(event: Event) -> Seen:
        organizer = event.organizer.email_address if event.organizer else None
        return Seen(
            id=event.id, subject=event.subject or "", all_day=bool(event.is_all_day),
            start=utc(event.start.date_time, event.start.time_zone),
            end=utc(event.end.date_time, event.end.time_zone),
            body=plain(event.body.content if event.body else ""),
            show_as=event.show_as.value if event.show_as else "", is_organizer=bool(event.is_organizer),
            sensitivity=event.sensitivity.value if event.sensitivity else "",
            organizer=(organizer.address or "") if organizer else "", is_cancelled=bool(event.is_cancelled),
            response=(event.response_status.response.value
                      if event.response_status and event.response_status.response else "none"),
            zone=event.original_start_time_zone, kind=event.type.value if event.type else "",
            attendees={
                attendee.email_address.address.lower():
                    attendee.status.response.value if attendee.status and attendee.status.response else "none"
                for attendee in event.attendees or []
            })


class _Connection(O365.Connection):
    """O365's own connection, with Microsoft's hosts at loopsim."""

    loopsim_url = ""

    @property
    def msal_client(self):
        if self._msal_client is None:
            self._msal_client = public_client(
                self.loopsim_url, self.auth[0], self.tenant_id, token_cache=self.token_backend)
        return self._msal_client

    def get_session(self, load_token: bool = False):
        return to_loopsim(self.loopsim_url, super().get_session(load_token=load_token))


class OutlookO365:
    """A person using the O365 package."""

    name = "O365"

    def __init__(self, loopsim_url: str, client_id: str, tenant: str, user: str, password: str):
        connection = type("Connection", (_Connection,), {"loopsim_url": loopsim_url})
        account = type("Account", (O365.Account,), {"connection_constructor": connection})
        self.user = user
        self.account = account(
            (client_id,), auth_flow_type="password", username=user, password=password, tenant_id=tenant,
            protocol=O365.MSGraphProtocol(timezone=ZoneInfo("UTC")), token_backend=MemoryTokenBackend(),
            requests_delay=0, request_retries=0)
        if not self.account.authenticate(requested_scopes=["https://graph.microsoft.com/.default"]):
            raise RuntimeError(f"{user} cannot sign in through O365")

    def close(self) -> None:
        pass

    def _calendar(self, mailbox: str | None):
        calendar = O365.calendar.Calendar(parent=self.account.schedule(resource=mailbox or self.user))
        # The default calendar, addressed without asking for its id first.
        calendar.calendar_id = None
        return calendar

    def _get(self, mailbox: str | None, event: str):
        calendar = self.account.schedule(resource=mailbox or self.user).get_default_calendar()
        return calendar.get_event(event)

    def book(self, mailbox: str | None, subject: str, when: When, **more) -> str:
        event = self._calendar(mailbox).new_event(subject)
        self._write(event, when=when, **more)
        if not event.save():
            raise RuntimeError("O365 could not save the event")
        return event.object_id

    def change(self, mailbox: str | None, event: str, **changes) -> None:
        found = self._get(mailbox, event)
        self._write(found, **changes)
        found.save()

    def delete(self, mailbox: str | None, event: str) -> None:
        self._get(mailbox, event).delete()

    def cancel(self, mailbox: str | None, event: str, comment: str = "") -> None:
        self._get(mailbox, event).cancel_event(comment)

    def decline(self, mailbox: str | None, event: str, comment: str = "") -> None:
        self._get(mailbox, event).decline_event(comment)

    def event(self, mailbox: str | None, event: str) -> Seen:
        return self._seen(self._get(mailbox, event))

    def events(self, mailbox: str | None, start: datetime, end: datetime) -> list[Seen]:
        found = self._calendar(mailbox).get_events(
            limit=200, start_recurring=start.astimezone(timezone.utc), end_recurring=end.astimezone(timezone.utc))
        return [self._seen(event) for event in found]

    @staticmethod
    def _write(
        event, subject: str | None = None, when: When | None = None, body: str | None = None, html: bool = False,
        show_as: str | None = None, sensitivity: str | None = None, invite: list[str] | None = None,
        people: list[str] | None = None, iana: bool = False,
    ) -> None:
        if subject is not None:
            event.subject = subject
        if when is not None:
            event.start, event.end = when.aware
            if when.all_day or event.is_all_day:
                event.is_all_day = when.all_day
        if body is not None:
            event.body_type = "HTML" if html else "text"
            event.body = body
        if show_as is not None:
            event.show_as = show_as
        if sensitivity is not None:
            event.sensitivity = sensitivity
        for address in invite or []:
            event.attendees.add(address)
            event.attendees[-1].attendee_type = O365.calendar.AttendeeType.Resource
        for address in people or []:
            event.attendees.add(address)

    @staticmethod
    def _seen(event) -> Seen:
        return Seen(
            id=event.object_id, subject=event.subject, start=event.start.astimezone(timezone.utc),
            end=event.end.astimezone(timezone.utc), all_day=bool(event.is_all_day), body=plain(event.body),
            show_as=event.show_as.value if event.show_as else "", is_organizer=bool(event.is_organizer),
            sensitivity=event.sensitivity.value if event.sensitivity else "",
            organizer=event.organizer.address if event.organizer else "", is_cancelled=bool(event.is_cancelled),
            response=event.response_status.status.value if event.response_status.status else "none",
            kind=event.event_type.value if event.event_type else "",
            attendees={
                attendee.address.lower():
                    attendee.response_status.status.value
                    if attendee.response_status and attendee.response_status.status else "none"
                for attendee in event.attendees
            })


Outlook = OutlookSDK | OutlookO365
