"""What clients in the cluster do to the API meanwhile, by its service: uploads, downloads, slow ones too, lists, and imports of staged data.
They keep their connections as usual clients do: one that the server has closed is not used again. Nothing is tried twice, and every image is
compared and deleted in the end."""

import contextlib
import functools
import http.client
import json
import random
import select
import threading
import time

from load import NEW_IMAGE, Endless, digest, image_bytes
from vitrine import KIB, MIB, random_bytes

PAUSE = 0.5  # between what one client does and what it does next, seconds
WAITING = 12  # imports that are waited for at most
KEPT, READ = 60, 20  # uploads that are kept, and how many of these, the newest, are read
PATIENCE = 90  # seconds for an answer, or for the next bytes of one
PATIENT = 240  # seconds for what was accepted to be imported
SLOW = 24 * MIB, 16 * KIB, 0.01  # an image that is read by so little at a time with such a pause between: about 20 s


class Client:
    """One caller with one connection."""

    def __init__(self, load):
        self.load, self.connection = load, None

    def call(self, method, path, body=None, pause=0):
        """The body of an answer, or None if the request failed."""
        try:
            status, got = self._exchange(method, path, body, pause)
            problem = None if status < 300 else f"{status} {got[:160]!r}"
        except (OSError, http.client.HTTPException) as error:
            self._close()
            problem, got = f"{type(error).__name__}: {error}", None
        self.load.count(f"{method} {path.rsplit('/', 1)[-1][:8]}: {problem}" if problem else None)
        return None if problem else got

    def _exchange(self, method, path, body, pause):
        if self.connection and select.select([self.connection.sock], [], [], 0)[0]:
            self._close()
        if not self.connection:
            self.connection = http.client.HTTPConnection(self.load.address, 9292, timeout=PATIENCE)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, data, {"Content-Type": kind} if data else {})
        answer = self.connection.getresponse()
        got = bytearray()
        while block := answer.read(SLOW[1] if pause else MIB):
            got += block
            time.sleep(pause)
        if answer.will_close or not self.connection.sock:
            self._close()
        return answer.status, bytes(got)

    def _close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Load(Endless):
    def __init__(self, address):
        works = (self._upload, self._upload, self._import, self._import, self._download, self._download, self._slowly, self._list, self._watch)
        super().__init__([functools.partial(work, Client(self)) for work in works], PAUSE, 2 * PATIENCE)
        self.address, self.lock = address, threading.Lock()
        self.requests, self.failures, self.wrong = 0, [], []
        self.uploads, self.accepted, self.imported = {}, {}, set()

    def count(self, problem):
        with self.lock:
            self.requests += 1
            if problem:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {problem}")

    def lost(self):
        """Accepted imports that do not end well, once those under way had the time to."""
        end, client = time.monotonic() + PATIENT, Client(self)
        while set(self.accepted) - self.imported and time.monotonic() < end:
            self._watch(client, None)
            time.sleep(0.5)
        return sorted(set(self.accepted) - self.imported)

    def _create(self, client):
        answer = client.call("POST", "/v2/images", NEW_IMAGE)
        return answer and json.loads(answer)["id"]

    def _upload(self, client, seed):
        data = image_bytes(seed, 2 * MIB)
        if (image := self._create(client)) and client.call("PUT", f"/v2/images/{image}/file", data) is not None:
            with self.lock:
                self.uploads[image] = digest(data)
                old = next(iter(self.uploads)) if len(self.uploads) > KEPT else None
                self.uploads.pop(old, None)
            if old:
                client.call("DELETE", f"/v2/images/{old}")

    def _import(self, client, seed):
        if len(self.accepted) - len(self.imported) > WAITING:
            return
        data = image_bytes(seed, 2 * MIB)
        if (image := self._create(client)) and client.call("PUT", f"/v2/images/{image}/stage", data) is not None:
            if client.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}}) is not None:
                self.accepted[image] = digest(data)

    def _watch(self, client, _):
        for image in set(self.accepted) - self.imported:
            answer = client.call("GET", f"/v2/images/{image}")
            if answer and json.loads(answer)["status"] == "active":
                data = client.call("GET", f"/v2/images/{image}/file")
                if data is not None:
                    self._compare(image, data, self.accepted[image])
                    self.imported.add(image)
                    client.call("DELETE", f"/v2/images/{image}")

    def _download(self, client, _):
        with self.lock:
            known = list(self.uploads.items())[-READ:]
        if known:
            image, wanted = random.choice(known)
            data = client.call("GET", f"/v2/images/{image}/file")
            if data is not None:
                self._compare(image, data, wanted)

    def _slowly(self, client, seed):
        data = random_bytes(SLOW[0], "slow")
        if (image := self._create(client)) and client.call("PUT", f"/v2/images/{image}/file", data) is not None:
            got = client.call("GET", f"/v2/images/{image}/file", pause=SLOW[2])
            if got is not None:
                self._compare(image, got, digest(data))
            client.call("DELETE", f"/v2/images/{image}")

    def _list(self, client, _):
        client.call("GET", "/v2/images?limit=20")

    def _compare(self, image, data, wanted):
        if digest(data) != wanted:
            self.wrong.append(image)


class Events:
    """What happened to the load during each event."""

    def __init__(self, check, load):
        self.check, self.load, self.rows = check, load, []

    @contextlib.contextmanager
    def during(self, name):
        self.check.section(name)
        load = self.load
        before, began = (load.requests, len(load.failures), len(load.imported)), time.monotonic()
        told = []
        yield told
        requests, failed, imports = (now - then for now, then in zip((load.requests, len(load.failures), len(load.imported)), before))
        self.rows.append(f"| {name}{''.join(f', {each}' for each in told)} ({time.monotonic() - began:.0f} s) | {requests} | {failed} | {imports} |")
        self.check.equal(f"{name}: failed of {requests} requests, while {imports} imports ended", load.failures[before[1]:], [])

    def print(self):
        for row in self.rows:
            self.check.note(row)
