"""What failover.py does to Vitrine all the time, on each API process alike: uploads, imports of staged data and from a web server, lists,
downloads and deletions. Every answer is kept with its time, and whatever was acknowledged is looked for in the end.
"""

import collections
import contextlib
import functools
import http.client
import http.server
import random
import socketserver
import threading
import time

from hosts_load import request
from hosts_rig import NET
from load import NEW_IMAGE, Endless, digest, image_bytes
from vitrine import MIB, Answer, wait

PORT = 8080
LARGEST = 4 * MIB
WAITING = 16  # accepted imports that are waited for at most
PATIENCE = 60  # seconds for an answer
GOOD = {200, 201, 202, 204}

Answered = collections.namedtuple("Answered", "began at api kind status retry_after body")


class Load(Endless):
    """The journal of one run of processes; each of its clients talks to one API process."""

    def __init__(self, nodes, database):
        works = (self._upload, self._direct, self._web, self._list, self._download)
        super().__init__([*(functools.partial(work, node) for node in nodes for work in works), self._watch], pause=0.2, patience=2 * PATIENCE)
        self.nodes, self.database = nodes, database
        self.answers, self.wrong = [], []
        self.created, self.uploads, self.imports, self.deleted, self.imported = set(), {}, {}, set(), set()
        self.acknowledged = {}  # the last time at which something was acknowledged of an image

    def _call(self, node, kind, method, path, body=None):
        """The answer, whose status is 0 if there is none."""
        began = time.monotonic()
        try:
            answer = request(node, method, path, body, PATIENCE)
        except (OSError, http.client.HTTPException) as error:
            answer = Answer(0, {}, repr(error).encode())
        self.answers.append(Answered(began, time.monotonic(), node.name, kind, answer.status, answer.headers.get("retry-after"),
                                     b"" if answer.status in GOOD else answer.body[:200]))
        return answer

    def _succeeds(self, *arguments):
        return self._call(*arguments).status in GOOD

    def _create(self, node):
        answer = self._call(node, "create", "POST", "/v2/images", NEW_IMAGE)
        if answer.status != 201:
            return None
        image = answer.json()["id"]
        self._acknowledge(image)
        self.created.add(image)
        return image

    def _acknowledge(self, image):
        self.acknowledged[image] = time.monotonic()

    def _upload(self, node, seed):
        data = image_bytes(seed, LARGEST)
        if (image := self._create(node)) and self._succeeds(node, "upload", "PUT", f"/v2/images/{image}/file", data):
            if random.random() < 0.2:
                self.created.discard(image)  # may be there or not until the deletion is acknowledged
                if self._succeeds(node, "delete", "DELETE", f"/v2/images/{image}"):
                    self._acknowledge(image)
                    self.deleted.add(image)
            else:
                self._acknowledge(image)
                self.uploads[image] = digest(data)

    def _direct(self, node, seed):
        data = image_bytes(seed, LARGEST)
        if self._has_room() and (image := self._create(node)) and self._succeeds(node, "stage", "PUT", f"/v2/images/{image}/stage", data):
            self._import(node, image, {"name": "glance-direct"}, data)

    def _web(self, node, seed):
        if self._has_room() and (image := self._create(node)):
            self._import(node, image, {"name": "web-download", "uri": f"http://{NET}.1:{PORT}/{seed}"}, image_bytes(seed, LARGEST))

    def _import(self, node, image, method, data):
        """Asks until it is accepted: what is staged must not be lost either. A conflict tells that an earlier request was accepted."""
        while self.running:
            if self._call(node, "import", "POST", f"/v2/images/{image}/import", {"method": method}).status in (202, 409):
                self._acknowledge(image)
                self.imports[image] = digest(data)
                return
            time.sleep(1)

    def _has_room(self):
        return len(self.imports) - len(self.imported) < WAITING

    def _list(self, node, _):
        self._call(node, "list", "GET", "/v2/images?limit=20")

    def _download(self, node, _):
        if known := list(self.uploads.items()):
            image, wanted = random.choice(known)
            answer = self._call(node, "download", "GET", f"/v2/images/{image}/file")
            if answer.status == 200 and digest(answer.body) != wanted:
                self.wrong.append(image)

    def _watch(self, _):
        with contextlib.suppress(Exception):  # the database may be what is down
            self.imported = {row[0] for row in self.database.rows("select image_id from tasks where status = 'success'")} & set(self.imports)
        time.sleep(1)

    # what became of it

    def lost(self):
        """Acknowledged images that are not as they were acknowledged, with what is the matter; awaits the imports that are under way."""
        wait(lambda: not self._open(), 120, 1)
        rows = {row[0]: row[1:] for row in self.database.rows("select id, status, coalesce(hash_value, '') from images where deleted_at is null")}
        lost = {image: "created" for image in self.created - set(rows)} | {image: "deleted" for image in self.deleted & set(rows)}
        for what, wanted in (("uploaded", self.uploads), ("imported", self.imports)):
            lost |= {image: f"{what}, is {self._told(image, rows)}" for image, value in wanted.items() if rows.get(image) != ["active", value]}
        return lost

    def damaged(self, node):
        """Acknowledged images whose download has other bytes."""
        return [image for image, wanted in {**self.uploads, **self.imports}.items() if digest(request(node, "GET", f"/v2/images/{image}/file").body) != wanted]

    def stuck(self):
        """Images that nothing moves any more although nothing has been done to them for a while, by their status."""
        return self.database.rows("select status, count(*) from images where deleted_at is null and status not in ('active', 'queued', 'uploading') group by 1")

    def _open(self):
        return self.database.rows("select id from tasks where status in ('pending', 'processing')")

    def _told(self, image, rows):
        return rows.get(image, "gone"), self.database.rows(f"select status, message, attempts from tasks where image_id = '{image}'")


class Web:
    """A server in the hub that gives the image of the seed that the path names."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                data = image_bytes(self.path.lstrip("/"), LARGEST)
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, *_):
                pass

        class Threads(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            allow_reuse_address = True

        threading.Thread(target=Threads((f"{NET}.1", PORT), Handler).serve_forever, daemon=True).start()
