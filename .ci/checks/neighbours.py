"""The image code of the projects that live beside Glance, run as it is against Vitrine with a real Keystone.

Each project has a program of its own in neighbours/, which prints a line for each of its steps:
gophercloud (its own acceptance tests, and a program for what they leave out), openstack4j, Ansible's collection openstack.cloud,
and the image code of Nova, Cinder and Ironic. Everything but openstack4j, which is Maven Central's, is Debian's.
No service of theirs runs: their modules are called, with the contexts of users who have signed in.
openstackclient and glanceclient are those of the checks keystone, roundtrip and tempest.

neighbours.py                  all of them
neighbours.py nova cinder      only these
"""

import os
import pathlib
import subprocess
import sys

import neighbours_go
import neighbours_rest
from keystone_rig import Keystone
from vitrine import HOST, MIB, Check, Server, Web, convert, free_port, install, random_file

PROGRAMS = pathlib.Path(__file__).with_name("neighbours")
PACKAGES = {
    "/usr/bin/go": "golang-go",
    "/usr/share/gocode/src/github.com/gophercloud/gophercloud/doc.go": "golang-github-gophercloud-gophercloud-dev",
    "/usr/lib/python3/dist-packages/ansible_collections/openstack/cloud/MANIFEST.json": "ansible",
    "/usr/lib/python3/dist-packages/nova/__init__.py": "python3-nova",
    "/usr/lib/python3/dist-packages/cinder/__init__.py": "python3-cinder",
    "/usr/lib/python3/dist-packages/ironic/__init__.py": "python3-ironic",
}


def main(check, directory):
    install(PACKAGES)
    neighbours = Neighbours(check, directory)
    check.note(f"ready after {neighbours.begin():.1f} s")
    projects = {"gophercloud": neighbours_go.gophercloud, "openstack4j": neighbours_rest.openstack4j,
                "ansible": neighbours_rest.ansible, "nova": service("nova", 50), "cinder": service("cinder", 35),
                "ironic": service("ironic", 25)}
    for name in sys.argv[1:] or projects:
        check.section(name)
        projects[name](neighbours)
    check.eventually("every file in the stores has its row", 60, lambda: not neighbours.server.orphans(), neighbours.server.orphans)
    check.equal("it ends on SIGTERM", neighbours.server.stop() in (0, 143), True)


def service(name, at_least):
    """Runs the program of a service that is written in Python and packaged by Debian."""
    def run(neighbours):
        neighbours.note_version(f"python3-{name}")
        neighbours.steps(name, at_least, "/usr/bin/python3", "-B", PROGRAMS / f"{name}_images.py")
    return run


class Neighbours:
    """Keystone, Vitrine and a web server, and the running of programs that use them."""

    def __init__(self, check, directory):
        self.check, self.directory = check, directory
        self.web = Web(directory)
        random_file(self.web.files / "small.raw", MIB)
        convert(self.web.files / "small.raw", self.web.files / "small.qcow2", "qcow2")
        port = free_port()
        self.keystone = Keystone(directory, f"http://{HOST}:{port}").start()
        (directory / "vitrine.yaml").write_text(CONFIGURATION.format(directory=directory))
        self.server = Server(directory, {**self.keystone.server_environment(), **self.web.environment()})
        self.server.command += ["--conf", str(directory / "vitrine.yaml")]
        self.server.port, self.server.environment["VITRINE_HTTP__PORT"] = port, str(port)

    def begin(self):
        """Starts the server; the seconds that took."""
        seconds = self.server.start()
        self.server.headers = {"X-Auth-Token": self.keystone.token("admin")}
        return seconds

    def environment(self, user="demo"):
        """Variables of a program that acts for a user."""
        files = self.web.files
        return {**os.environ, **self.keystone.client_environment(user), "IMAGE_URL": f"http://{HOST}:{self.server.port}",
                "RAW_FILE": str(files / "small.raw"), "QCOW2_FILE": str(files / "small.qcow2"),
                "RAW_URL": self.web.url("small.raw"), "WORK": str(self.directory),
                "DEMO_PROJECT": self.keystone.project("demo"), "ALT_PROJECT": self.keystone.project("alt")}

    def run(self, name, *command, environment=None, cwd=None, seconds=280):
        """Runs a program; (exit status, what it printed). Its errors go to NAME.log in the check's directory."""
        with open(self.directory / f"{name}.log", "wb") as log:
            done = subprocess.run([str(part) for part in command], env=environment or self.environment(), cwd=cwd or self.directory,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, timeout=seconds, check=False)
        return done.returncode, done.stdout

    def steps(self, name, at_least, *command, **options):
        """Runs a program that prints "ok   STEP" and "FAIL STEP", and takes its steps over; at least so many have to hold."""
        status, output = self.run(name, *command, **options)
        held = 0
        for line in output.splitlines():
            if line.startswith(("ok   ", "FAIL ")):
                held += self.check.that(f"{name}: {line[5:]}", line.startswith("ok"))
        if not self.check.that(f"{name} ran to its end", status == 0 and held >= at_least, f"status {status}, {held} steps"):
            self.check.note(self.errors(name))

    def errors(self, name, characters=3000):
        """The end of what a program printed as errors."""
        return (self.directory / f"{name}.log").read_text(errors="replace")[-characters:]

    def note_version(self, package):
        """Says which of Debian's packages it is."""
        done = subprocess.run(["dpkg-query", "-Wf", "${Package} ${Version}", package], stdout=subprocess.PIPE, text=True, check=False)
        self.check.note(done.stdout)


CONFIGURATION = """
image: {{show_multiple_locations: true, show_image_direct_url: true}}
stores:
  default: fast
  backends:
    fast: {{kind: file, dir: {directory}/data/stores/fast}}
    slow: {{kind: file, dir: {directory}/data/stores/slow}}
    web: {{kind: http}}
import: {{methods: [glance-direct, web-download, copy-image]}}
"""

if __name__ == "__main__":
    Check("neighbours").run(main)
