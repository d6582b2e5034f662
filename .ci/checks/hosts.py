#!/usr/bin/env python3
"""Vitrine on several hosts: 3 API processes, 2 to 4 workers and a PostgreSQL, each in a network of its own.

Data is staged on the host that took it, so that it travels over the clustered event bus. While uploads,
downloads and imports go on, workers come and go, processes are killed, hosts are cut off, and everything is
restarted. No import may be lost or done twice; only requests to what was killed or cut off may fail.

hosts.py [seconds of each cut]
"""

import collections
import contextlib
import hashlib
import http.client
import http.server
import json
import os
import random
import signal
import socketserver
import sys
import threading
import time

from hosts_rig import NET, SERVICE, Node, Postgres, Rig, address
from vitrine import KIB, LONG, MIB, Check, Failed, call, java, random_bytes, run, wait
from vitrine import ROOT

API, WORKERS, DATABASE = (1, 2, 3), (4, 5, 6, 7), 8
CUT_SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 30 if LONG else 15
SETTLE = 120


def main(check, directory):
    if os.geteuid() != 0:
        check.note("SKIPPED: network namespaces need root")
        check.that("there is nothing to check without root", True)
        return
    rig = Rig(directory, DATABASE)
    database = Postgres(directory, DATABASE)
    conf = configuration(directory)
    run(java(), "-jar", ROOT / "target" / "vitrine.jar", "db", "migrate",
        env={**os.environ, "VITRINE_DATABASE__URL": database.url})
    nodes = {}
    for host in API:
        nodes[host] = Node(rig, host, f"api-{host}", "http,store", conf)
    for host in WORKERS:
        nodes[host] = Node(rig, host, f"worker-{host}", "import,store", conf)

    check.section("start")
    nodes[1].spawn().await_ready()  # the oldest of the cluster
    started = [nodes[host] for host in (2, 3, 4, 5)]
    for node in started:
        node.spawn()
    check.note(f"ready after {max(node.await_ready() for node in started):.0f} s")
    began = time.monotonic()
    check.eventually("all have joined the cluster", 90, lambda: all(node.says("INFO  ClusterLink joined") for node in [nodes[1], *started]))
    across(check, nodes)

    balancer = Balancer([nodes[host] for host in API])
    load = Load(balancer)
    load.start()
    check.eventually("imports flow", 60, lambda: load.done() > 3)
    try:
        scale(check, nodes, load)
        hand_over(check, nodes, balancer, database)
        killed_worker(check, nodes, load, database)
        killed_api(check, nodes[2], "an API process", balancer, load)
        killed_api(check, nodes[1], "the oldest of the cluster", balancer, load)
        cut_from_cluster(check, rig, nodes, load)
        cut_from_database(check, rig, nodes, balancer, load)
        restart_all(check, nodes, balancer, load)
    finally:
        load.stop()
    verdict(check, load, balancer, database, nodes)


def configuration(directory):
    conf = directory / "vitrine.yaml"
    conf.write_text(f"""
http: {{host: 0.0.0.0, instances: 1}}
management: {{host: 0.0.0.0}}
identity: {{allow_non_loopback: true, project: check}}
database: {{url: "postgresql://vitrine@{address(DATABASE)}:5432/postgres"}}
stores: {{default: shared, backends: {{shared: {{kind: file, dir: {directory}/shared}}}}}}
cluster: {{enabled: true, dns_name: {SERVICE}, secret: hosts}}
import:
  plugins: []
  web_download: {{allowed_ports: [8080], allowed_networks: [{NET}.1/32]}}
shutdown: {{ready_delay: 1s, grace: 20s, import_grace: 1s}}
""")
    return conf


# --- single steps over several hosts


