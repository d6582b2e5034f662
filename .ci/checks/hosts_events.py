"""What happens to the hosts of hosts.py, each while the load goes on; the functions take the site and the report."""

import contextlib
import http.server
import signal
import socketserver
import threading
import time

from hosts_load import create, request
from hosts_rig import NET
from vitrine import KIB, LONG, MIB, call, wait

LATER = 9999  # a schema of a version that is still to come


def scale(site, report):
    """Two workers, five, one, and two again."""
    check, nodes, load = site.check, site.nodes, site.load
    with report.during("workers from 2 to 5") as told:
        before = rate(load)
        added = [nodes[host] for host in (6, 7, 8)]
        for node in added:
            node.spawn()
        for node in added:
            node.await_ready()
        check.eventually("each new worker has imported something", 60, lambda: all(node.says("The task succeeded") for node in added),
                         lambda: [node.says("The task succeeded") for node in added])
        done = {host: nodes[host].says("The task succeeded") for host in (4, 5, 6, 7, 8)}
        after = rate(load)
        told["a minute"] = f"{before:.0f}, then {after:.0f}"
        told["by worker"] = [nodes[host].says("The task succeeded") - count for host, count in done.items()]
        check.that("all five share the work", all(told["by worker"]), told["by worker"])
    with report.during("workers from 5 to 1") as told:
        leaving = [nodes[host] for host in (5, 6, 7, 8)]
        for node in leaving:
            node.terminate()
        check.equal("workers that were told to stop have ended", [node.end() is not None for node in leaving], [True] * 4)
        told["a minute"] = f"{rate(load):.0f}"
        check.that("the last one goes on", load.await_all(check) is not None)
    nodes[5].spawn().await_ready()


def rate(load):
    """Imports a minute."""
    before, began = load.done(), time.monotonic()
    time.sleep(20 if LONG else 8)
    return 60 * (load.done() - before) / (time.monotonic() - began)


def hand_over(site, report):
    check, nodes, database = site.check, site.nodes, site.database
    with report.during("a worker hands over what it works on"), slow_web() as url:
        image = create(nodes[3])
        request(nodes[3], "POST", f"/v2/images/{image}/import", {"method": {"name": "web-download", "uri": url}})
        worker = owner(check, nodes, image)
        other = nodes[9 - worker.host]
        mark = other.says(f"image_id={image} task=web-download")
        began = time.monotonic()
        worker.terminate()
        check.eventually("another worker goes on", 30, lambda: other.says(f"image_id={image} task=web-download") > mark)
        taken = time.monotonic() - began
        check.that("soon after the grace of one second", taken < 6, f"{taken:.1f} s after SIGTERM")
        check.that("the attempt does not count", database.rows(f"select attempts from tasks where image_id = '{image}'") == [["1"]])
        check.that("it ends by itself", worker.end() is not None)
        worker.environment["VITRINE_SHUTDOWN__IMPORT_GRACE"] = "10m"
        worker.spawn().await_ready()
        other.terminate()
        check.eventually("and back", 30, lambda: worker.says(f"image_id={image} task=web-download") > 1)
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


def owner(check, nodes, image):
    """The worker that works on an image."""
    found = []

    def look():
        found[:] = [nodes[host] for host in (4, 5) if nodes[host].says(f"image_id={image} task=")]
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


# --- kills


def killed_worker(site, report):
    check, node, database = site.check, site.nodes[4], site.database
    with report.during("kill -9 of a worker") as told:
        wait(lambda: node.says("The attempt begins") > node.says("The task succeeded") + node.says("The attempt stopped"), 30, 0.01)
        node.kill()
        began = time.monotonic()
        processing = {row[0] for row in database.rows("select image_id from tasks where status = 'processing'")}
        check.eventually("what was under way is done", 120, lambda: not processing & unfinished(database))
        told["recovered after"] = f"{time.monotonic() - began:.1f} s (a lease lasts 15 s)"
        site.rig.unlist(node.host)
        node.spawn().await_ready()


def unfinished(database):
    return {row[0] for row in database.rows("select image_id from tasks where status in ('pending', 'processing')")}


def killed_api(site, report):
    _killed_api(site, report, site.nodes[2], "an API process")


