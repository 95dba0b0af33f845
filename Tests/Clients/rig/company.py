"""The customer: a tenant with its people, applications and rooms, as the set-up manual wants it."""

import itertools
from dataclasses import dataclass, field

from .loopsim import Loopsim

# Delegated permissions the sync asks for.
SYNC_SCOPES = [
    "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All", "User.Read", "User.ReadBasic.All",
    "offline_access", "openid", "profile",
]
OUTLOOK_SCOPES = [
    "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All", "User.Read", "offline_access", "openid",
    "profile",
]
SYNC_CLIENT = "5a4c1f0e-0000-4000-8000-000000000001"
SECRET_CLIENT = "5a4c1f0e-0000-4000-8000-000000000002"
OUTLOOK_CLIENT = "5a4c1f0e-0000-4000-8000-000000000003"
REDIRECT = "https://sync.loopbooking.example/callback"
SECRET = "s3cret~value.of-the-application"

PASSWORD = "Corr3ct horse"


@dataclass
class Company:
    """One tenant. Everybody has the same password."""

    sim: Loopsim
    domain: str
    id: str = ""
    service_account: str = ""
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def admin(self) -> str:
        return f"admin@{self.domain}"

    def person(self, name: str) -> str:
        return f"{name}@{self.domain}"

    def seed(self) -> "Company":
        self.id = self.sim.add_tenant(self.domain, self.domain.split(".")[0].title())["id"]
        self.service_account = self.person("booking")
        self.add_person("admin", "Ada Admin", isGlobalAdministrator=True)
        self.add_person("booking", "Company Booking")
        self.add_person("reception", "Rita Reception")
        self.add_person("anna", "Anna Ansvarlig")
        self.add_person("ben", "Ben Bergström")
        self.consent(SYNC_CLIENT)
        self.sim.grant(self.domain, OUTLOOK_CLIENT, grantedScopes=OUTLOOK_SCOPES)
        return self

    def add_person(self, name: str, display_name: str, **more: object) -> str:
        self.sim.add_user(
            self.domain, self.person(name), display_name, **{"password": PASSWORD, "hasMailbox": True, **more})
        return self.person(name)

    def consent(self, client_id: str, assigned: list[str] | None = None) -> None:
        """Step 3 of the manual: consent for the organization, and the service account under Users and groups."""
        self.sim.grant(
            self.domain, client_id, isEnabled=True, assignmentRequired=True, grantedScopes=SYNC_SCOPES,
            assignedUsers=[self.service_account] if assigned is None else assigned)

    def add_room(self, name: str | None = None, full_access: list[str] | None = None, **more: object) -> tuple[str, str]:
        """A mirror room with the manual's rights; returns its name and address."""
        name = name or f"Room {next(self._numbers)}-ext"
        address = f"{name.lower().replace(' ', '-')}@{self.domain}"
        rights = [self.service_account, self.person("reception")] if full_access is None else full_access
        self.sim.add_room(
            self.domain, address, name, rights, **{"capacity": 8, "timeZone": "W. Europe Standard Time", **more})
        return name, address


# What the manual recommends for rooms whose meetings should keep their titles.
KEEP_SUBJECT = {
    "deleteSubject": False, "addOrganizerToSubject": False, "deleteComments": False, "removePrivateProperty": False,
}


def keeping(**rules: object) -> dict:
    """A room that keeps subjects, with other rules of `Set-CalendarProcessing`, as keywords of `add_room`."""
    return {"calendarProcessing": {**KEEP_SUBJECT, **rules}}


def register_applications(sim: Loopsim, certificates: tuple[str, ...] = ()) -> None:
    """The product's registration, one with credentials of its own, and what people's Outlook uses."""
    sim.register(
        SYNC_CLIENT, "LoopBooking Sync", allowsPublicClientFlows=True, isMultiTenant=True, redirectURIs=[REDIRECT],
        requestedScopes=SYNC_SCOPES, requestedRoles=[])
    sim.register(
        SECRET_CLIENT, "LoopBooking Sync (own credentials)", allowsPublicClientFlows=False, isMultiTenant=True,
        secrets=[{"value": SECRET}], certificates=list(certificates), redirectURIs=[REDIRECT],
        requestedScopes=SYNC_SCOPES, requestedRoles=["Calendars.ReadWrite", "Place.Read.All"])
    sim.register(
        OUTLOOK_CLIENT, "Outlook", allowsPublicClientFlows=True, isMultiTenant=True, redirectURIs=[REDIRECT],
        requestedScopes=OUTLOOK_SCOPES, requestedRoles=[])
