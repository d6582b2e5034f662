"""Imports while workers die: two API processes and two workers over one database, a worker killed every few seconds.

chaos.py [IMPORTS [SECONDS]]: 50 imports of all methods (200 with CI_LONG=1), kill -9 of one worker every 5 s. In the end every
image is active with the right bytes in the right stores, each import was done once, and nothing is left in staging.
"""

import collections
import hashlib
import itertools
import sys
import threading
import time

from chaos_rig import STORES, check_once, start
from vitrine import HEALTHY, KIB, LONG, MIB, Check, Failed, Web, convert, digests, random_bytes, wait

KINDS = ("direct", "direct converted", "web", "web converted", "copy", "direct to two stores")
DEADLINE = 480  # seconds within which all imports must have ended


def main(check, directory):
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200 if LONG else 50
    pause = float(sys.argv[2]) if len(sys.argv) > 2 else 5
    web = Web(directory)
    work = Work(directory, web)
    apis, workers = start(check, directory, {**web.environment(), "VITRINE_LEASE__TTL": "5s", "VITRINE_LEASE__GC_INTERVAL": "2s"})

    check.section(f"{count} imports, a worker killed every {pause:g} s")
    killer = Killer(workers, pause)
    began = time.monotonic()
    imports = [Import(next_api, web, work, kind) for next_api, kind in
               zip(itertools.islice(itertools.cycle(apis), count), itertools.cycle(KINDS))]
    check.equal("every import was accepted", [each.answer for each in imports if each.answer != 202], [])
    ended = wait(lambda: all(each.is_settled() for each in imports), DEADLINE, interval=0.5)
    took = time.monotonic() - began
    killer.end()
    check.that("every import ended", ended, f"after {took:.0f} s, {killer.kills} kills of workers, {60 * count / took:.0f} a minute")

    check.section("what became of them")
    outcomes = collections.Counter(f"{each.kind}: {each.status()}" for each in imports)
    check.equal("every image is active", {each.status() for each in imports}, {"active"})
    check.equal("every task is a success", [each.tasks() for each in imports if each.states() != ["success"]], [])
    check.equal("every image has the right bytes", [each.describe() for each in imports if not each.is_whole()], [])
    check.equal("every image is in its stores", [each.describe() for each in imports if each.stores() != each.wanted], [])
    check_once(check, apis[0], imports)
    check.equal("both API processes are well", [api.health() for api in apis], [HEALTHY, HEALTHY])
    for outcome, number in sorted(outcomes.items()):
        check.note(f"{number} × {outcome}")
    leases = collections.Counter(int(row[0]) for row in apis[0].rows("select leases from tasks"))
    check.note("taken up: " + ", ".join(f"{number} × {times}" for times, number in sorted(leases.items())))
    check.that("workers died in the middle of imports", any(times > 1 for times in leases), killer.kills)
    check.equal("which nobody is blamed for", apis[0].rows("select distinct attempts from tasks"), [["1"]])


class Work:
    """What is imported, and what it must become."""

    def __init__(self, directory, web):
        self.raw = random_bytes(24 * MIB, "chaos")
        disk = directory / "disk.raw"
        pattern = random_bytes(8 * KIB, "pattern") + bytes(24 * KIB)
        with open(disk, "wb") as file:
            for number in range(96 * MIB // len(pattern)):
                file.write(number.to_bytes(8, "big") + pattern[8:])
        self.qcow2 = convert(disk, web.files / "chaos.qcow2", "qcow2", "-c").read_bytes()
        (web.files / "chaos.raw").write_bytes(self.raw)
        self.raw_digest = hashlib.sha512(self.raw).hexdigest()
        self.disk_digest = digests(disk)[1]
        disk.unlink()


class Import:
    """One image and its import."""

    def __init__(self, api, web, work, kind):
        self.api, self.kind = api, kind
        is_converted = kind.endswith("converted")
        data = work.qcow2 if is_converted else work.raw
        self.digest = work.disk_digest if is_converted else work.raw_digest
        self.wanted = ["local"]
        self.image = api.create("qcow2" if is_converted else "raw")
        body = {"method": {"name": "glance-direct"}}
        if kind.startswith("web"):
            body["method"] = {"name": "web-download", "uri": web.url("slow/chaos.qcow2" if is_converted else "slow/chaos.raw")}
        elif kind == "copy":
            self.send(data, "file")
            body = {"method": {"name": "copy-image"}, "stores": ["second"]}
        else:
            self.send(data, "stage")
        if kind == "direct to two stores":
            body["stores"] = list(STORES)
        if kind in ("copy", "direct to two stores"):
            self.wanted = sorted(STORES)
        self.answer = api.call("POST", f"/v2/images/{self.image}/import", body).status

    def send(self, data, target):
        answer = self.api.upload(self.image, data, target, chunk=MIB)
        if answer.status != 204:
            raise Failed(f"{target} answered {answer}")

    def status(self):
        return self.api.status(self.image)

    def tasks(self):
        return self.api.tasks(self.image)

    def states(self):
        return [task["status"] for task in self.tasks()]

    def is_settled(self):
        return bool(self.states()) and not set(self.states()) & {"pending", "processing"}

    def is_whole(self):
        return self.api.sha512(self.image)[0] == self.digest

    def stores(self):
        return sorted(self.api.show(self.image).get("stores", "").split(","))

    def describe(self):
        return self.kind, self.api.show(self.image), self.tasks()


class Killer(threading.Thread):
    """Kills the workers in turn, every few seconds if the other is at work, and starts each again at once."""

    def __init__(self, workers, pause):
        super().__init__(daemon=True)
        self.workers, self.pause, self.kills = workers, pause, 0
        self.stopping = threading.Event()
        self.restarts = []
        self.start()

    def run(self):
        turn = itertools.cycle(self.workers)
        while not self.stopping.wait(self.pause):
            if all(each.ready() for each in self.workers):
                worker = next(turn)
                worker.kill()
                self.kills += 1
                self.restarts.append(threading.Thread(target=worker.start, daemon=True))
                self.restarts[-1].start()

    def end(self):
        self.stopping.set()
        self.join(60)
        for restart in self.restarts:
            restart.join(120)


if __name__ == "__main__":
    Check("chaos").run(main)
