"""A real mail server on this machine that keeps what it gets."""

import datetime
import email.policy
import ipaddress
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .waiting import wait_until


@dataclass(frozen=True)
class Letter:
    """One message as it was handed over."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    user: str | None
    encrypted: bool

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text of it."""
        body = self.message.get_body(preferencelist=("plain", "html"))
        return body.get_content() if body is not None else ""


class MailServer:
    """SMTP on loopback. With `tls` it offers STARTTLS, with `login` it wants this name and password (AUTH PLAIN or LOGIN;
    over TLS only when there is any). `certificate` is the file that a client has to trust."""

    def __init__(
        self, folder: Path, tls: bool = False, login: tuple[str, str] | None = None, refuses: str | None = None
    ) -> None:
        self.letters: list[Letter] = []
        self.certificate: Path | None = None
        self.host = "127.0.0.1"
        self.port = 0
        self.refuses = refuses  # an answer to every message, such as "451 4.7.1 Try again later"
        self._login = login
        context = self._tls(folder) if tls else None
        self._controller = _FreePort(
            self, hostname=self.host, port=0, tls_context=context, require_starttls=tls,
            auth_required=login is not None, auth_require_tls=tls, authenticator=self._authenticate)

    def start(self) -> "MailServer":
        self._controller.start()
        self.port = self._controller.port
        return self

    def stop(self) -> None:
        self._controller.stop()

    def wait(self, subject: str, within: float = 20.0) -> Letter:
        """The first letter with these words in its subject."""
        return wait_until(
            lambda: next((letter for letter in self.letters if subject in letter.subject), None),
            f"a letter '{subject}' arrives; there are {[letter.subject for letter in self.letters]}", within=within)

    # What aiosmtpd asks of its handler

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:
        if self.refuses:
            return self.refuses
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        message = BytesParser(policy=email.policy.default).parsebytes(envelope.original_content)
        self.letters.append(
            Letter(envelope.mail_from, list(envelope.rcpt_tos), message, user, encrypted=session.ssl is not None))
        return "250 2.0.0 Kept"

    def _authenticate(self, server, session, envelope, mechanism, data) -> AuthResult:
        assert self._login is not None
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self._login
        return AuthResult(success=good, handled=False, auth_data=data if good else None)

    def _tls(self, folder: Path) -> ssl.SSLContext:
        """A certificate of our own for this machine's names."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.timezone.utc)
        names = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30)).add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
        self.certificate, key_file = folder / "mail-certificate.pem", folder / "mail-key.pem"
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key_file)
        return context


class _FreePort(Controller):
    """Listens on a port that is free, and says which."""

    async def _listen(self):
        server = await super()._create_server()
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _create_server(self):
        return self._listen()
