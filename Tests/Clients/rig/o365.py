"""A person at her calendar, through the O365 package."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import O365
from O365.utils.token import MemoryTokenBackend

from .meeting import Seen, plain
from .recurrence import Repeats
from .sign_in import public_client, to_loopsim
from .when import WINDOWS, When


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

    def book_series(self, mailbox: str | None, subject: str, when: When, repeats: Repeats, **more) -> str:
        event = self._calendar(mailbox).new_event(subject)
        self._write(event, when=when, **more)
        self._repeat(event, repeats, when)
        if not event.save():
            raise RuntimeError("O365 could not save the series")
        return event.object_id

    def change_series(
        self, mailbox: str | None, master: str, repeats: Repeats, when: When, *, moved: bool = False
    ) -> None:
        """Gives a series another rule or end; `moved`: its time as well."""
        found = self._get(mailbox, master)
        if moved:
            self._write(found, when=when)
        self._repeat(found, repeats, when)
        found.save()

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
    def _repeat(event, repeats: Repeats, when: When) -> None:
        span = {"start": when.start.date(), "end": repeats.last, "occurrences": repeats.count}
        days = {"day_of_month": repeats.day, "days_of_week": list(repeats.weekdays) or None, "index": repeats.position}
        recurrence = event.recurrence
        match repeats.frequency:
            case "daily":
                recurrence.set_daily(repeats.every, **span)
            case "weekly":
                recurrence.set_weekly(
                    repeats.every, days_of_week=repeats.weekdays, first_day_of_week=repeats.week_start, **span)
            case "monthly":
                recurrence.set_monthly(repeats.every, **days, **span)
            case "yearly":
                recurrence.set_yearly(repeats.every, repeats.month, **days, **span)
        recurrence.recurrence_time_zone = WINDOWS[when.zone]

    @staticmethod
    def _seen(event) -> Seen:
        return Seen(
            id=event.object_id, subject=event.subject, start=event.start.astimezone(timezone.utc),
            end=event.end.astimezone(timezone.utc), all_day=bool(event.is_all_day), body=plain(event.body),
            show_as=event.show_as.value if event.show_as else "", is_organizer=bool(event.is_organizer),
            sensitivity=event.sensitivity.value if event.sensitivity else "",
            organizer=event.organizer.address if event.organizer else "", is_cancelled=bool(event.is_cancelled),
            response=event.response_status.status.value if event.response_status.status else "none",
            kind=event.event_type.value if event.event_type else "", master=event.series_master_id,
            attendees={
                attendee.address.lower():
                    attendee.response_status.status.value
                    if attendee.response_status and attendee.response_status.status else "none"
                for attendee in event.attendees
            })
