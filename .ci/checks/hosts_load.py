"""What hosts.py does to Vitrine all the time: uploads, downloads and imports, by a balancer over the API processes, and the
figures of what happens to them meanwhile."""

import collections
import contextlib
import http.client
import random
import subprocess
import threading
import time

from load import NEW_IMAGE, Endless, digest
from vitrine import KIB, MIB, Failed, call, random_bytes, wait

SETTLE = 120  # seconds within which all that was accepted must be imported
WAITING = 20  # imports that are waited for at most


class Balancer:
    """Gives requests to API processes that are ready, as a Kubernetes service does."""

    def __init__(self, nodes):
        self.nodes, self.ready = nodes, {node.name: True for node in nodes}
        self.requests, self.failures, self.excused = 0, [], []
        self.excuses = collections.Counter()
        self.open = {node.name: set() for node in nodes}
        self.lock = threading.Lock()
        self.running = True
        for node in nodes:
            threading.Thread(target=self._probe, args=(node,), daemon=True).start()

    def _probe(self, node):
        while self.running:
            self.ready[node.name] = node.ready()
            time.sleep(0.2)

    @contextlib.contextmanager
    def excusing(self, node):
        """Requests that run on the node meanwhile may fail, also when they end later."""
        self.excuses[node.name] += 1
        try:
            yield
        finally:
            wait(lambda: self.ready[node.name], 60, 0.2)
            with self.lock:
                begun = set(self.open[node.name])
            wait(lambda: not begun & self.open[node.name], 100, 0.2)
            self.excuses[node.name] -= 1

    def call(self, method, path, body=None):
        """An answer, or None if the request failed."""
        node = random.choice([node for node in self.nodes if self.ready[node.name]] or self.nodes)
        was_excused, mark = self.excuses[node.name] > 0, object()
        with self.lock:
            self.open[node.name].add(mark)
        try:
            # Who is caught on a host that is cut off gives up soon, or there would be no load left.
            answer = request(node, method, path, body, 5 if was_excused else 90)
            what = None if answer.status < 300 else f"{answer.status} {method} {answer.body[:120]}"
        except (OSError, http.client.HTTPException) as error:
            answer, what = None, type(error).__name__
        with self.lock:
            self.requests += 1
            if what:
                (self.excused if was_excused or self.excuses[node.name] else self.failures).append((node.name, what))
            self.open[node.name].discard(mark)
        return None if what else answer


class Load(Endless):
    """Uploads, downloads and imports without end."""

    def __init__(self, balancer, database):
        super().__init__((self._upload, self._import, self._import, self._import, self._download, self._watch), pause=0.1, patience=120)
        self.balancer, self.database = balancer, database
        self.uploads, self.imports, self.finished = {}, {}, set()

    def stop(self):
        super().stop()
        self.balancer.running = False

    def done(self):
        return len(self.finished)

    def await_all(self, check):
        """Waits until all that has been accepted so far is imported; the seconds that took."""
        began, target = time.monotonic(), set(self.imports)
        check.eventually("what was accepted meanwhile is imported", SETTLE, lambda: target <= self.finished)
        return time.monotonic() - began

    def _create(self):
        answer = self.balancer.call("POST", "/v2/images", NEW_IMAGE)
        return answer and answer.json()["id"]

    def _upload(self, seed):
        data = random_bytes(256 * KIB, seed)
        if (image := self._create()) and self.balancer.call("PUT", f"/v2/images/{image}/file", data):
            self.uploads[image] = digest(data)

    def _import(self, seed):
        if len(self.imports) - len(self.finished) > WAITING:
            return
        data = random_bytes(MIB, seed)
        if (image := self._create()) and self.balancer.call("PUT", f"/v2/images/{image}/stage", data):
            if self.balancer.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}}):
                self.imports[image] = digest(data)

    def _download(self, _):
        known = list(self.uploads.items())
        if known:
            image, wanted = random.choice(known)
            answer = self.balancer.call("GET", f"/v2/images/{image}/file")
            if answer and digest(answer.body) != wanted:
                self.balancer.failures.append((image, "wrong bytes"))

    def _watch(self, _):
        """By the database: an API process that is cut off must not hide what the workers do."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = {row[0] for row in self.database.rows("select image_id from tasks where status = 'success'")}
            self.finished |= done & set(self.imports)


class Events:
    """What happened to the load during each event."""

    def __init__(self, check, load):
        self.check, self.load, self.lines = check, load, []

    @contextlib.contextmanager
    def during(self, name):
        """Yields a dictionary for what else is to be told of the event."""
        self.check.section(name)
        balancer, more = self.load.balancer, {}
        before = balancer.requests, len(balancer.excused), len(balancer.failures), self.load.done()
        began = time.monotonic()
        yield more
        requests, excused, failed, done = (now - then for now, then in zip(
            (balancer.requests, len(balancer.excused), len(balancer.failures), self.load.done()), before))
        told = "".join(f", {what} {value}" for what, value in more.items())
        self.lines.append(f"{name}: {time.monotonic() - began:.0f} s, {done} imports, {requests} requests, {excused} failed where that "
                          f"is excused, {failed} elsewhere{told}")
        self.check.note(self.lines[-1])

    def print(self):
        for line in self.lines:
            self.check.note(line)


# --- single requests


def request(node, method, path, body=None, seconds=90):
    headers = {"Content-Type": "application/octet-stream"} if isinstance(body, bytes) else None
    return call(9292, method, path, body, headers, seconds, host=node.address)


def create(node):
    answer = request(node, "POST", "/v2/images", {"name": "check", "disk_format": "raw", "container_format": "bare"})
    if answer.status != 201:
        raise Failed(f"create answered {answer}")
    return answer.json()["id"]


def status(node, image):
    return request(node, "GET", f"/v2/images/{image}").json()["status"]


def downloaded(node, image):
    return digest(request(node, "GET", f"/v2/images/{image}/file").body)
