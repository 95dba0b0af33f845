"""A person at her calendar, through Microsoft's msgraph-sdk."""

import asyncio
from datetime import datetime, timezone

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
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.models.week_index import WeekIndex
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.events.item.accept.accept_post_request_body import AcceptPostRequestBody
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.events.item.decline.decline_post_request_body import DeclinePostRequestBody
from msgraph.generated.users.item.events.item.forward.forward_post_request_body import ForwardPostRequestBody
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder

from .meeting import Seen, plain
from .recurrence import Repeats
from .sign_in import public_client
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

    def accept(self, mailbox: str | None, event: str) -> None:
        self.run(
            self._mailbox(mailbox).events.by_event_id(event).accept.post(AcceptPostRequestBody(send_response=True)))

    def forward(self, mailbox: str | None, event: str, to: str) -> None:
        recipient = Recipient(email_address=EmailAddress(address=to))
        self.run(
            self._mailbox(mailbox).events.by_event_id(event).forward.post(
                ForwardPostRequestBody(to_recipients=[recipient])))

    def event(self, mailbox: str | None, event: str) -> Seen:
        return self._seen(self.run(self._mailbox(mailbox).events.by_event_id(event).get()))

    def events(self, mailbox: str | None, start: datetime, end: datetime) -> list[Seen]:
        query = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
            start_date_time=start.astimezone(timezone.utc).isoformat(),
            end_date_time=end.astimezone(timezone.utc).isoformat(), top=100)
        view = self._mailbox(mailbox).calendar_view
        return self._pages(view, view.get(RequestConfiguration(query_parameters=query)))

    def occurrences(self, mailbox: str | None, master: str, start: datetime, end: datetime) -> list[Seen]:
        query = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
            start_date_time=start.astimezone(timezone.utc).isoformat(),
            end_date_time=end.astimezone(timezone.utc).isoformat(), top=500)
        instances = self._mailbox(mailbox).events.by_event_id(master).instances
        return self._pages(instances, instances.get(RequestConfiguration(query_parameters=query)))

    def _pages(self, builder, first) -> list[Seen]:
        page = self.run(first)
        found = list(page.value or [])
        while page.odata_next_link:
            page = self.run(builder.with_url(page.odata_next_link).get())
            found += page.value or []
        return [self._seen(event) for event in found]

    def book_series(self, mailbox: str | None, subject: str, when: When, repeats: Repeats, **more) -> str:
        event = self._event(subject=subject, when=when, **more)
        event.recurrence = self._recurrence(repeats, when)
        return self.run(self._mailbox(mailbox).calendar.events.post(event)).id

    def change_series(
        self, mailbox: str | None, master: str, repeats: Repeats, when: When, *, moved: bool = False
    ) -> None:
        """Gives a series another rule or end; `moved`: its time as well."""
        event = self._event(when=when if moved else None)
        event.recurrence = self._recurrence(repeats, when)
        self.run(self._mailbox(mailbox).events.by_event_id(master).patch(event))

    def make_single(self, mailbox: str | None, master: str) -> None:
        """Takes the recurrence away: what is left is the first meeting."""
        self.run(self._mailbox(mailbox).events.by_event_id(master).patch(Event(additional_data={"recurrence": None})))

    def masters(self, mailbox: str | None) -> list[Seen]:
        """The series in a calendar, each as one event."""
        events = self._mailbox(mailbox).calendar.events
        return [each for each in self._pages(events, events.get()) if each.kind == "seriesMaster"]

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
    def _recurrence(repeats: Repeats, when: When) -> PatternedRecurrence:
        pattern = RecurrencePattern(
            type=RecurrencePatternType(repeats.graph_type), interval=repeats.every, day_of_month=repeats.day,
            month=repeats.month)
        if repeats.weekdays:
            pattern.days_of_week = [DayOfWeek(name) for name in repeats.weekdays]
        if repeats.frequency == "weekly":
            pattern.first_day_of_week = DayOfWeek(repeats.week_start)
        if repeats.position:
            pattern.index = WeekIndex(repeats.position)
        span = RecurrenceRange(
            type=RecurrenceRangeType.NoEnd, start_date=when.start.date(), recurrence_time_zone=WINDOWS[when.zone])
        if repeats.count:
            span.type, span.number_of_occurrences = RecurrenceRangeType.Numbered, repeats.count
        if repeats.last:
            span.type, span.end_date = RecurrenceRangeType.EndDate, repeats.last
        return PatternedRecurrence(pattern=pattern, range=span)

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
            master=event.series_master_id,
            attendees={
                attendee.email_address.address.lower():
                    attendee.status.response.value if attendee.status and attendee.status.response else "none"
                for attendee in event.attendees or []
            },
            proposals={
                attendee.email_address.address.lower(): (
                    utc(attendee.proposed_new_time.start.date_time, attendee.proposed_new_time.start.time_zone),
                    utc(attendee.proposed_new_time.end.date_time, attendee.proposed_new_time.end.time_zone))
                for attendee in event.attendees or [] if attendee.proposed_new_time
            })
