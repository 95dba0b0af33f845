"""Starts the real programs once for all tests and ends them by their pids."""

import base64
import datetime
import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from rig.company import Company, register_applications
from rig.interoperability import Interoperability
from rig.loopsim import Loopsim
from rig.loopsync import Loopsync
from rig.office import Office

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "Tests" / "Schemas" / "graph_calendar_subset.csdl.xml"


def binary(name: str) -> Path:
    folder = Path(os.environ.get("LOOPSYNC_BINARIES", REPOSITORY / ".build" / "debug"))
    path = folder / name
    if not path.exists():
        pytest.exit(f"{path} is missing. Run: make build", returncode=3)
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="session")
def certificate() -> tuple[str, str, bytes]:
    """An application's own key: the private key and the certificate as PEM, the certificate as DER."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LoopBooking Sync")])
    today = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=30)).sign(key, hashes.SHA256()))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (
        private.decode(), made.public_bytes(serialization.Encoding.PEM).decode(),
        made.public_bytes(serialization.Encoding.DER),
    )


@pytest.fixture(scope="session")
def sim(folder, certificate, request) -> Loopsim:
    options = ("--attendant-delay", "250", "--second-change-key-delay", "150", "--seed", "7")
    sim = Loopsim(binary("loopsim"), folder, SCHEMA if SCHEMA.exists() else None, options).start()
    request.config.stash[_PROGRAMS].append(sim.program)
    register_applications(sim, certificates=(base64.b64encode(certificate[2]).decode(),))
    yield sim
    sim.program.stop()


@pytest.fixture(scope="session")
def office(sim, folder, request) -> Office:
    company = Company(sim, "contoso.example").seed()
    operator = Loopsync(binary("loopsync"), folder)
    request.config.stash[_PROGRAMS].append(operator.program)
    office = Office(sim, company, operator, folder)
    try:
        yield office.open()
    finally:
        office.close()


@pytest.fixture
def new_room(office):
    """Makes linked rooms for one test, and ends their links with it, so that the service has little to do."""
    made = []

    def make(*options: str, **more):
        made.append(office.new_room(*options, **more))
        return made[-1]

    yield make
    for room in made:
        room.remove()


@pytest.fixture
def room(new_room):
    return new_room()


@pytest.fixture(scope="session")
def _desks(office) -> dict:
    return {}


def _person(office, desks, kind: str, name: str):
    if (kind, name) not in desks:
        desks[kind, name] = office.outlook(kind, name)
    return desks[kind, name]


@pytest.fixture(params=["sdk", "o365"])
def outlook(request, office, _desks):
    """The receptionist, who may write into every room's calendar, at each of the two clients in turn."""
    return _person(office, _desks, request.param, "reception")


@pytest.fixture
def reception(office, _desks):
    """The receptionist at msgraph-sdk, for tests that need one client only."""
    return _person(office, _desks, "sdk", "reception")


@pytest.fixture
def anna(office, _desks):
    """A person who organizes meetings from her own calendar, at msgraph-sdk."""
    return _person(office, _desks, "sdk", "anna")


@pytest.fixture
def ben(office, _desks):
    """Somebody without rights in anybody's calendar but his own, at msgraph-sdk."""
    return _person(office, _desks, "sdk", "ben")


@pytest.fixture
def service(office, _desks):
    """Whoever sits at the service account's own Outlook, at msgraph-sdk."""
    return _person(office, _desks, "sdk", "booking")


@pytest.fixture
def lb(office):
    return office.loopbooking


@pytest.fixture(params=["sdk", "o365"])
def organizer(request, office, _desks):
    """The same at each of the two clients in turn."""
    return _person(office, _desks, request.param, "anna")


# What a failure needs to be understood: the end of what the programs said.

_PROGRAMS = pytest.StashKey[list]()
INTEROPERABILITY = pytest.StashKey[Interoperability]()


def pytest_configure(config):
    config.stash[_PROGRAMS] = []
    config.stash[INTEROPERABILITY] = Interoperability(Path(__file__).parent)
    config.pluginmanager.register(config.stash[INTEROPERABILITY])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for program in item.config.stash[_PROGRAMS]:
            report.sections.append((f"{program.name}, last lines", program.tail()))


def pytest_collection_modifyitems(items):
    """What looks back on everything runs last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)
