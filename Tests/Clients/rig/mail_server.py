"""A mail server that somebody else wrote (aiosmtpd), with the faults that mail servers have."""

import datetime
import ipaddress
import ssl
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """A certificate authority of our own making, and a server's certificate by it."""

    def __init__(self, folder: Path, host: str = "127.0.0.1"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of a test")])
        self.ca_file = folder / "authority.pem"
        self.ca_file.write_bytes(self._issue(self.name, self.key, None).public_bytes(serialization.Encoding.PEM))
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate, private = folder / "server.pem", folder / "server.key"
        certificate.write_bytes(self._issue(name, key, host).public_bytes(serialization.Encoding.PEM))
        private.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, private)

    def _issue(self, subject: x509.Name, key, host: str | None) -> x509.Certificate:
        today = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(today - datetime.timedelta(days=1))
            .not_valid_after(today + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True))
        if host:
            names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())


class _Handler:
    def __init__(self, refused: set[str], refused_sender: str | None, refuses_content: bool):
        self.refused, self.refused_sender, self.refuses_content = refused, refused_sender, refuses_content
        self.envelopes = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address == self.refused_sender:
            return "553 5.7.1 Sender address rejected: not owned by user"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refuses_content:
            return "554 5.6.0 Message refused by policy"
        self.envelopes.append((session, envelope))
        return "250 2.0.0 Queued"


class _Controller(Controller):
    """Takes any free port; aiosmtpd itself asks for one that is known before."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """Runs until `stop`. What it took is in `messages`."""

    def __init__(
        self, *, start_tls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None,
        account: tuple[str, str] | None = None, refused: set[str] = frozenset(), refused_sender: str | None = None,
        refuses_content: bool = False,
    ):
        self.handler = _Handler(set(refused), refused_sender, refuses_content)
        self.account = account
        self.sign_ins: list[bool] = []
        more = {} if tls is None else {"ssl_context": tls}
        self.controller = _Controller(
            self.handler, hostname="127.0.0.1", port=0, tls_context=start_tls, require_starttls=start_tls is not None,
            auth_required=account is not None, auth_require_tls=False, authenticator=self._authenticate,
            decode_data=False, **more)

    def _authenticate(self, server, session, envelope, mechanism, data):
        is_right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.account
        self.sign_ins.append(is_right)
        return AuthResult(success=is_right, handled=False)

    def start(self) -> "MailServer":
        self.controller.start()
        return self

    def stop(self) -> None:
        self.controller.stop()

    @property
    def port(self) -> int:
        return self.controller.port

    @property
    def raw(self) -> list[bytes]:
        return [envelope.content for _, envelope in self.handler.envelopes]

    @property
    def messages(self) -> list[EmailMessage]:
        return [BytesParser(policy=policy.default).parsebytes(content) for content in self.raw]

    @property
    def recipients(self) -> list[list[str]]:
        return [envelope.rcpt_tos for _, envelope in self.handler.envelopes]

    @property
    def was_encrypted(self) -> list[bool]:
        return [session.ssl is not None for session, _ in self.handler.envelopes]
