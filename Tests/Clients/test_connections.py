"""Each way in which loopsync signs in, from the command to a meeting that crosses."""

import subprocess
from urllib.parse import urlencode

import pytest

from rig.company import PASSWORD, REDIRECT, SECRET, SECRET_CLIENT, Company
from rig.loopsync import Loopsync
from rig.office import Office
from rig.sign_in import Browser
from rig.when import at
from conftest import binary


@pytest.fixture
def new_office(sim, tmp_path):
    """An office of its own whose connection the test makes."""
    company = Company(sim, f"{tmp_path.name.replace('_', '-').lower()}.example").seed()
    offices = []

    def make(connect) -> Office:
        office = Office(sim, company, Loopsync(binary("loopsync"), tmp_path), tmp_path)
        offices.append(office)
        office.connect = lambda: connect(office)
        return office.open()

    yield make
    for office in offices:
        office.close()


def crosses(office: Office) -> None:
    room = office.new_room()
    room.book("Through this sign-in", at("10:00"))
    room.settled(lambda: [event["subject"] for event in room.events()] == ["Through this sign-in"], "it has crossed")


def written(office: Office, name: str, text: str) -> str:
    path = office.folder / name
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def application(office: Office) -> None:
    office.sim.grant(office.company.domain, SECRET_CLIENT, grantedRoles=["Calendars.ReadWrite", "Place.Read.All"])


def test_as_an_application_with_a_secret(new_office):
    def connect(office):
        application(office)
        office.operator.do("connection", "add", *office.connection_arguments(
            client_id=SECRET_CLIENT, account=None, password_file=None, sign_in="secret",
            client_secret_file=written(office, "secret", SECRET)))

    crosses(new_office(connect))


def test_as_an_application_with_a_certificate(new_office, certificate):
    def connect(office):
        application(office)
        private, public, _ = certificate
        office.operator.do("connection", "add", *office.connection_arguments(
            client_id=SECRET_CLIENT, account=None, password_file=None, sign_in="certificate",
            certificate_file=written(office, "app.pem", public), private_key_file=written(office, "app.key", private)))

    crosses(new_office(connect))


def sign_in(office: Office, answer_of) -> subprocess.CompletedProcess:
    """Runs `connection sign-in` as an administrator does: opens the address, pastes the one the browser ended at."""
    operator = office.operator
    command = subprocess.Popen(
        [str(operator.binary), "connection", "sign-in", "--redirect-uri", REDIRECT, "--database", str(operator.database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=operator.environment)
    address = next(line for line in command.stderr if line.startswith("http")).strip()
    output, errors = command.communicate(answer_of(address) + "\n", timeout=30)
    return subprocess.CompletedProcess(command.args, command.returncode, output, errors)


def in_the_browser(office: Office, address: str) -> dict[str, str]:
    return Browser(office.sim.url).sign_in(
        address.replace(office.sim.url, "https://login.microsoftonline.com"),
        {"login": office.company.service_account, "passwd": PASSWORD})


def test_in_a_browser_without_keeping_a_password(new_office):
    def connect(office):
        office.operator.do("connection", "add", *office.connection_arguments(password_file=None, sign_in="browser"))
        done = sign_in(office, lambda address: f"{REDIRECT}?{urlencode(in_the_browser(office, address))}")
        assert done.returncode == 0, done.stderr

    crosses(new_office(connect))


def test_an_answer_to_another_sign_in_is_refused(new_office):
    def connect(office):
        office.operator.do("connection", "add", *office.connection_arguments(password_file=None, sign_in="browser"))
        forged = sign_in(
            office, lambda address: f"{REDIRECT}?{urlencode({**in_the_browser(office, address), 'state': 'forged'})}")
        assert forged.returncode == 1, forged.stdout
        assert "does not belong to this sign-in" in forged.stderr

    new_office(connect)
