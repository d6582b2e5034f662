"""Keystone, Vitrine, both dashboards and two browsers, and the Image API in short for what they show."""

import re

from horizon_pages import Page
from horizon_rig import Dashboard
from keystone_rig import Keystone
from vitrine import HOST, MIB, ROOT, Failed, Server, Web, call, convert, free_port, put, random_file


class Stage:
    """All of it, running. The browser demo is at first with the dashboard legacy."""

    def __init__(self, directory):
        self.directory = directory
        self.web = Web(directory)
        port = free_port()
        self.keystone = Keystone(directory, f"http://{HOST}:{port}").start()
        self.legacy, self.direct = [Dashboard(directory, self.keystone, mode).start() for mode in ("legacy", "direct")]
        (directory / "vitrine.yaml").write_text(CONFIGURATION.format(directory=directory, root=ROOT, origin=self.direct.origin))
        self.server = Server(directory, {**self.keystone.server_environment(), **self.web.environment()})
        self.server.command += ["--conf", str(directory / "vitrine.yaml")]
        self.server.port, self.server.environment["VITRINE_HTTP__PORT"] = port, str(port)
        self.server.start()
        self._tokens = {}
        self.demo, self.admin = Page(directory, "demo"), Page(directory, "admin")

    def token(self, user):
        if user not in self._tokens:
            self._tokens[user] = self.keystone.token(user)
        return self._tokens[user]

    def project(self, name):
        return self.keystone.project(name)

    def url(self, path):
        return f"http://{HOST}:{self.server.port}{path}"

    def call(self, user, method, path, body=None, headers=None):
        return call(self.server.port, method, path, body, {"X-Auth-Token": self.token(user), **(headers or {})})

    def create(self, user, **fields):
        """The id of a new image without data."""
        answer = self.call(user, "POST", "/v2/images", {"disk_format": "raw", "container_format": "bare", **fields})
        if answer.status != 201:
            raise Failed(f"create answered {answer}")
        return answer.json()["id"]

    def put(self, user, image, data):
        """Uploads the data of an image."""
        answer = put(self.server.port, f"/v2/images/{image}/file", data, headers={"X-Auth-Token": self.token(user)})
        if answer.status != 204:
            raise Failed(f"upload answered {answer}")

    def patch(self, user, image, *operations):
        self.call(user, "PATCH", f"/v2/images/{image}", list(operations),
                  {"Content-Type": "application/openstack-images-v2.1-json-patch"})

    def listed(self, user):
        """Names of the images that a user is shown."""
        return [image["name"] for image in self.call(user, "GET", "/v2/images?limit=1000").json()["images"]]

    def named(self, user, name):
        """The image of that name, or an empty one."""
        images = self.call(user, "GET", f"/v2/images?name={name.replace(' ', '%20')}").json()["images"]
        return images[0] if images else {}

    def sha512(self, user, image):
        """Digest of an image's data, and the number of bytes."""
        self.server.headers = {"X-Auth-Token": self.token(user)}
        return self.server.sha512(image)

    # files that are uploaded

    def file(self, name, size):
        return random_file(self.directory / name, size, name)

    def qcow2(self, name, size):
        return convert(self.file(f"{name}.raw", size), self.directory / name, "qcow2")

    # what Vitrine logged

    def log(self):
        return self.server.log.read_text(errors="replace").splitlines()

    def requests(self, path):
        """Method and status of each request for a path, in their order."""
        pattern = re.compile(rf" method=(\S+) path={re.escape(path)} status=(\d+) ")
        return [" ".join(found.groups()) for found in map(pattern.search, self.log()) if found]


CONFIGURATION = """
http: {{cors: {{allowed_origins: ["{origin}"]}}}}
metadefs: {{builtin: false, dir: {root}/conf/metadefs}}
image: {{show_multiple_locations: true}}
quota: {{source: local, image_size_total: 16}}
stores:
  default: fast
  backends:
    fast: {{kind: file, dir: {directory}/data/stores/fast}}
    web: {{kind: http}}
"""
