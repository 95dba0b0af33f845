"""Starts the real programs and one Chromium for all tests, and ends them by what they are."""

import os
import re
from pathlib import Path

import pytest

from rig import pictures as album
from rig.application import Application
from rig.browser import Browser, Person
from rig.company import SYNC_CLIENT, register_applications
from rig.loopsim import Loopsim
from rig.mail import MailServer
from rig.pictures import Pictures
from rig.portal import CALLBACKS, OPERATOR, Portal, Visitor
from rig.tenant import Tenant

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "Tests" / "Schemas" / "graph_calendar_subset.csdl.xml"

_PROGRAMS = pytest.StashKey[list]()
_PEOPLE = pytest.StashKey[list]()


def binary(name: str) -> Path:
    folder = Path(os.environ.get("LOOPSYNC_BINARIES", REPOSITORY / ".build" / "debug"))
    path = folder / name
    if not path.exists():
        pytest.exit(f"{path} is missing. Run: make build", returncode=3)
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def programs(request) -> list:
    """What runs; a failure shows the end of what each said."""
    return request.config.stash[_PROGRAMS]


@pytest.fixture(scope="session")
def sim(folder, programs) -> Loopsim:
    # As in some tenants: what the nightly comparison is there for.
    options = (
        "--attendant-delay", "250", "--second-change-key-delay", "150", "--seed", "7",
        "--set", "graph.deltaHidesRemovedOccurrences=true")
    sim = Loopsim(binary("loopsim"), folder, SCHEMA if SCHEMA.exists() else None, options).start()
    programs.append(sim.program)
    register_applications(sim)
    sim.control("PATCH", f"/registrations/{SYNC_CLIENT}", {"redirectURIs": CALLBACKS})
    yield sim
    sim.program.stop()


@pytest.fixture(scope="session")
def post(folder) -> MailServer:
    """The mail server that the shared portal sends with."""
    into = folder / "post"
    into.mkdir()
    server = MailServer(into).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def portal(folder, sim, post, programs) -> Portal:
    """One service for all tests that do not need one of their own; the first operator looks after it."""
    portal = Portal(binary("loopsync"), folder, sim, post)
    portal.allow_outside_sign_in()
    portal.start()
    programs.append(portal.loopsync.program)
    yield portal.begin()
    portal.stop()


@pytest.fixture(scope="session")
def browser() -> Browser:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def pictures(browser) -> Pictures:
    return Pictures(browser, album.folder())


@pytest.fixture
def new_person(browser, request):
    """Makes people with a browser of their own each: `new_person("ada", base, language="nb", dark=True, javascript=False)`.
    What goes wrong on their pages fails the test."""
    people: list[Person] = []
    request.node.stash[_PEOPLE] = people

    def make(name: str = "somebody", base: str = "", **options) -> Person:
        people.append(browser.person(name, base, **options))
        return people[-1]

    yield make
    for person in people:
        person.close()


@pytest.fixture
def signed_in(new_person, portal):
    """People at the shared portal who are signed in already: `signed_in(organization.member("viewer"))`, and without
    anybody named the operator."""

    def make(email: str = OPERATOR, at: Portal = portal, **options) -> Person:
        person = new_person(email.partition("@")[0], at.url, **options)
        session = Visitor(at.url).sign_in(email).session
        person.context.add_cookies(
            [{"name": each.name, "value": each.value, "url": at.url} for each in session.cookies])
        return person

    return make


@pytest.fixture
def new_tenant(sim):
    """Makes tenants: `new_tenant()` is ready, `new_tenant(consented=False)` waits for the wizard."""
    yield lambda *rooms, **options: Tenant(sim, rooms or ("Oslo-ext", "Bergen-ext"), **options)
    sim.fair_weather()


@pytest.fixture
def new_mail_server(tmp_path):
    """Makes mail servers: `new_mail_server(tls=True, login=("loopsync", "secret"))`."""
    servers: list[MailServer] = []

    def make(**options) -> MailServer:
        into = tmp_path / f"mail-{len(servers)}"
        into.mkdir()
        servers.append(MailServer(into, **options).start())
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def application() -> Application:
    application = Application()
    yield application
    application.stop()


# What pages did wrong fails the test itself, and a failure shows what is needed to understand it.


def pytest_configure(config):
    config.stash[_PROGRAMS] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    trouble = [f"{person.name}: {line}" for person in item.stash.get(_PEOPLE, []) for line in person.unforgiven()]
    assert not trouble, "the browser had trouble:\n" + "\n".join(trouble)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        if report.when == "call":
            report.sections += [_last_seen(item, person) for person in item.stash.get(_PEOPLE, [])]
        report.sections += [
            (f"{program.name}, last lines", program.tail()) for program in item.config.stash[_PROGRAMS]]
    return report


def _last_seen(item, person: Person) -> tuple[str, str]:
    """Where somebody was when a test failed, with a picture of it."""
    try:
        name = re.sub(r"[^a-z0-9]+", "-", f"{item.name}-{person.name}".lower()).strip("-")
        picture = album.folder() / "failed" / f"{name}.png"
        person.page.screenshot(path=picture, full_page=True)
        said = [f"at {person.address}", f"picture: {picture}", *person.trouble, person.text()[:3000]]
    except Exception as error:  # The page may be what failed; the test's own failure must still be told.
        said = [f"nothing more can be seen: {error}"]
    return f"what {person.name} saw", "\n".join(said)
