"""A real Keystone for the checks: Debian's, on a free port of this machine, everything it writes in one directory.

Users (their password is PASSWORD) and the project each acts for:
admin (admin), demo and demo-reader (demo), alt (alt), glance (service; it may validate tokens).
"""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import urllib.parse

from vitrine import HOST, Failed, at_exit, free_port, install, run, wait

PASSWORD = "sesame-street"
ROLES = ("admin", "manager", "member", "reader", "service")
USERS = {  # name: (project, roles)
    "admin": ("admin", ("admin",)),
    "demo": ("demo", ("member",)),
    "demo-reader": ("demo", ("reader",)),
    "alt": ("alt", ("member",)),
    "glance": ("service", ("service",)),
}
PACKAGES = {
    "/usr/bin/keystone-manage": "keystone",
    "/usr/bin/uwsgi": "uwsgi-core",
    "/usr/lib/uwsgi/plugins/python3_plugin.so": "uwsgi-plugin-python3",
    "/usr/bin/openstack": "python3-openstackclient",
}


def start(directory, **options):
    """A new Keystone that runs; see its constructor."""
    return Keystone(directory, **options).start()


class Keystone:
    """A Keystone that can be stopped and started again on its data.

    image_url is the endpoint of the image service in its catalog. database is an SQLAlchemy URL, such as that of an empty
    PostgreSQL database (postgresql+psycopg2://user@host:port/name); by default SQLite in the directory.
    """

    def __init__(self, directory, image_url=f"http://{HOST}:9292", database=None, token_seconds=86400):
        install(PACKAGES)
        self.directory = pathlib.Path(directory, "keystone")
        self.directory.mkdir()
        self.image_url = image_url
        self.database = database or f"sqlite:///{self.directory}/keystone.db"
        self.password = PASSWORD
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}/v3"
        self.process = None
        self._is_new = True
        self._token_seconds = token_seconds
        at_exit(self.stop)

    def start(self, token_seconds=None):
        """Starts it; tokens that it gives from now on live that long."""
        self._configure(token_seconds or self._token_seconds)
        if self._is_new:
            self._bootstrap()
        with open(self.directory / "uwsgi.log", "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/bin/uwsgi", "--plugin", "python3", "--http-socket", f"{HOST}:{self.port}", "--wsgi-file",
                 "/usr/bin/keystone-wsgi-public", "--master", "--lazy-apps", "--enable-threads", "--processes", "1", "--threads", "8",
                 "--die-on-term", "--need-app", "--buffer-size", "65535", "--disable-logging", "--rem-header", "Content-Length",
                 "--listen", "100"],
                env=self._environment(), cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        if not wait(lambda: self.process.poll() is not None or self._answers(), 180) or self.process.poll() is not None:
            raise Failed(f"Keystone does not start: {(self.directory / 'uwsgi.log').read_text(errors='replace')[-800:]}")
        if self._is_new:
            self._populate()
            self._is_new = False
        return self

    def stop(self):
        """Ends it; its data stays."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    # what clients and servers need

    def client_environment(self, user):
        """Variables of the openstack and glance clients, and of Tempest's accounts, for one of the users."""
        return {"OS_AUTH_URL": self.url, "OS_IDENTITY_API_VERSION": "3", "OS_IMAGE_API_VERSION": "2", "OS_USERNAME": user,
                "OS_PASSWORD": PASSWORD, "OS_PROJECT_NAME": USERS[user][0], "OS_USER_DOMAIN_NAME": "Default",
                "OS_PROJECT_DOMAIN_NAME": "Default", "OS_REGION_NAME": "RegionOne"}

    def server_environment(self, **settings):
        """Variables of a Vitrine that asks this Keystone; settings are further keys of identity.keystone."""
        keys = {"url": self.url, "password": PASSWORD, **settings}
        return {"VITRINE_IDENTITY__KIND": "keystone",
                **{f"VITRINE_IDENTITY__KEYSTONE__{key.upper()}": str(value) for key, value in keys.items()}}

    def openstack(self, user, *command, **options):
        """Runs the openstack client as a user; the completed process."""
        environment = {**os.environ, **self.client_environment(user)}
        return run("openstack", *command, env=environment, timeout=120, **options)

    # the Identity API in short

    def token(self, user, scope=None):
        """A token of a user for its project, or for another scope such as {"system": {"all": True}}."""
        default = {"name": "Default"}
        account = {"name": user, "domain": default, "password": PASSWORD}
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": account}},
                         "scope": scope or {"project": {"name": USERS[user][0], "domain": default}}}}
        status, headers, text = self._call("POST", "/auth/tokens", body)
        if status != 201:
            raise Failed(f"Keystone gives {user} no token: {status} {text[:200]}")
        return headers["X-Subject-Token"]

    def revoke(self, token):
        """Ends a token before its time."""
        status, _, text = self._call("DELETE", "/auth/tokens", None, {"X-Auth-Token": token, "X-Subject-Token": token})
        if status != 204:
            raise Failed(f"Keystone revokes no token: {status} {text[:200]}")

    def set_image_endpoint(self, url):
        """Changes where the catalog says that the image service is."""
        self.image_url = url
        for endpoint in self._admin("GET", f"/endpoints?service_id={self._named('services', 'glance')['id']}")["endpoints"]:
            self._admin("PATCH", f"/endpoints/{endpoint['id']}", {"endpoint": {"url": url}})

    def add_service(self, name, kind, url):
        """Puts a service into the catalog."""
        service = self._admin("POST", "/services", {"service": {"name": name, "type": kind}})["service"]["id"]
        for interface in ("public", "internal", "admin"):
            self._admin("POST", "/endpoints", {"endpoint": {"service_id": service, "interface": interface, "region_id": "RegionOne",
                                                            "url": url}})

    def application_credential(self, user):
        """Id and secret of a new application credential of a user."""
        path = f"/users/{self._named('users', user)['id']}/application_credentials"
        status, _, text = self._call("POST", path, {"application_credential": {"name": "store"}}, {"X-Auth-Token": self.token(user)})
        if status != 201:
            raise Failed(f"Keystone gives {user} no application credential: {status} {text[:200]}")
        credential = json.loads(text)["application_credential"]
        return credential["id"], credential["secret"]

    def project(self, name):
        """The id of a project."""
        return self._named("projects", name)["id"]

    def _call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, "/v3" + path, None if body is None else json.dumps(body),
                               {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def _admin(self, method, path, body=None, wanted=(200, 201, 204, 409)):
        status, _, text = self._call(method, path, body, {"X-Auth-Token": self._admin_token()})
        if status not in wanted:
            raise Failed(f"Keystone answers {method} {path} with {status} {text[:200]}")
        return json.loads(text) if text else {}

    def _admin_token(self):
        if not getattr(self, "_known_token", None):
            self._known_token = self.token("admin")
        return self._known_token

    def _named(self, kind, name):
        return self._admin("GET", f"/{kind}?name={urllib.parse.quote(name)}")[kind][0]

    # how it is made

    def _answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self._call("GET", "")[0] == 200
        return False

    def _environment(self):
        return {**os.environ, "OS_KEYSTONE_CONFIG_DIR": str(self.directory)}

    def _configure(self, token_seconds):
        for name in ("fernet", "credential"):
            (self.directory / name).mkdir(mode=0o700, exist_ok=True)
        (self.directory / "keystone.conf").write_text(f"""
[DEFAULT]
log_file = {self.directory}/keystone.log
[database]
connection = {self.database}
[token]
provider = fernet
expiration = {token_seconds}
[fernet_tokens]
key_repository = {self.directory}/fernet
[credential]
key_repository = {self.directory}/credential
[identity]
password_hash_algorithm = bcrypt
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
""")

    def _manage(self, *arguments):
        run("keystone-manage", "--config-dir", self.directory, *arguments, env=self._environment())

    def _bootstrap(self):
        if not shutil.which("keystone-manage"):
            raise Failed("keystone-manage is not installed")
        self._manage("db_sync")
        for kind in ("fernet", "credential"):
            self._manage(f"{kind}_setup", "--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid()))
        self._manage("bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-username", "admin", "--bootstrap-project-name", "admin",
                     "--bootstrap-role-name", "admin", "--bootstrap-service-name", "keystone", "--bootstrap-region-id", "RegionOne",
                     "--bootstrap-public-url", self.url, "--bootstrap-internal-url", self.url, "--bootstrap-admin-url", self.url)

    def _populate(self):
        for role in ROLES:
            self._admin("POST", "/roles", {"role": {"name": role}})
        roles = {role: self._named("roles", role)["id"] for role in ROLES}
        for prior, implied in (("admin", "manager"), ("manager", "member"), ("member", "reader")):
            self._admin("PUT", f"/roles/{roles[prior]}/implies/{roles[implied]}")
        for user, (project, held) in USERS.items():
            self._admin("POST", "/projects", {"project": {"name": project, "domain_id": "default"}})
            self._admin("POST", "/users", {"user": {"name": user, "domain_id": "default", "password": PASSWORD}})
            path = f"/projects/{self._named('projects', project)['id']}/users/{self._named('users', user)['id']}/roles/"
            for role in held:
                self._admin("PUT", path + roles[role])
        self.add_service("glance", "image", self.image_url)
