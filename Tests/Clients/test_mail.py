"""Messages to administrators arrive at a mail server that somebody else wrote, and every refusal says what to do."""

import email.utils
import socket
import time

import pytest

from rig.loopsync import Loopsync
from rig.mail_server import Authority, MailServer
from conftest import binary

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

ANNA = "anna@contoso.example"
PASSWORD = "Corr3ct horse=battery"


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server():
    """Starts mail servers and ends them with the test."""
    started = []

    def start(**options) -> MailServer:
        started.append(MailServer(**options).start())
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def send(tmp_path):
    """`loopsync mail test` with settings from the environment."""
    operator = Loopsync(binary("loopsync"), tmp_path)

    def run(port: int, *to: str, more: tuple[str, ...] = (), **settings: str):
        # Keys as in the environment: security="tls" is LOOPSYNC_MAIL_SECURITY.
        settings = {
            "host": "127.0.0.1", "port": str(port), "security": "none", "from": "Løp <sync@loop.example>", **settings}
        arguments = [part for address in (to or (ANNA,)) for part in ("--to", address)]
        environment = {f"LOOPSYNC_MAIL_{key.upper()}": value for key, value in settings.items()}
        answer = operator.run("mail", "test", *arguments, *more, settings=environment)
        assert PASSWORD not in answer.text, "the password is in the message"
        return answer

    return run


def refused(answer, status: int, *words: str) -> None:
    assert answer.status == status, answer.text
    for word in words:
        assert word.lower() in answer.text.lower(), f"'{word}' is not in:\n{answer.text}"
    assert "what to do" in answer.text


def test_a_message_arrives_whole(server, send):
    mail = server()
    assert send(mail.port, ANNA, "Bjørn Å <ben@contoso.example>").status == 0
    [message] = mail.messages
    assert mail.recipients == [[ANNA, "ben@contoso.example"]]
    assert str(message["From"]) == "Løp <sync@loop.example>"
    assert str(message["To"]) == f"{ANNA}, Bjørn Å <ben@contoso.example>"
    assert message["Subject"] == "LoopBooking Sync can send you messages"
    assert "prøvemeldingen" in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@loop.example>")
    assert abs(email.utils.parsedate_to_datetime(message["Date"]).timestamp() - time.time()) < 120
    assert not message.defects
    assert all(len(line) <= 78 and line.isascii() for line in mail.raw[0].split(b"\r\n"))


@pytest.mark.parametrize("text", [
    "Møterom «Blåbær» 🫐 er ute av drift", "x" * 3000, "veldig lang tekst med ord " * 60, "tail \nnext\t\n\n.\n..\nFrom me",
    "=?utf-8?B?ZXZpbA==?= = =3D", "Hei\r\nBcc: eve@evil.example\r\n\r\nInjected",
], ids=["letters", "one word", "many words", "ends of lines", "what looks encoded", "injection"])
def test_whatever_is_written_is_what_is_read(server, send, text):
    mail = server()
    assert send(mail.port, more=("--subject", text, "--text", text)).status == 0
    [message] = mail.messages
    # A subject has one line.
    assert message["Subject"].split() == text.split()
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")
    assert message["Bcc"] is None and mail.recipients == [[ANNA]]
    assert not message.defects
    assert all(len(line) <= 78 and line.isascii() for line in mail.raw[0].split(b"\r\n"))


def test_start_tls_with_an_authority_of_our_own(server, send, authority):
    mail = server(start_tls=authority.context, account=("sync", PASSWORD))
    answer = send(
        mail.port, security="startTLS", ca_file=str(authority.ca_file), user="sync", password=PASSWORD)
    assert answer.status == 0, answer.text
    assert (mail.was_encrypted, mail.sign_ins) == ([True], [True])


