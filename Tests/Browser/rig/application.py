"""The application that Entra's pages lead back to: keeps what it is told."""

import base64
import hashlib
import http.server
import secrets
import threading
from urllib.parse import parse_qsl, urlencode, urlsplit

from .waiting import wait_until

_PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Back</title></head>
<body><main><h1>Back at the application</h1></main></body></html>"""


class Application:
    """A web server on loopback with one address, `redirect_uri`."""

    path = "/callback"

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        application = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                if parts.path == application.path:
                    application.calls.append(dict(parse_qsl(parts.query, keep_blank_values=True)))
                self.send_response(200 if parts.path == application.path else 404)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(_PAGE)

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def redirect_uri(self) -> str:
        return f"http://localhost:{self._server.server_port}{self.path}"

    def told(self) -> dict[str, str]:
        """The parameters of the next answer."""
        wait_until(lambda: self.calls, "the browser comes back to the application", every=0.02)
        return self.calls.pop(0)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class ProofKey:
    """PKCE (RFC 7636): a verifier and its S256 challenge."""

    def __init__(self) -> None:
        self.verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address(base: str, **query: str) -> str:
    return f"{base}?{urlencode(query)}"