def across(check, nodes):
    check.section("upload on A, stage on B, import by a worker, download from C")
    a, b, c = (nodes[host] for host in API)
    data = random_bytes(3 * MIB, "across")
    image = create(a)
    check.equal("uploaded on A", request(a, "PUT", f"/v2/images/{image}/file", data).status, 204)
    check.equal("downloaded from C", digest(request(c, "GET", f"/v2/images/{image}/file").body), digest(data))
    image = create(a)
    check.equal("staged on B", request(b, "PUT", f"/v2/images/{image}/stage", data).status, 204)
    check.that("its data is on B alone", not files(a) and files(b) and not files(c))
    began = time.monotonic()
    check.equal("import asked of A", request(a, "POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}}).status, 202)
    check.eventually("it is active", 60, lambda: status(c, image) == "active", lambda: request(c, "GET", f"/v2/images/{image}/tasks").body)
    check.note(f"3 MiB from B to a worker and active after {time.monotonic() - began:.2f} s")
    check.equal("downloaded from C", digest(request(c, "GET", f"/v2/images/{image}/file").body), digest(data))


def scale(check, nodes, load):
    check.section("workers 2, 4, 1")
    rates = {}
    for count in (2, 4, 1):
        if count == 4:
            for host in (6, 7):
                nodes[host].spawn()
            for host in (6, 7):
                nodes[host].await_ready()
        if count == 1:
            for host in (5, 6, 7):
                nodes[host].terminate()
            check.equal("workers that were told to stop have ended", [nodes[host].end() is not None for host in (5, 6, 7)], [True] * 3)
        before, began = load.done(), time.monotonic()
        time.sleep(20 if LONG else 6)
        rates[count] = 60 * (load.done() - before) / (time.monotonic() - began)
    check.note("imports a minute: " + ", ".join(f"{rate:.0f} with {count}" for count, rate in rates.items()))
    nodes[5].spawn().await_ready()


def hand_over(check, nodes, balancer, database):
    check.section("a worker hands over what it works on")
    with slow_web() as url:
        image = create(nodes[3])
        request(nodes[3], "POST", f"/v2/images/{image}/import", {"method": {"name": "web-download", "uri": url}})
        worker = owner(check, nodes, (4, 5), image)
        other = nodes[9 - worker.host]
        mark = other.says(f"image={image} method=web-download")
        began = time.monotonic()
        worker.terminate()
        check.eventually("another worker goes on", 30, lambda: other.says(f"image={image} method=web-download") > mark)
        taken = time.monotonic() - began
        check.that("soon after the grace of one second", taken < 6, f"{taken:.1f} s after SIGTERM")
        check.that("the attempt does not count", database.rows(f"select attempts from tasks where image_id = '{image}'") == [["1"]])
        check.that("it ends by itself", worker.end() is not None)
        worker.environment["VITRINE_SHUTDOWN__IMPORT_GRACE"] = "10m"
        worker.spawn().await_ready()
        other.terminate()
        check.eventually("and back", 30, lambda: worker.says(f"image={image} method=web-download") > 1)
        other.end()
        worker.terminate()
        time.sleep(2)
        check.that("a long grace is kept", worker.process.poll() is None)
        began = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        check.that("a second signal ends it", worker.end(40) is not None, f"after {time.monotonic() - began:.1f} s")
        worker.environment.pop("VITRINE_SHUTDOWN__IMPORT_GRACE")
        call(9292, "DELETE", f"/v2/images/{image}", host=nodes[3].address)
    for node in (worker, other):
        node.spawn()
    for node in (worker, other):
        node.await_ready()


def owner(check, nodes, hosts, image):
    """The worker that works on an image."""
    found = []

    def look():
        found[:] = [nodes[host] for host in hosts if nodes[host].says(f"image={image} method=")]
        return bool(found)

    check.eventually("a worker has begun", 60, look)
    return found[0]


@contextlib.contextmanager
def slow_web():
    """A web server in the hub that gives 4 MiB at 64 KiB a second."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(OSError):
                self.send_response(200)
                self.send_header("Content-Length", str(4 * MIB))
                self.end_headers()
                for _ in range(4 * MIB // (16 * KIB)):
                    self.wfile.write(bytes(16 * KIB))
                    time.sleep(0.25)

        def log_message(self, *_):
            pass

    class Web(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True
        allow_reuse_address = True

    web = Web((f"{NET}.1", 8080), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield f"http://{NET}.1:8080/image"
    finally:
        web.shutdown()
        web.server_close()


def killed_worker(check, nodes, load, database):
    check.section("kill -9 of a worker")
    node = nodes[4]
    wait(lambda: mid_work(node), 30, 0.01)
    node.kill()
    began = time.monotonic()
    processing = {row[0] for row in database.rows("select image_id from tasks where status = 'processing'")}
    check.eventually("what was under way is done", SETTLE, lambda: not processing & unfinished(database))
    check.note(f"recovered after {time.monotonic() - began:.1f} s, with a lease of 15 s")
    node.rig.unlist(node.host)
    node.spawn().await_ready()


def mid_work(node):
    return node.says(" begins") > node.says(" succeeded") + node.says(" stopped: ")


def unfinished(database):
    return {row[0] for row in database.rows("select image_id from tasks where status in ('pending', 'processing')")}


def killed_api(check, node, what, balancer, load):
    check.section(f"kill -9 of {what}")
    with balancer.excusing(node):
        node.kill()
        began = time.monotonic()
        time.sleep(5)
        node.rig.unlist(node.host)
        node.spawn().await_ready()
        mark = node.says("INFO  ClusterLink joined")
        wait(lambda: node.says("INFO  ClusterLink joined") >= max(1, mark), 60, 0.5)
    target = load.accepted()
    check.eventually("what was accepted meanwhile is imported", SETTLE, lambda: load.settled(target))
    check.note(f"all well {time.monotonic() - began:.1f} s after the kill, 5 s of them without the process")


def cut_from_cluster(check, rig, nodes, load):
    check.section(f"a worker cut off from the cluster, not from PostgreSQL, for {CUT_SECONDS} s")
    rig.cut(4, [*API, 5])
    before = load.done()
    time.sleep(CUT_SECONDS)
    during = load.done() - before
    rig.heal()
    began = time.monotonic()
    target = load.accepted()
    check.that("imports went on", during > 0, during)
    check.eventually("what was accepted meanwhile is imported", SETTLE, lambda: load.settled(target))
    check.note(f"{during} imports meanwhile; all well {time.monotonic() - began:.1f} s after the cut was healed")


def cut_from_database(check, rig, nodes, balancer, load):
    check.section(f"an API process cut off from PostgreSQL for {CUT_SECONDS} s")
    with balancer.excusing(nodes[3]):
        rig.cut(3, [DATABASE])
        before = load.done()
        time.sleep(CUT_SECONDS)
        during = load.done() - before
        rig.heal()
        began = time.monotonic()
        check.eventually("it is ready again", SETTLE, nodes[3].ready)
        check.note(f"{during} imports meanwhile; ready {time.monotonic() - began:.1f} s after the cut was healed")
        wait(lambda: balancer.quiet(nodes[3]), 60, 0.5)
    target = load.accepted()
    check.eventually("what was accepted meanwhile is imported", SETTLE, lambda: load.settled(target))


def restart_all(check, nodes, balancer, load):
    check.section("every process restarted, one after another")
    before = len(balancer.failures)
    codes = []
    for host in (1, 2, 3, 4, 5):
        nodes[host].terminate()
        codes.append(nodes[host].end() is not None)
        nodes[host].spawn().await_ready()
    check.equal("all ended by themselves", codes, [True] * 5)
    check.equal("no request failed", balancer.failures[before:], [])
    target = load.accepted()
    began = time.monotonic()
    check.eventually("what was accepted meanwhile is imported", SETTLE, lambda: load.settled(target))


def verdict(check, load, balancer, database, nodes):
    check.section("in all")
    check.eventually("no import is left", SETTLE, lambda: not unfinished(database), lambda: unfinished(database))
    imported = dict(load.imports)
    states = {row[0]: row[1] for row in database.rows("select id, status from images")}
    lost = [image for image in imported if states.get(image) != "active"]
    reasons = [database.rows(f"select status, message, attempts from tasks where image_id = '{image}'") for image in lost[:5]]
    check.equal(f"of {len(imported)} accepted imports none is lost", (lost, reasons), ([], []))
    doubled = database.rows("select image_id from blobs where state = 'stored' and purpose = 'image' group by 1 having count(*) > 1")
    check.equal("none was done twice", doubled, [])
    begun = sum(nodes[host].says(" begins") for host in WORKERS)
    done = sum(nodes[host].says(" succeeded") for host in WORKERS)
    check.note(f"{begun} attempts for {done} imports")
    wrong = [image for image, wanted in {**imported, **load.uploads}.items() if image not in lost and downloaded(nodes[1], image) != wanted]
    check.equal(f"all {len(imported) + len(load.uploads)} images have their bytes", wrong, [])
    check.equal("only requests to what was killed or cut off failed", balancer.failures, [])
    check.note(f"{balancer.requests} requests, {len(balancer.excused)} failed on what was killed or cut off: "
               f"{dict(collections.Counter(what for _, what in balancer.excused))}")


# --- the load


class Balancer:
    """Gives requests to API processes that are ready, as a Kubernetes service does."""

    def __init__(self, nodes):
        self.nodes, self.ready = nodes, {node.name: True for node in nodes}
        self.requests, self.failures, self.excused = 0, [], []
        self.excuses = collections.Counter()
        self.open = collections.Counter()
        self.lock = threading.Lock()
        for node in nodes:
            threading.Thread(target=self._probe, args=(node,), daemon=True).start()

    def _probe(self, node):
        while True:
            self.ready[node.name] = node.ready()
            time.sleep(0.2)

    @contextlib.contextmanager
    def excusing(self, node):
        """Requests that run on the node meanwhile, or end, may fail."""
        self.excuses[node.name] += 1
        try:
            yield
        finally:
            wait(lambda: self.quiet(node), 60, 0.2)
            self.excuses[node.name] -= 1

    def quiet(self, node):
        return self.ready[node.name]

    def call(self, method, path, body=None, good=(200, 201, 202, 204)):
        """An answer, or None if the request failed."""
        node = random.choice([node for node in self.nodes if self.ready[node.name]] or self.nodes)
        excused = self.excuses[node.name] > 0
        try:
            answer = request(node, method, path, body)
            what = None if answer.status in good else f"{answer.status}"
        except (OSError, http.client.HTTPException) as error:
            answer, what = None, type(error).__name__
        with self.lock:
            self.requests += 1
            if what:
                entry = (node.name, what if answer is None else f"{what} {method} {answer.body[:120]}")
                (self.excused if excused or self.excuses[node.name] else self.failures).append(entry if not excused else (node.name, what))
        return answer if not what else None


class Load:
    """Uploads, downloads and imports without end."""

    def __init__(self, balancer):
        self.balancer = balancer
        self.uploads, self.imports, self.finished = {}, {}, set()
        self.running = True
        self.threads = [threading.Thread(target=self._run, args=(work, index), daemon=True)
                        for index, work in enumerate((self._upload, self._import, self._import, self._import, self._download, self._watch))]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join(120)

    def done(self):
        return len(self.finished)

    def accepted(self):
        return set(self.imports)

    def settled(self, images):
        return images <= self.finished

    def _run(self, work, index):
        turn = 0
        while self.running:
            turn += 1
            work(f"{index}/{turn}")
            time.sleep(0.1)

    def _create(self):
        answer = self.balancer.call("POST", "/v2/images", {"name": "load", "disk_format": "raw", "container_format": "bare"})
        return answer and answer.json()["id"]

    def _upload(self, seed):
        data = random_bytes(256 * KIB, seed)
        if (image := self._create()) and self.balancer.call("PUT", f"/v2/images/{image}/file", data):
            self.uploads[image] = digest(data)

    def _import(self, seed):
        if len(self.imports) - len(self.finished) > 20:
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
        for image in set(self.imports) - self.finished:
            answer = self.balancer.call("GET", f"/v2/images/{image}")
            if answer and answer.json()["status"] == "active":
                self.finished.add(image)


def request(node, method, path, body=None):
    headers = {"Content-Type": "application/octet-stream"} if isinstance(body, bytes) else None
    return call(9292, method, path, body, headers, seconds=90, host=node.address)


def create(node):
    answer = request(node, "POST", "/v2/images", {"name": "check", "disk_format": "raw", "container_format": "bare"})
    if answer.status != 201:
        raise Failed(f"create answered {answer}")
    return answer.json()["id"]


def status(node, image):
    return json.loads(request(node, "GET", f"/v2/images/{image}").body)["status"]


def files(node):
    return [path for path in (node.directory / "staging").rglob("*") if path.is_file()]


def digest(data):
    return hashlib.sha512(data).hexdigest()


def downloaded(node, image):
    return digest(request(node, "GET", f"/v2/images/{image}/file").body)


if __name__ == "__main__":
    Check("hosts").run(main)
