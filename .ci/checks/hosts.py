#!/usr/bin/env python3
"""Vitrine on several hosts: 3 API processes, 2 to 5 workers, a PostgreSQL and an S3 server, each host with a network of its own.

First as in the overlay "ha", with stores and staging on S3; then with staging on the host that took the data, so that it travels
over the clustered event bus. While uploads, downloads and imports go on, workers come and go, processes are killed, hosts are cut
off, and everything is restarted on a newer schema. No import may be lost or done twice; only requests to what was killed or cut
off may fail.

hosts.py [seconds of each cut]: 20, or 30 with CI_LONG=1
"""

import collections
import os
import sys

import ceph
import hosts_events as events
from hosts_load import SETTLE, Balancer, Events, Load, create, digest, downloaded, request, status
from hosts_rig import NET, SERVICE, Node, Postgres, Rig, address
from hosts_s3 import BUCKETS, ObjectStore
from vitrine import LONG, MIB, ROOT, Check, install, java, random_bytes, run

API, WORKERS, DATABASE = (1, 2, 3), (4, 5, 6, 7, 8), 9
FIRST_WORKERS = (4, 5)
CUT_SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 30 if LONG else 20


class Site:
    """All that runs, for the events."""

    def __init__(self, check, directory):
        self.check, self.directory, self.cut_seconds = check, directory, CUT_SECONDS
        self.rig = Rig(directory, DATABASE)
        self.database = Postgres(directory, DATABASE)
        self.objects = ObjectStore(directory)
        self.nodes = {}
        self.cache = directory / "vitrine.aot"

    def train(self, conf):
        """Makes what has all further processes start with half of the work, as in the container image."""
        first = Node(self.rig, 1, "training", "http,store,import", conf, f"-XX:AOTCacheOutput={self.cache}")
        first.spawn().await_ready()
        self.check.eventually("a process alone has joined the cluster", 90, first.has_joined)
        first.terminate()
        first.end(300)

    def make(self, conf):
        """Processes that are not started yet, in the place of any others."""
        for host in (*API, *WORKERS):
            kind, roles = ("api", "http,store") if host in API else ("worker", "import,store")
            self.nodes[host] = Node(self.rig, host, f"{conf.stem}-{kind}-{host}", roles, conf, f"-XX:AOTCache={self.cache}")

    def start(self, hosts):
        """Starts processes, the first of them alone: it becomes the oldest of the cluster."""
        first, *others = [self.nodes[host] for host in hosts]
        first.spawn().await_ready()
        for node in others:
            node.spawn()
        self.check.note(f"ready after {max(node.await_ready() for node in others):.0f} s")
        self.check.eventually("all have joined the cluster", 90, lambda: all(node.has_joined() for node in [first, *others]))

    def stop(self):
        running = [node for node in self.nodes.values() if node.process and node.process.poll() is None]
        for node in running:
            node.terminate()
        for node in running:
            node.end()

    def api(self):
        return [self.nodes[host] for host in API]

    def program(self, *arguments):
        """Runs a command of Vitrine's on the database."""
        return run(java(), "-XX:TieredStopAtLevel=1", "-jar", ROOT / "target" / "vitrine.jar", *arguments, check=False,
                   env={**os.environ, "VITRINE_DATABASE__URL": self.database.url})


def main(check, directory):
    if os.geteuid() != 0:
        check.note("SKIPPED: network namespaces need root")
        check.that("there is nothing to check without root", True)
        return
    install(ceph.PACKAGES)  # while there is a network outside
    site = Site(check, directory)
    site.program("db", "migrate")
    as_in_ha(site)
    with_local_staging(site)


def as_in_ha(site):
    check = site.check
    check.section("start, with stores and staging on S3")
    conf = configuration(site, "s3", site.objects.settings(BUCKETS[1]))
    site.train(conf)
    site.make(conf)
    site.start((*API, *FIRST_WORKERS))
    across(site, lambda a, b: check.equal("its data is in the bucket for staging", len(site.objects.objects(BUCKETS[1])), 1))
    with_load(site, (events.scale, events.hand_over, events.killed_worker, events.killed_api, events.killed_oldest, events.cut_from_cluster,
                     events.cut_from_database, events.rolling_update))
    owned(site, "staging", lambda: ids(site.objects.objects(BUCKETS[1])))
    site.stop()


