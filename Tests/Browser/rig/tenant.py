"""A tenant of loopsim as the set-up manual wants it, and each of the manual's steps as something that can be skipped."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from .company import PASSWORD, SYNC_CLIENT, SYNC_SCOPES, Company
from .loopsim import Loopsim

_numbers = itertools.count(1)


@dataclass
class Tenant:
    """A company of its own for a test. Ready: account, rooms with Full Access, consent, assignment. `consented=False` leaves
    the last two to the portal's wizard."""

    sim: Loopsim
    room_names: tuple[str, ...] = ("Oslo-ext", "Bergen-ext")
    consented: bool = True
    company: Company = field(init=False)
    rooms: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.company = Company(self.sim, f"company{next(_numbers)}.example").seed()
        if not self.consented:
            self.sim.revoke_application(self.domain, SYNC_CLIENT)
        for name in self.room_names:
            self.rooms[name] = self.company.add_room(name)[1]

    @property
    def domain(self) -> str:
        return self.company.domain

    @property
    def id(self) -> str:
        return self.company.id

    @property
    def account(self) -> str:
        """The service account."""
        return self.company.service_account

    @property
    def admin(self) -> str:
        """A Global Administrator."""
        return self.company.admin

    @property
    def password(self) -> str:
        """Everybody's."""
        return PASSWORD

    @property
    def room(self) -> str:
        """The address of the first room, the one that a skipped step is about."""
        return self.rooms[self.room_names[0]]

    def skip(self, step: str) -> None:
        """Leaves out one step of the manual, or undoes it where it was done."""
        STEPS[step].skip(self)

    def mend(self, step: str) -> None:
        """Does what was skipped."""
        STEPS[step].mend(self)

    # How the steps are skipped

    def _account(self, **changes: object) -> None:
        self.sim.change_user(self.domain, self.account, **changes)

    def _application(self, **changes: object) -> None:
        """The enterprise application as the manual leaves it, but for these."""
        self.sim.grant(
            self.domain, SYNC_CLIENT,
            **{"isEnabled": True, "assignmentRequired": True, "assignedUsers": [self.account],
               "grantedScopes": SYNC_SCOPES, **changes})

    def _room(self, **changes: object) -> None:
        self.sim.change_room(self.domain, self.room, **changes)

    def _rights(self) -> list[str]:
        return [self.account, self.company.person("reception")]


@dataclass(frozen=True)
class Step:
    """A prerequisite of the manual: in words, and how it is skipped and done."""

    words: str
    skip: Callable[[Tenant], None]
    mend: Callable[[Tenant], None]


def _scope(name: str) -> Step:
    return Step(
        f"the permission {name} is granted",
        lambda tenant: tenant._application(grantedScopes=[scope for scope in SYNC_SCOPES if scope != name]),
        lambda tenant: tenant._application())


# By the name a test uses.
STEPS: dict[str, Step] = {
    "account": Step(
        "the service account exists",
        lambda tenant: tenant.sim.delete_user(tenant.domain, tenant.account),
        lambda tenant: tenant.company.add_person("booking", "Company Booking") and None),
    "enabled": Step(
        "the service account is enabled",
        lambda tenant: tenant._account(isEnabled=False), lambda tenant: tenant._account(isEnabled=True)),
    "mailbox": Step(
        "the service account has a mailbox",
        lambda tenant: tenant._account(hasMailbox=False), lambda tenant: tenant._account(hasMailbox=True)),
    "mfa": Step(
        "the service account signs in without multi-factor authentication",
        lambda tenant: tenant._account(requiresMFA=True), lambda tenant: tenant._account(requiresMFA=False)),
    "security-defaults": Step(
        "security defaults ask the service account for no second factor",
        lambda tenant: tenant.sim.change_tenant(tenant.domain, securityDefaults=True) and None,
        lambda tenant: tenant.sim.change_tenant(tenant.domain, securityDefaults=False) and None),
    "conditional-access": Step(
        "no Conditional Access policy keeps the service account out",
        lambda tenant: tenant.sim.change_tenant(tenant.domain, conditionalAccessBlocks=True) and None,
        lambda tenant: tenant.sim.change_tenant(tenant.domain, conditionalAccessBlocks=False) and None),
    "password": Step(
        "the service account's password is the one that was entered",
        lambda tenant: tenant._account(password="Another one"), lambda tenant: tenant._account(password=PASSWORD)),
    "password-expired": Step(
        "the service account's password does not expire",
        lambda tenant: tenant._account(passwordExpired=True), lambda tenant: tenant._account(passwordExpired=False)),
    "consent": Step(
        "an administrator consented to the application",
        lambda tenant: tenant.sim.revoke_application(tenant.domain, SYNC_CLIENT), lambda tenant: tenant._application()),
    "application-enabled": Step(
        "users may sign in to the application",
        lambda tenant: tenant._application(isEnabled=False), lambda tenant: tenant._application()),
    "assignment": Step(
        "the service account is under Users and groups",
        lambda tenant: tenant._application(assignedUsers=[]), lambda tenant: tenant._application()),
    "scope-calendars-shared": _scope("Calendars.ReadWrite.Shared"),
    "scope-calendars": _scope("Calendars.ReadWrite"),
    "scope-places": _scope("Place.Read.All"),
    "scope-users": _scope("User.ReadBasic.All"),
    "room": Step(
        "the room exists in the calendar system",
        lambda tenant: tenant.sim.control("DELETE", f"/tenants/{tenant.domain}/rooms/{tenant.room}"),
        lambda tenant: tenant.company.add_room(tenant.room_names[0]) and None),
    "room-listed": Step(
        "the room is in the list of places",
        lambda tenant: tenant._room(listedInPlaces=False), lambda tenant: tenant._room(listedInPlaces=True)),
    "full-access": Step(
        "the service account has Full Access to the room",
        lambda tenant: tenant._room(fullAccess=[]), lambda tenant: tenant._room(fullAccess=tenant._rights())),
    "read-only": Step(
        "the service account's right to the room is Full Access, not reading",
        lambda tenant: tenant._room(fullAccess=[], readers=[tenant.account]),
        lambda tenant: tenant._room(fullAccess=tenant._rights(), readers=[])),
    "private-items": Step(
        "the service account sees the room's private items",
        lambda tenant: tenant._room(hidesPrivateItems=True), lambda tenant: tenant._room(hidesPrivateItems=False)),
    "delta-refused": Step(
        "changes of the room can be listed by this delegate",
        lambda tenant: tenant._room(refusesDeltaToDelegates=True),
        lambda tenant: tenant._room(refusesDeltaToDelegates=False)),
}
