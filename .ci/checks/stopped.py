"""A worker that is stopped (SIGSTOP) past its lease, and goes on (SIGCONT) when another has taken its import over.

stopped.py [MOMENTS [SEED]]: 6 moments by default, 20 with CI_LONG=1, spread over download, conversion, store and two commits: that
of the data and that of the end. No import may be lost, doubled or made of the data of both workers.
"""

import hashlib
import random
import sys
import time

from chaos_rig import STORES, check_once, start
from vitrine import KIB, LONG, MIB, Check, Failed, Web, convert, digests, random_bytes, wait

PHASES = ("download", "conversion", "store", "commit of the data", "commit of the end")
LEASE = 3  # seconds
DEADLINE = 120  # seconds within which an import comes to its phase, and ends
SLOW_COMMITS = """
    create function slow_commit() returns trigger language plpgsql as $$
    begin
      perform pg_sleep(4);
      return null;
    end $$;
    create constraint trigger slow_commit after update on blobs deferrable initially deferred for each row
      when (old.state = 'writing' and new.state = 'stored' and new.purpose = 'image') execute function slow_commit();
    create constraint trigger slow_commit after update on tasks deferrable initially deferred for each row
      when (old.status = 'processing' and new.status = 'success') execute function slow_commit();
    """


def main(check, directory):
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20 if LONG else 6
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    check.note(f"{count} moments, seed {seed}")
    chance = random.Random(seed)
    web = Web(directory)
    work = Work(directory, web)
    environment = {**web.environment(), "VITRINE_LEASE__TTL": f"{LEASE}s", "VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_IMPORT__CONCURRENCY": "1"}
    (api,), workers = start(check, directory, environment, apis=1)
    api.rows(SLOW_COMMITS)
    imports = []
    for number in range(count):
        phase = PHASES[number % len(PHASES)]
        check.section(f"moment {number + 1}: {phase}")
        imports.append(one_moment(check, api, workers, Import(api, web, work, phase), chance))
        workers.reverse()

    check.section("at the end")
    check.equal("every image has the right bytes still", [each.image for each in imports if not each.is_whole()], [])
    check_once(check, api, imports)
    check.equal("one task each, a success", {tuple(each.states()) for each in imports}, {("success",)})
    check.equal("they can be deleted", {api.call("DELETE", f"/v2/images/{each.image}").status for each in imports}, {204})
    check.eventually("  and nothing is left of them", DEADLINE, lambda: not api.rows("select from blobs"))


def one_moment(check, api, workers, each, chance):
    """Stops the worker in the phase, lets the other take over, and lets it go on while or after that one works."""
    worker, other = workers
    other.pause()
    each.begin()
    if not wait(each.is_in_phase, DEADLINE, interval=0.005):
        raise Failed(f"it does not come to its phase: {each.api.tasks(each.image)}")
    time.sleep(0 if each.phase.startswith("commit") else chance.uniform(0, 0.4))
    worker.pause()
    other.go_on()
    stopped = time.monotonic()
    taken = wait(lambda: each.is_settled() or each.leases() > 1, DEADLINE)
    check.that("the other worker takes the import over", taken, f"after {time.monotonic() - stopped:.1f} s")
    # Now and then both are at work at the same time.
    wait(each.is_settled, chance.choice((0, 1, 20)))
    wait(lambda: time.monotonic() > stopped + LEASE + 1, LEASE + 2)
    worker.go_on()
    check.eventually("it ends", DEADLINE, each.is_settled, lambda: api.tasks(each.image))
    check.equal("well", (api.status(each.image), each.states()), ("active", ["success"]))
    check.that("with the right bytes", each.is_whole())
    check.eventually("nothing is half done", DEADLINE, lambda: api.rows(
        f"select store, state from blobs where image_id = '{each.image}'") == [["local", "stored"]],
        lambda: api.rows(f"select store, purpose, state from blobs where image_id = '{each.image}'"))
    return each


class Work:
    """What is imported, and what it must become."""

    def __init__(self, directory, web):
        self.raw = random_bytes(96 * MIB, "stopped")
        (web.files / "stopped.raw").write_bytes(self.raw)
        self.raw_digest = hashlib.sha512(self.raw).hexdigest()
        disk = directory / "disk.raw"
        pattern = random_bytes(8 * KIB, "pattern") + bytes(24 * KIB)
        with open(disk, "wb") as file:
            for number in range(192 * MIB // len(pattern)):
                file.write(number.to_bytes(8, "big") + pattern[8:])
        self.qcow2 = convert(disk, directory / "disk.qcow2", "qcow2", "-c").read_bytes()
        self.disk_digest = digests(disk)[1]
        disk.unlink()


class Import:
    """One image, prepared for an import that is stopped in a phase."""

    wanted = [STORES[0]]

    def __init__(self, api, web, work, phase):
        self.api, self.phase = api, phase
        is_converted = phase == "conversion"
        self.digest = work.disk_digest if is_converted else work.raw_digest
        self.image = api.create("qcow2" if is_converted else "raw")
        self.request = {"method": {"name": "glance-direct"}}
        if phase == "download":
            self.request = {"method": {"name": "web-download", "uri": web.url("slow/stopped.raw")}}
        else:
            answer = api.upload(self.image, work.qcow2 if is_converted else work.raw, "stage", chunk=MIB)
            if answer.status != 204:
                raise Failed(f"stage answered {answer}")

    def begin(self):
        answer = self.api.call("POST", f"/v2/images/{self.image}/import", self.request)
        if answer.status != 202:
            raise Failed(f"the import was answered {answer}")

    def is_in_phase(self):
        if self.phase.startswith("commit"):
            is_stored = f"exists (select from blobs where image_id = '{self.image}' and purpose = 'image' and state = 'stored')"
            return bool(self.api.rows(
                f"select 1 from tasks where image_id = '{self.image}' and status = 'processing' and {'not' if self.phase.endswith('data') else ''}"
                f" {is_stored} and exists (select from pg_stat_activity where wait_event = 'PgSleep')"))
        doing = {"download": "Downloading", "conversion": "Converting", "store": "Storing"}[self.phase]
        return any(doing in task["message"] for task in self.api.tasks(self.image))

    def leases(self):
        return int(self.api.rows(f"select max(leases) from tasks where image_id = '{self.image}'")[0][0])

    def states(self):
        return [task["status"] for task in self.api.tasks(self.image)]

    def is_settled(self):
        states = set(self.states())
        return bool(states) and not states & {"pending", "processing"}

    def is_whole(self):
        return self.api.sha512(self.image)[0] == self.digest


if __name__ == "__main__":
    Check("stopped").run(main)
