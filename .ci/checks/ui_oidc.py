"""The console of a server that takes tokens of an OpenID Connect provider: the way there and back, refusals, renewal, signing out.

The provider is the one of this file. It asks whether to allow, gives codes for one use, and holds them to their PKCE challenge.
"""

import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from vitrine import HOST, Server, at_exit, wait

CLIENT, AUDIENCE = "console", "images"
SECONDS = 4  # that a token is valid


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """A provider with one user and one public client."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes, self.refresh_tokens = {}, set()
        self.is_known = False  # the user, by the provider's own session
        self.forges = False  # sends a state of its own
        self.renews = True
        self.exchanges, self.renewals, self.refused = 0, 0, []
        self.farewells = []
        self.server = http.server.ThreadingHTTPServer((HOST, 0), type("Handler", (Handler,), {"provider": self}))
        self.server.daemon_threads = True
        self.issuer = f"http://{HOST}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        at_exit(self.server.shutdown)

    def discovery(self):
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys", "end_session_endpoint": "logout"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}

    def keys(self):
        numbers = self.key.public_key().public_numbers()
        parts = {name: encoded(number.to_bytes((number.bit_length() + 7) // 8, "big")) for name, number in (("n", numbers.n), ("e", numbers.e))}
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", **parts}]}

    def sign(self, **claims):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "u-1", "iat": now, "exp": now + SECONDS, **claims}
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "one"}, claims))
        return f"{text}.{encoded(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def back(self, asked, **answer):
        """Where the browser goes after the user has decided."""
        state = "forged" if self.forges else asked["state"]
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode({**answer, 'state': state})}"

    def allow(self, asked):
        self.is_known = True
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return self.back(asked, code=code)

    def token(self, asked):
        """Status and body."""
        if asked.get("grant_type") == "refresh_token":
            if not self.renews or asked["refresh_token"] not in self.refresh_tokens:
                return 400, {"error": "invalid_grant"}
            self.refresh_tokens.remove(asked["refresh_token"])
            self.renewals += 1
            return 200, self.tokens()
        self.exchanges += 1
        known = self.codes.pop(asked.get("code"), {})
        challenge = encoded(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        wanted = {"code_challenge": challenge, "code_challenge_method": "S256", "redirect_uri": asked.get("redirect_uri"), "client_id": asked.get("client_id")}
        if any(known.get(name) != value for name, value in wanted.items()):
            self.refused.append(asked)
            return 400, {"error": "invalid_grant"}
        return 200, self.tokens(nonce=known["nonce"])

    def tokens(self, **claims):
        refresh = secrets.token_urlsafe()
        self.refresh_tokens.add(refresh)
        return {"token_type": "Bearer", "expires_in": SECONDS, "refresh_token": refresh,
                "access_token": self.sign(aud=AUDIENCE, project_id="p-1", roles=["member", "reader"]),
                "id_token": self.sign(aud=CLIENT, preferred_username="ann", **claims)}


class Handler(http.server.BaseHTTPRequestHandler):
    """The provider over HTTP."""

    provider = None

    def do_GET(self):
        provider, (path, _, query) = self.provider, self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        if path == "/.well-known/openid-configuration":
            self.answer(200, provider.discovery())
        elif path == "/keys":
            self.answer(200, provider.keys())
        elif path == "/authorize" and not provider.is_known:
            choices = "".join(f"<p><a href='/{name.lower()}?{query.replace('&', '&amp;')}'>{name}</a></p>" for name in ("Allow", "Deny"))
            self.send(200, "text/html", f"<!doctype html><title>Provider</title>{choices}".encode())
        elif path in ("/authorize", "/allow"):
            self.go(provider.allow(asked))
        elif path == "/deny":
            self.go(provider.back(asked, error="access_denied", error_description="<b>no</b>"))
        elif path == "/logout":
            provider.is_known = False
            provider.farewells.append(asked)
            self.go(asked["post_logout_redirect_uri"])
        else:
            self.send(404, "text/plain", b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(*self.provider.token(dict(urllib.parse.parse_qsl(body))))

    def answer(self, status, body):
        self.send(status, "application/json", json.dumps(body).encode())

    def go(self, place):
        self.send(302, "text/plain", b"", Location=place)

    def send(self, status, kind, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(body), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Service:
    """A provider and a server that takes its tokens, which starts while the check does other things."""

    def __init__(self, directory):
        place = directory / "provided"
        place.mkdir()
        self.provider = Provider()
        keys = {"issuer": self.provider.issuer, "audience": AUDIENCE, "clock_leeway": "0s", "console__client_id": CLIENT}
        self.server = Server(place, {"VITRINE_IDENTITY__KIND": "oidc", **{f"VITRINE_IDENTITY__OIDC__{key.upper()}": value for key, value in keys.items()}})
        self.server.begin()

    def base(self):
        server = self.server
        wait(lambda: server.ready() or server.process.poll() is not None, 120)
        if not server.ready():
            server.start()  # once more: the browser may have used its port for a moment
        return f"http://{HOST}:{self.server.port}"


def signing_in(check, stage, service, view):
    page, provider = stage.page, service.provider
    page.base = service.base()
    page.go("#/images?sort=name:asc")
    check.that("it says who asks", page.sees("asks who you are"))
    page.press("Sign in")
    page.press("Deny")
    check.that("a denial is told", page.sees("You cancelled"), page.text())
    check.equal("  and is not left in the address", page.script("return location.search"), "")
    view(check, stage, "sign-in")
    provider.forges = True
    page.press("Sign in")
    page.press("Allow")
    check.that("an answer with another state is refused", page.sees("did not begin in this window"), page.text())
    check.equal("  and its code stays unused", provider.exchanges, 0)
    provider.forges = False

    page.press("Sign in")
    began = time.monotonic()
    check.that("the right answer signs the user in", page.sees("No images yet"), page.text())
    check.that("  whose name is shown", "ann · p-1" in page.text(), page.text()[:200])
    check.equal("  with the proof of who began", provider.refused, [])
    check.equal("  where the user was", page.script("return location.pathname + location.search + location.hash"), "/ui/#/images?sort=name:asc")
    check.equal("  and nothing of it is stored", page.script("return [Object.keys(localStorage).length, Object.keys(sessionStorage).length, document.cookie]"), [0, 0, ""])
    check.eventually("it is renewed beyond the first token", 30, lambda: provider.renewals >= 2 and time.monotonic() - began > SECONDS)
    page.press("Reload")
    check.that("  and the API takes it", page.sees("No images yet") and not page.visible("//h1[.='Sign in']"), page.text())

    page.browser.refresh()
    page.press("Sign in")
    check.that("after a reload, one click is enough", page.sees("No images yet"), page.text())
    provider.renews = False
    renewed = time.monotonic()
    wait(lambda: time.monotonic() - renewed > SECONDS + 1, 2 * SECONDS)
    page.press("Reload")
    check.that("without renewal the session ends", page.sees("Your session has ended"), page.text())
    provider.renews = True
    page.press("Sign in")
    page.press("Sign out")
    check.that("signing out leads to the provider and back", page.sees("asks who you are"), page.text())
    check.equal("  which knows the client", [(each["client_id"], each["post_logout_redirect_uri"]) for each in provider.farewells], [(CLIENT, f"{page.base}/ui/")])
    page.press("Sign in")
    page.press("Allow")
    check.that("  and asks again", page.sees("No images yet"), page.text())
    check.equal("it ends on SIGTERM", service.server.stop() in (0, 143), True)