def with_local_staging(site):
    check = site.check
    check.section("start, with staging on each host")
    earlier = blobs(site, "staging")
    site.make(configuration(site, "local", "{kind: file}"))
    site.start((*API, *FIRST_WORKERS))
    across(site, lambda a, b: check.that("its data is on B alone", not a.staged() and b.staged()))
    with_load(site, (events.killed_oldest, events.cut_from_cluster))
    owned(site, "staging", lambda: earlier | ids(path for node in site.nodes.values() for path in node.staged()))
    site.stop()


def configuration(site, name, staging):
    conf = site.directory / f"{name}.yaml"
    conf.write_text(f"""
http: {{host: 0.0.0.0, instances: 1}}
management: {{host: 0.0.0.0}}
identity: {{allow_non_loopback: true, project: check}}
database: {{url: "{site.database.url}"}}
stores:
  default: objects
  backends: {{objects: {site.objects.settings(BUCKETS[0])}}}
  staging: {staging}
cluster: {{enabled: true, dns_name: {SERVICE}, secret: hosts}}
import: {{web_download: {{allowed_ports: [8080], allowed_networks: [{NET}.1/32]}}}}
shutdown: {{ready_delay: 1s, grace: 20s, import_grace: 1s}}
""")
    return conf


def across(site, check_staging):
    check = site.check
    check.section("upload on A, stage on B, import by a worker, download from C")
    a, b, c = site.api()
    data = random_bytes(3 * MIB, "across")
    image = create(a)
    check.equal("uploaded on A", request(a, "PUT", f"/v2/images/{image}/file", data).status, 204)
    check.that("downloaded from C", downloaded(c, image) == digest(data))
    image = create(a)
    check.equal("staged on B", request(b, "PUT", f"/v2/images/{image}/stage", data).status, 204)
    check_staging(a, b)
    check.equal("import asked of A", request(a, "POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}}).status, 202)
    check.eventually("it is active", 60, lambda: status(c, image) == "active", lambda: request(c, "GET", f"/v2/images/{image}/tasks").body)
    check.that("downloaded from C", downloaded(c, image) == digest(data))


def with_load(site, happenings):
    """Lets things happen while uploads, downloads and imports go on, and judges what became of those."""
    check = site.check
    site.load = Load(Balancer(site.api()), site.database)
    site.load.start()
    report = Events(check, site.load)
    check.eventually("imports flow", 60, lambda: site.load.done() > 3)
    try:
        for happening in happenings:
            happening(site, report)
    finally:
        site.load.stop()
    verdict(site, report)


def verdict(site, report):
    check, load, database = site.check, site.load, site.database
    check.section("in all")
    check.eventually("no import is left", SETTLE, lambda: not events.unfinished(database), lambda: events.unfinished(database))
    imported = dict(load.imports)
    states = dict(database.rows("select id, status from images"))
    lost = [image for image in imported if states.get(image) != "active"]
    reasons = [database.rows(f"select status, message, attempts from tasks where image_id = '{image}'") for image in lost[:5]]
    check.equal(f"of {len(imported)} accepted imports none is lost", (lost, reasons), ([], []))
    stored = database.rows("select image_id, count(*) from blobs where state = 'stored' and purpose = 'image' group by 1")
    check.equal("none was done twice", [image for image, copies in stored if copies != "1"], [])
    owned(site, "image", lambda: ids(site.objects.objects(BUCKETS[0])))
    workers = [site.nodes[host] for host in WORKERS]
    check.note(f"{sum(node.says('The attempt begins') for node in workers)} attempts for {sum(node.says('The task succeeded') for node in workers)} imports")
    wrong = [image for image, wanted in {**imported, **load.uploads}.items() if image not in lost and downloaded(site.nodes[1], image) != wanted]
    check.equal(f"all {len(imported) + len(load.uploads)} images have their bytes", wrong, [])
    check.equal("only requests to what was killed or cut off failed", load.balancer.failures, [])
    check.note(f"{load.balancer.requests} requests, {len(load.balancer.excused)} failed on what was killed or cut off: "
               f"{dict(collections.Counter(what for _, what in load.balancer.excused))}")
    report.print()


def owned(site, purpose, found):
    """Each blob of the catalog has its bytes, and there are no others. Staged data whose import was never asked for stays."""
    site.check.eventually(f"there is an object for each {purpose} blob, and no other", 60, lambda: found() == blobs(site, purpose),
                          lambda: found() ^ blobs(site, purpose))


def blobs(site, purpose):
    return {row[0] for row in site.database.rows(f"select id from blobs where purpose = '{purpose}'")}


def ids(paths):
    return {str(path).rsplit("/", 1)[-1] for path in paths}


if __name__ == "__main__":
    Check("hosts").run(main)
