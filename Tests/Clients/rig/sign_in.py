"""Signing in with msal, and the transport that takes Microsoft's addresses to loopsim."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import msal
import requests
from requests.adapters import HTTPAdapter

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"


class ToLoopsim(HTTPAdapter):
    """Sends what is meant for Microsoft's hosts to loopsim, and tells it, as a proxy would, how it was addressed."""

    def __init__(self, loopsim_url: str):
        super().__init__()
        self.loopsim_url = loopsim_url

    def send(self, request, **options):
        address = urlsplit(request.url)
        request.headers["X-Forwarded-Proto"] = address.scheme
        request.headers["X-Forwarded-Host"] = address.netloc
        request.url = self.loopsim_url + address.path + (f"?{address.query}" if address.query else "")
        options["proxies"] = {}
        return super().send(request, **options)


def to_loopsim(loopsim_url: str, session: requests.Session | None = None) -> requests.Session:
    """A session for which Microsoft's hosts are loopsim; it knows no others."""
    session = session or requests.Session()
    session.trust_env = False
    for host in (LOGIN, GRAPH):
        session.mount(host, ToLoopsim(loopsim_url))
    return session


class _Form(HTMLParser):
    def __init__(self):
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.alert = ""
        self._in_alert = False

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.action = values.get("action")
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.fields[values["name"]] = values.get("value") or ""
        if values.get("role") == "alert":
            self._in_alert = True

    def handle_endtag(self, tag):
        if tag == "p":
            self._in_alert = False

    def handle_data(self, data):
        if self._in_alert:
            self.alert += data


class Browser:
    """A person at the sign-in pages: follows the forms, types what is asked, never leaves for the application."""

    def __init__(self, loopsim_url: str):
        self.session = to_loopsim(loopsim_url)
        self.alert = ""
        self.page = ""

    def sign_in(self, url: str, *answers: dict[str, str]) -> dict[str, str]:
        """Opens `url` and fills in one form per answer. Returns what the application is told, or {} on a dead end."""
        reply = self.session.get(url, allow_redirects=False, timeout=30)
        remaining = list(answers)
        while True:
            if reply.is_redirect:
                target = urljoin(reply.url, reply.headers["Location"])
                if not target.startswith(LOGIN):
                    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
                reply = self.session.get(target, allow_redirects=False, timeout=30)
                continue
            form = _Form()
            form.feed(reply.text)
            self.alert, self.page = form.alert.strip(), reply.text
            if form.action is None or not remaining:
                return {}
            reply = self.session.post(
                urljoin(LOGIN, form.action), data={**form.fields, **remaining.pop(0)}, allow_redirects=False, timeout=30)


def public_client(loopsim_url: str, client_id: str, tenant: str, **more) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        client_id, authority=f"{LOGIN}/{tenant}", http_client=to_loopsim(loopsim_url), **more)


def confidential_client(
    loopsim_url: str, client_id: str, tenant: str, credential: str | dict, **more
) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        client_id, authority=f"{LOGIN}/{tenant}", client_credential=credential,
        http_client=to_loopsim(loopsim_url), **more)


def aadsts(result: dict) -> list[int]:
    """The AADSTS numbers of a refusal, as msal hands them over."""
    return result.get("error_codes", [])