def killed_oldest(site, report):
    _killed_api(site, report, site.nodes[1], "the oldest of the cluster")


def _killed_api(site, report, node, what):
    with report.during(f"kill -9 of {what}, back 5 s later") as told:
        with site.load.balancer.excusing(node):
            node.kill()
            began = time.monotonic()
            time.sleep(5)
            site.rig.unlist(node.host)
            joined = node.joins()
            node.spawn().await_ready()
            told["ready after"] = f"{time.monotonic() - began:.1f} s"
            wait(lambda: node.joins() > joined, 60, 0.5)
        site.load.await_all(site.check)
        told["recovered after"] = f"{time.monotonic() - began:.1f} s"


# --- cuts: packets vanish, connections stay open


def cut_from_cluster(site, report):
    """A worker that reaches neither the API processes nor the other worker, but PostgreSQL and the S3 server."""
    check, load, worker, other = site.check, site.load, site.nodes[4], site.nodes[5]
    with report.during(f"a worker cut off from the cluster, not from PostgreSQL, for {site.cut_seconds} s") as told:
        before, done = load.done(), (worker.says("The task succeeded"), other.says("The task succeeded"))
        site.rig.cut(4, [1, 2, 3, 5])
        time.sleep(site.cut_seconds)
        during, by = load.done() - before, (worker.says("The task succeeded") - done[0], other.says("The task succeeded") - done[1])
        site.rig.heal()
        told["meanwhile"] = f"{during}, of them {by[0]} by the worker that was cut off"
        check.that("imports went on", during > site.cut_seconds / 5, told["meanwhile"])
        told["recovered after"] = f"{load.await_all(check):.1f} s"


def cut_from_database(site, report):
    """An API process and a worker; the worker's leases run out."""
    check, load, nodes = site.check, site.load, site.nodes
    with report.during(f"an API process and a worker cut off from PostgreSQL for {site.cut_seconds} s") as told:
        with load.balancer.excusing(nodes[3]):
            before = load.done()
            site.rig.cut(9, [3, 4])
            time.sleep(site.cut_seconds)
            during = load.done() - before
            site.rig.heal()
            began = time.monotonic()
            check.eventually("both are ready again", 120, lambda: nodes[3].ready() and nodes[4].ready())
            told["ready after"] = f"{time.monotonic() - began:.1f} s"
        told["meanwhile"] = during
        check.that("imports went on", during > site.cut_seconds / 5, during)
        load.await_all(check)
        told["recovered after"] = f"{time.monotonic() - began:.1f} s"


# --- a new version


def rolling_update(site, report):
    """A later version adds to the schema; processes of this one go on, and start again, until a version takes something away."""
    check, nodes, load = site.check, site.nodes, site.load
    with report.during("a later version's migration, then every process restarted one after another") as told:
        failures = len(load.balancer.failures)
        expand(site.database)
        check.equal("this program can still use the schema", site.program("db", "check").returncode, 0)
        codes, slowest = [], 0
        for host in (1, 2, 3, 4, 5):
            began = time.monotonic()
            nodes[host].terminate()
            codes.append(nodes[host].end() is not None)
            nodes[host].spawn().await_ready()
            slowest = max(slowest, time.monotonic() - began)
        check.equal("all ended by themselves", codes, [True] * 5)
        check.equal("no request failed", load.balancer.failures[failures:], [])
        told["recovered after"] = f"{load.await_all(check):.1f} s"
        told["slowest restart"] = f"{slowest:.1f} s"
        site.database.rows(f"update schema_compatibility set oldest = {LATER}")
        check.equal("a schema that takes something away is refused", site.program("db", "check").returncode, 4)
        site.database.rows("update schema_compatibility set oldest = 1")


def expand(database):
    """What a migration of a later version does that only adds: a table, and a column in each of the others."""
    tables = [row[0] for row in database.rows("select tablename from pg_tables where schemaname = 'public' and tablename <> 'flyway_schema_history'")]
    for table in tables:
        database.rows(f"alter table {table} add column later text not null default 'later'")
    database.rows("create table later (id bigint primary key)")
    database.rows(f"""
        insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success)
        select max(installed_rank) + 1, '{LATER}', 'later', 'SQL', 'V{LATER}__later.sql', 'check', 1, true from flyway_schema_history""")
