"""tus-js-client of npm uploads in four streams through HAProxy to two API processes that are killed in turn: what arrives is what was sent.

tus_pair.py [STORE... [MIB [SEED]]]: into the stores named, of file, s3 and rbd; file and s3 by default, 512 MiB each, 2 GiB with CI_LONG=1.
S3 and RBD are those of a real Ceph. Five kills at random moments; the seed is printed.
"""

import json
import random
import subprocess
import sys
import time

import ceph as rig
import stores_large
from front_servers import haproxy
from interruptions_rig import Site
from tus import Client, install_client
from vitrine import GIB, HEALTHY, HOST, LONG, MIB, ROOT, Check, Failed, at_exit, call, curl, digests, free_port, random_file, same, wait

STORES = ("file", "s3", "rbd")
KILLS = 5
DEADLINE = 90  # seconds within which what nobody needs must be gone


def main(check, directory):
    stores = [word for word in sys.argv[1:] if word in STORES] or ["file", "s3"]
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] * MIB if numbers else 2 * GIB if LONG else 512 * MIB
    seed = numbers[1] if len(numbers) > 1 else random.SystemRandom().randrange(1 << 32)
    check.note(f"{size // MIB} MiB into {', '.join(stores)}; seed {seed}")
    script, disk = install_client(directory), random_file(directory / "disk.raw", size, seed)
    ceph = start_ceph(check, directory) if set(stores) - {"file"} else None
    for store in stores:
        check.section(f"{store}: two processes behind HAProxy")
        (directory / store).mkdir()
        through(check, Case(check, directory / store, store, ceph), script, disk, random.Random(f"{seed}/{store}"))


def start_ceph(check, directory):
    check.section("Ceph starts")
    ceph = rig.Ceph(directory / "ceph").start(disk_bytes=20 * GIB)
    ceph.make_bucket(stores_large.BUCKET)
    return ceph


class Case:
    """Two processes with a store, and HAProxy in front of both."""

    def __init__(self, check, directory, store, ceph):
        self.store, self.ceph = store, ceph
        settings = {} if store == "file" else {**stores_large.settings(ceph), "VITRINE_STORES__DEFAULT": store}
        self.site = Site(check, directory, settings)
        self.port = free_port()
        backends = "\n".join(f"  server {server.directory.name} {HOST}:{server.port} check inter 500ms" for server in self.site.servers)
        shipped = (ROOT / "conf" / "haproxy" / "vitrine.cfg").read_text()
        shipped = shipped.replace("0.0.0.0:8080", f"{HOST}:{self.port}").replace("  server vitrine 127.0.0.1:9292", backends)
        with open(directory / "haproxy.log", "ab") as log:
            process = subprocess.Popen(haproxy(directory, shipped), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        at_exit(process.kill)
        if not wait(lambda: self.status("/versions") == 200, 30):
            raise Failed(f"HAProxy does not answer: {(directory / 'haproxy.log').read_text()[-500:]}")

    def status(self, path):
        try:
            return call(self.port, "GET", path).status
        except OSError:
            return 0

    def left(self):
        """What lies in the store, whole or not."""
        if self.store == "file":
            return self.site.files()
        if self.store == "rbd":
            return self.ceph.rbd("ls", rig.POOL).stdout.split()
        usage = json.loads(self.ceph.gateway_admin("bucket", "stats", "--bucket", stores_large.BUCKET).stdout)["usage"]
        return [f"{number} × {kind}" for kind, values in usage.items() if (number := values["num_objects"])]


def through(check, case, script, disk, chance):
    seconds = None
    for kills in (0, KILLS):
        image = case.site.servers[0].create()
        began = time.monotonic()
        client = Client(case, script, disk, image, 4)
        for number in range(kills):
            wait(lambda: client.process.poll() is not None, chance.uniform(0.2, 1.2) * seconds / 2)
            server = case.site.servers[number % 2]
            check.note(f"kill {number + 1}, {server.directory.name}, the image is {case.site.servers[1 - number % 2].status(image)}")
            server.kill()
            server.start()
        attempts = client.end(1800)
        check.that(f"the client ends well, with {kills} kills", attempts.isdigit(), f"attempts: {attempts}")
        seconds = seconds or time.monotonic() - began
        check.note(f"{time.monotonic() - began:.1f} s, {disk.stat().st_size / MIB / (time.monotonic() - began):.0f} MiB/s")
        is_whole(check, case, image, disk)
    for server in case.site.servers:
        check.equal(f"{server.directory.name} is well", server.health(), HEALTHY)
        check.equal("  it ends on SIGTERM", server.stop() in (0, 143), True)


def is_whole(check, case, image, disk):
    """Asserts that the image has the data and that nothing else is left, then deletes it."""
    server = case.site.servers[0]
    shown = server.show(image)
    check.equal("the image is active", (shown["status"], shown.get("stores")), ("active", "local" if case.store == "file" else case.store))
    check.equal("its digests", (shown.get("checksum"), shown.get("os_hash_value")), digests(disk))
    copy = disk.with_name("copy.raw")
    curl("-o", copy, server.path(image))
    check.that("its data", same(disk, copy))
    copy.unlink()
    check.eventually("no blob but that of the image", DEADLINE, lambda: len(case.site.rows("select id from blobs")) == 1)
    check.equal("deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)
    check.eventually("nothing is left in the store", DEADLINE, lambda: not case.left(), case.left)
    check.eventually("no blob and no upload is left", DEADLINE, lambda: not case.site.rows("select id from blobs union select id from uploads"))


if __name__ == "__main__":
    Check("tus_pair").run(main)