def test_tls_from_the_first_byte(server, send, authority, tmp_path):
    (tmp_path / "password").write_text(PASSWORD + "\n")
    mail = server(tls=authority.context, account=("sync", PASSWORD))
    answer = send(
        mail.port, security="tls", ca_file=str(authority.ca_file), user="sync",
        password_file=str(tmp_path / "password"))
    assert answer.status == 0, answer.text
    assert (len(mail.messages), mail.sign_ins) == (1, [True])


@pytest.mark.parametrize("security", ["startTLS", "tls"])
def test_a_server_nobody_vouches_for_is_told_nothing(server, send, authority, security):
    kind = {"startTLS": "start_tls", "tls": "tls"}[security]
    mail = server(**{kind: authority.context}, account=("sync", PASSWORD))
    refused(send(mail.port, security=security, user="sync", password=PASSWORD), 3, "prove who it is", "mail.caFile")
    assert (mail.messages, mail.sign_ins) == ([], [])


def test_a_server_without_encryption_is_told_nothing(server, send):
    mail = server(account=("sync", PASSWORD))
    refused(send(mail.port, security="startTLS", user="sync", password=PASSWORD), 3, "STARTTLS", "465")
    assert (mail.messages, mail.sign_ins) == ([], [])


def test_a_wrong_password(server, send):
    mail = server(account=("sync", PASSWORD))
    refused(send(mail.port, user="sync", password="wrong"), 3, "refused the sign-in", "535", "mail.password")
    assert mail.messages == []


def test_a_sign_in_that_was_forgotten(server, send):
    mail = server(account=("sync", PASSWORD))
    refused(send(mail.port), 3, "530", "mail.user")


def test_no_server(send):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused(send(port), 1, "no connection", str(port), "firewall")


def test_a_server_that_says_nothing(send):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        refused(send(silent.getsockname()[1], timeout_seconds="0.5"), 1, "in time", "mail.security")


def test_a_server_of_another_kind(send, sim):
    # It answers in HTTP, or not at all.
    answer = send(int(sim.url.rsplit(":", 1)[1]), timeout_seconds="2")
    refused(answer, 1, "mail.security")


def test_a_refused_recipient_is_named_and_the_others_get_the_message(server, send):
    mail = server(refused={"gone@contoso.example"})
    answer = send(mail.port, "gone@contoso.example", ANNA)
    refused(answer, 3, "gone@contoso.example", "550", "the other recipients got the message")
    assert ANNA not in answer.text
    assert mail.recipients == [[ANNA]]


def test_all_recipients_refused(server, send):
    mail = server(refused={ANNA})
    refused(send(mail.port), 3, ANNA, "No such mailbox here", "was not sent")
    assert mail.messages == []


def test_a_refused_sender(server, send):
    mail = server(refused_sender="sync@loop.example")
    refused(send(mail.port), 3, "sync@loop.example", "553", "mail.from")


def test_a_refused_message(server, send):
    refused(send(server(refuses_content=True).port), 3, "554", "refused by policy")


@pytest.mark.parametrize("wrong, words", [
    ({"host": ""}, ["No mail server is set", "mail.host"]),
    ({"from": ""}, ["mail.from"]),
    ({"from": "nobody"}, ["nobody", "anna@contoso.example"]),
    ({"security": "ssl"}, ["ssl", "startTLS"]),
    ({"user": "sync"}, ["mail.password"]),
    ({"host": "mail.contoso.example", "user": "sync", "password": PASSWORD}, ["in the clear"]),
    ({"security": "tls", "ca_file": "/nowhere.pem"}, ["mail.caFile"]),
    ({"password_file": "/nowhere"}, ["mail.passwordFile"]),
])
def test_settings_that_cannot_work(send, wrong, words):
    answer = send(9, **wrong)
    assert answer.status in (1, 3)
    refused(answer, answer.status, *words)


def test_an_address_that_is_none(send):
    refused(send(9, "anna@contoso.example>\r\nBcc: eve@evil.example"), 3, "not an e-mail address")
