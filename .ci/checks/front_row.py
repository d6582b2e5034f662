"""What one row of the fronts check works with: the Image API through one front, common data, and a word for what is wrong."""

import contextlib
import hashlib
import pathlib
import re
import subprocess
import threading

from vitrine import HOST, KIB, MIB, call, curl, digests, put, random_bytes, run


class Wrong(Exception):
    """A cell's outcome is not what it has to be."""


def expect(what, got, want):
    if got != want:
        raise Wrong(f"{what}: got {got}, wanted {want}")


class Stock:
    """What all rows share: a file of some size, the image that holds it, and small ones."""

    def __init__(self, large, directory, web, keystone):
        self.large, self.directory, self.web, self.keystone = large, directory, web, keystone
        self.image = None
        self.size = large.stat().st_size
        self.sha512 = digests(large)[1]
        self.raw, self.qcow2 = directory / "small.raw", directory / "small.qcow2"
        self.raw.write_bytes(random_bytes(3 * MIB, "small"))
        run("qemu-img", "convert", "-q", "-f", "raw", "-O", "qcow2", self.raw, self.qcow2)
        (web.files / self.raw.name).write_bytes(self.raw.read_bytes())


class Row:
    """The Image API as an administrator sees it through one front."""

    def __init__(self, front, vitrine, token, stock):
        self.front, self.vitrine, self.stock = front, vitrine, stock
        self.token = {"X-Auth-Token": token}
        self.directory = stock.directory / re.sub(r"\W+", "-", front.name + "-files")
        self.directory.mkdir()

    def call(self, method, path, body=None, headers=None):
        return call(self.front.port, method, path, body, {**self.token, **(headers or {})}, seconds=60)

    def create(self, disk_format="raw", **fields):
        answer = self.call("POST", "/v2/images", {"name": "check", "disk_format": disk_format, "container_format": "bare", **fields})
        expect("create", answer.status, 201)
        return answer.json()["id"]

    def status(self, image):
        answer = self.call("GET", f"/v2/images/{image}")
        return answer.json()["status"] if answer.status == 200 else f"HTTP {answer.status}"

    def put(self, image, data, chunk=None, target="file"):
        return put(self.front.port, f"/v2/images/{image}/{target}", data, chunk, self.token)

    def holds(self, image, sha512, size):
        shown = self.call("GET", f"/v2/images/{image}").json()
        expect("the image", [shown.get(key) for key in ("status", "size", "os_hash_value")], ["active", size, sha512])

    def delete(self, image):
        expect("delete", self.call("DELETE", f"/v2/images/{image}").status, 204)

    def curl(self, image, *arguments, h2=False, **options):
        """Runs curl on the image's data; (exit code, status)."""
        return curl(*self.arguments(image, h2), *arguments, **options)

    def arguments(self, image, h2=False):
        port = self.front.h2_port if h2 else self.front.port
        version = ["--http2-prior-knowledge"] if h2 else []
        return [*version, "-H", f"X-Auth-Token: {self.token['X-Auth-Token']}", "-H", "Content-Type: application/octet-stream",
                f"http://{HOST}:{port}/v2/images/{image}/file"]


def sha512(data):
    return hashlib.sha512(data).hexdigest()


@contextlib.contextmanager
def pipe(file):
    """A pipe with the file's content, so that curl cannot know the length."""
    with subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) as writer:
        yield writer.stdout


class Peak:
    """The peak of the resident memory of processes, from now on."""

    def __init__(self, processes):
        self.processes = processes
        self.before = self._sum("VmRSS")
        for process in processes:
            with contextlib.suppress(OSError):
                pathlib.Path(f"/proc/{process}/clear_refs").write_text("5")

    def grown(self):
        return max(0, self._sum("VmHWM") - self.before)

    def _sum(self, field):
        total = 0
        for process in self.processes:
            with contextlib.suppress(OSError):
                found = re.search(rf"^{field}:\s+(\d+) kB", pathlib.Path(f"/proc/{process}/status").read_text(), re.M)
                total += int(found.group(1)) * KIB if found else 0
        return total


def together(actions):
    """Runs the actions in threads; their results, or exceptions' names, in order."""
    results = [None] * len(actions)

    def one(index, action):
        try:
            results[index] = action()
        except Exception as error:
            results[index] = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def attempt(action):
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
