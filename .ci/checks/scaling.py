#!/usr/bin/env python3
"""How imports scale with workers: one API process and 4, then 2, then 1 workers, each with the same small share of a processor.

Imports wait all the time; each costs the workers processor time: a compressed qcow2 image that becomes a raw one. What counts is
imports a minute. The share, a fifth of a core, is small so that what all workers share, which has the rest, is not the limit; so it
needs about one core for itself, a cgroup (version 1 or 2) and root.

scaling.py [seconds of each measurement]: 40, or 90 with CI_LONG=1
"""

import os
import pathlib
import sys
import threading
import time

from vitrine import KIB, LONG, MIB, Check, Failed, Server, at_exit, convert, digests, random_bytes, wait

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 90 if LONG else 40
SHARE = 0.2  # of one core, for each worker
PERIOD = 100000  # microseconds in which it is kept
COUNTS = (4, 2, 1)
DISK = 64 * MIB
WAITING = 60  # imports that wait, so that no worker ever does


def main(check, directory):
    try:
        shares = [Share(f"vitrine-scaling-{os.getpid()}-{number}") for number in range(max(COUNTS))]
    except OSError as refused:
        check.note(f"SKIPPED: no share of a processor can be set: {refused}")
        check.that("there is nothing to check without cgroups", True)
        return
    check.section("start")
    api, workers = make(directory)
    disk = directory / "disk.raw"
    pattern = random_bytes(4 * KIB, "pattern") + bytes(60 * KIB)
    disk.write_bytes(b"".join(number.to_bytes(8, "big") + pattern[8:] for number in range(DISK // len(pattern))))
    image = convert(disk, directory / "disk.qcow2", "qcow2", "-c").read_bytes()
    check.note(f"{len(image) // KIB} KiB of qcow2 become {DISK // MIB} MiB of raw data")
    feed = Feed(api, image)
    feed.start()
    check.eventually("enough imports wait", 300, lambda: pending(api) >= WAITING)
    for worker in workers:
        worker.start()
    check.eventually("every worker is warm", 180, lambda: min(map(succeeded, workers)) >= 2, lambda: list(map(succeeded, workers)))
    for worker, share in zip(workers, shares):
        share.take(worker.process.pid)

    rates = {}
    for count in COUNTS:
        check.section(f"{count} workers, each with {SHARE:.0%} of a core")
        for worker in workers[count:]:
            if worker.process.poll() is None:
                worker.stop()
        rates[count] = measure(check, api, workers[:count])
    feed.stop()
    check.note("imports a minute: " + ", ".join(f"{rates[count]:.0f} with {count}" for count in sorted(rates)))
    check.that("2 workers do at least 1.5 times what one does", rates[2] >= 1.5 * rates[1], f"{rates[2] / rates[1]:.2f}")
    check.that("4 workers do at least 2.5 times what one does", rates[4] >= 2.5 * rates[1], f"{rates[4] / rates[1]:.2f}")

    check.section("what became of them")
    for share in shares:
        share.lift()
    check.eventually("every import has ended", 180, lambda: api.rows("select 1 from tasks where status in ('pending', 'processing')") == [],
                     lambda: api.rows("select status, count(*) from tasks group by 1"))
    check.equal("all of them well", api.rows("select distinct status from tasks"), [["success"]])
    check.equal("none was done twice", api.rows("select image_id from blobs where state = 'stored' group by 1 having count(*) > 1"), [])
    last = api.rows("select id from images where status = 'active' order by created_at desc limit 1")[0][0]
    check.equal("with the right bytes", api.sha512(last), (digests(disk)[1], DISK))


def make(directory):
    """An API process that runs, and workers that do not yet; the former owns the database, all share the directories."""
    shared = {
        "VITRINE_STORES__BACKENDS__LOCAL__DIR": str(directory / "store"), "VITRINE_STORES__BACKENDS__LOCAL__SHARED": "true",
        "VITRINE_STORES__STAGING__DIR": str(directory / "staging"), "VITRINE_STORES__STAGING__SHARED": "true",
        # What a worker does beside its imports would be measured as well.
        "VITRINE_SCRUB__ENABLED": "false", "VITRINE_IMPORT__CONCURRENCY": "2", "VITRINE_SHUTDOWN__IMPORT_GRACE": "1s",
        # Nor how fast the disk is.
        "VITRINE_TRANSFER__FSYNC": "false", "VITRINE_STORES__BACKENDS__LOCAL__THIN_PROVISIONING": "true",
    }

    def process(name, roles):
        (directory / name).mkdir()
        return Server(directory / name, {**shared, "VITRINE_NODE__NAME": name, "VITRINE_ROLES": roles}, ("-Xmx192m", "-XX:TieredStopAtLevel=1"))

    api = process("api", "http,store")
    api.start()
    shared["VITRINE_DATABASE__URL"] = (api.data / "postgresql" / "address").read_text().strip()
    return api, [process(f"worker-{number}", "import,store") for number in range(1, max(COUNTS) + 1)]


def succeeded(worker):
    return worker.log.read_text(errors="replace").count(" succeeded")


def measure(check, api, workers):
    """Imports a minute; what was begun before by those that are gone is over by then."""
    wait(lambda: all(begun(worker) > 0 for worker in workers), 60, 0.2)
    time.sleep(3)
    before, used, began = list(map(succeeded, workers)), cpu(workers), time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - began
    done = [now - then for now, then in zip(map(succeeded, workers), before)]
    waiting = pending(api)
    check.that("there was always more to do", waiting > 0, waiting)
    check.note(f"{sum(done)} imports in {took:.0f} s, by worker {done}; {(cpu(workers) - used) / took / len(workers):.0%} of a core each "
               "by the JVM alone")
    return 60 * sum(done) / took


def pending(api):
    return int(api.rows("select count(*) from tasks where status = 'pending'")[0][0])


def begun(worker):
    return worker.log.read_text(errors="replace").count(" begins")


def cpu(workers):
    """Seconds of processor time that the processes, without their children, have used."""
    ticks = 0
    for worker in workers:
        fields = pathlib.Path(f"/proc/{worker.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Share:
    """A cgroup whose processes together have a share of one core, no more, and before others; their children are in it, too."""

    def __init__(self, name):
        version_1 = pathlib.Path("/sys/fs/cgroup/cpu")
        self.is_version_1 = version_1.is_dir()
        self.path = (version_1 if self.is_version_1 else pathlib.Path("/sys/fs/cgroup")) / name
        self.path.mkdir()
        at_exit(self._remove)
        self._set(int(SHARE * PERIOD))
        self._write(*("cpu.shares", 100000) if self.is_version_1 else ("cpu.weight", 10000))

    def take(self, pid):
        self._write("cgroup.procs", pid)

    def lift(self):
        self._set(-1 if self.is_version_1 else "max")

    def _set(self, quota):
        if self.is_version_1:
            self._write("cpu.cfs_period_us", PERIOD)
            self._write("cpu.cfs_quota_us", quota)
        else:
            self._write("cpu.max", f"{quota} {PERIOD}")

    def _write(self, name, value):
        (self.path / name).write_text(str(value))

    def _remove(self):
        wait(lambda: not (self.path / "cgroup.procs").read_text(), 20, 0.2)
        self.path.rmdir()


class Feed(threading.Thread):
    """Asks for imports so that some always wait."""

    def __init__(self, api, image):
        super().__init__(daemon=True)
        self.api, self.image, self.running = api, image, True

    def run(self):
        while self.running:
            if pending(self.api) < WAITING:
                image = self.api.create("qcow2")
                self.api.upload(image, self.image, "stage")
                answer = self.api.import_image(image, "glance-direct")
                if answer.status != 202:
                    raise Failed(f"import answered {answer}")
            else:
                time.sleep(0.2)

    def stop(self):
        self.running = False
        self.join(30)


if __name__ == "__main__":
    Check("scaling").run(main)
