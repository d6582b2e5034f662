"""kill -9 of a worker at every boundary between the steps of an import, just before and right after it.

chaos_steps.py [METHOD...]: glance-direct by default, with CI_LONG=1 all methods; every import has two stores, and data that is
decompressed, converted and given properties on its way where its method allows.

What a worker has done counts once its transaction in the catalog is committed, so these are the boundaries. One import without
a kill tells which there are. Then one import is begun for each boundary and side of it: a trigger holds each in the commit of
its boundary. When all are held, the worker is stopped; the commits of one side are let go, so that the worker never learns of
them, and it is killed; the commits of the other side are rolled back. The other worker then has to finish all of them.
"""

import collections
import gzip
import itertools
import subprocess
import sys

from chaos_rig import STORES, check_once, files, start, start_all
from keystone_rig import Keystone
from vitrine import KIB, LONG, MIB, Check, Failed, Web, at_exit, convert, digests, random_bytes, wait

Kept = collections.namedtuple("Kept", "image wanted")
METHODS = ("glance-direct", "web-download", "copy-image", "glance-download")
BEFORE, AFTER = 1, 2  # sides of a boundary: keys of advisory locks
DEADLINE = 180  # seconds within which imports come to their boundaries, and end when they may: one after the other, as suspects
TOKEN_KEY = "a secret of all nodes, 32 characters or more"

TRIGGERS = """
    create table reached (place bigserial, transaction bigint, image uuid, name text, number int);
    create table holds (image uuid primary key, name text, number int, side int);

    create function reach(of_image uuid, event text) returns void language plpgsql as $$
    declare
      nth int := 1 + count(*) from reached where image = of_image and name = event and transaction <> txid_current();
      held int := side from holds where image = of_image and name = event and number = nth;
    begin
      if exists (select from reached where image = of_image and name = event and transaction = txid_current()) then
        return;
      end if;
      insert into reached (transaction, image, name, number) values (txid_current(), of_image, event, nth);
      if held is not null then
        perform set_config('lock_timeout', '0', true); -- held for as long as the check wants
        perform pg_advisory_xact_lock_shared(held);
      end if;
    end $$;

    create function reach_in_task() returns trigger language plpgsql as $$
    begin
      if (old.status, old.leases, old.checkpoint) is distinct from (new.status, new.leases, new.checkpoint) then
        perform reach(new.image_id, 'task ' || new.status || (
          select coalesce(' with ' || string_agg(key, ', ' order by key), '') from jsonb_object_keys(new.checkpoint) as key));
      end if;
      return null;
    end $$;

    create function reach_in_blob() returns trigger language plpgsql as $$
    declare
      place text := coalesce(new.store, old.store);
    begin
      if new.state is distinct from old.state then
        perform reach(coalesce(new.image_id, old.image_id),
          case place when 'os_glance_staging_store' then 'staging' else place end || ' ' || coalesce(new.state, 'gone'));
      end if;
      return null;
    end $$;

    create constraint trigger reached after update on tasks deferrable initially deferred
      for each row execute function reach_in_task();
    create constraint trigger reached after insert or update or delete on blobs deferrable initially deferred
      for each row execute function reach_in_blob();
    """


def main(check, directory):
    methods = sys.argv[1:] or (METHODS if LONG else METHODS[:1])
    rig = Rig(check, directory, methods)
    for method in methods:
        images = rig.sources(method) + of_method(check, rig, method)
        check_once(check, rig.api, images)
        check.equal("they can be deleted", {rig.api.call("DELETE", f"/v2/images/{each.image}").status for each in images}, {204})
        check.eventually("  and nothing is left of them", DEADLINE, lambda: not files(rig.api))


def of_method(check, rig, method):
    """All imports of a method, which have all been looked at."""
    check.section(f"{method}, without a kill")
    model = Import(rig, method)
    model.begin()
    rig.settle([model])
    check.equal("it succeeds", model.faults(), {})
    wait(lambda: rig.is_clear(model), DEADLINE)
    boundaries = rig.boundaries(model)
    for boundary in boundaries:
        check.note(str(boundary))

    imports = [model]
    for number, held in enumerate(rounds(boundaries), 1):
        check.section(f"{method}, kill {number}: {len(held)} imports, each at its own boundary")
        imports += one_kill(check, rig, method, held)
    return imports


def rounds(boundaries):
    """What is held at each kill. A worker takes tasks, and removes data, one at a time: one such boundary a kill.

    Without CI_LONG the removal of what was staged last is left out, which is like that of what was staged first.
    """
    sides = (AFTER, BEFORE)
    taken = [(boundary, side) for boundary in boundaries if boundary.is_taking for side in sides]
    gone = [(boundary, side) for boundary in boundaries if boundary.is_removal for side in sides]
    others = [(boundary, side) for boundary in boundaries if not boundary.is_taking and not boundary.is_removal for side in sides]
    alone = [[each for each in pair if each] for pair in itertools.zip_longest(gone, taken)]
    return [others + alone[0], *alone[1:None if LONG else 2]]


def one_kill(check, rig, method, held):
    imports = [Import(rig, method) for _ in held]
    worker, other = rig.workers
    other.pause()
    for side in (BEFORE, AFTER):
        rig.close(side)
    for each, (boundary, side) in zip(imports, held):
        # Whoever is held while it takes a task takes no other.
        if boundary.is_taking:
            rig.await_held(len(imports) - 1)
        rig.hold(each, boundary, side)
        each.begin()
    check.that("every import comes to its boundary", rig.await_held(len(imports)), rig.held())
    worker.pause()
    rig.open(AFTER)
    worker.kill()
    rig.roll_back()
    other.go_on()
    check.that("the other worker ends every import", rig.settle(imports))
    wrong = [(str(boundary), side, faults) for each, (boundary, side) in zip(imports, held) if (faults := each.faults())]
    check.equal("all are active, with the right bytes, in their stores, by one task", wrong, [])
    start_all([worker])
    rig.workers.reverse()
    return imports


class Boundary:
    """A transaction of a worker: what it changes."""

    def __init__(self, events):
        self.events = events
        names = [name for name, _ in events]
        self.is_taking = names[0].startswith("task processing") and events[0][1] == 1 and len(events) == 1
        self.is_removal = any(name.endswith(" gone") for name in names)

    def __str__(self):
        return " + ".join(name + (f" ({number})" if number > 1 else "") for name, number in self.events)


class Rig:
    """An API process and two workers, and a database that stops them where it is told to."""

    def __init__(self, check, directory, methods):
        web = Web(directory)
        self.web, self.work = web, Work(directory, web)
        self.keystone = Keystone(directory).start() if "glance-download" in methods else None
        environment = {
            **web.environment(),
            **(self.keystone.server_environment() if self.keystone else {}),
            "VITRINE_IMPORT__METHODS": ",".join(METHODS),
            "VITRINE_IMPORT__PLUGINS": "image_decompression,inject_image_metadata,image_conversion",
            "VITRINE_IMPORT__GLANCE_DOWNLOAD__TOKEN_KEY": TOKEN_KEY,
            # Nothing runs out by itself, and only workers remove data.
            "VITRINE_LEASE__TTL": "60s",
            "VITRINE_LEASE__GC_INTERVAL": "1h",
            "VITRINE_DATABASE__POOL_SIZE": "4",
        }
        of_workers = {"VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_IMPORT__CONCURRENCY": "64", "VITRINE_DATABASE__POOL_SIZE": "36"}
        (self.api,), self.workers = start(check, directory, environment, apis=1, of_workers=of_workers,
                                          conf="import: {inject_metadata: {properties: {os_site: north}, ignore_roles: [nobody]}}")
        if self.keystone:
            self.keystone.set_image_endpoint(f"http://127.0.0.1:{self.api.port}")
            self.api.headers["X-Auth-Token"] = self.keystone.token("admin")
        self.api.rows(TRIGGERS)
        self.locks = subprocess.Popen(["psql", "--no-psqlrc", "-qAt", (self.api.data / "postgresql" / "address").read_text().strip()],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        at_exit(self.locks.kill)

    def sources(self, method):
        """The images that imports of the method read: in the other region, which is this one."""
        if method != "glance-download":
            return []
        self.source = self.api.create("qcow2")
        self.api.upload(self.source, self.work.qcow2)
        return [Kept(self.source, ["local"])]

    # where imports are held

    def boundaries(self, image):
        """The transactions of the import, in their order."""
        events = collections.defaultdict(list)
        for transaction, name, number in self.api.rows(
                f"select transaction, name, number from reached where image = '{image.image}' order by place"):
            events[transaction].append((name, int(number)))
        found = [Boundary(each) for each in events.values()]
        # What went before the import is not the worker's.
        return found[next(index for index, each in enumerate(found) if each.is_taking):]

    def hold(self, image, boundary, side):
        name, number = boundary.events[0]
        self.api.rows(f"insert into holds values ('{image.image}', '{name}', {number}, {side})")

    def close(self, side):
        """Nobody passes from now on who is held on this side."""
        self._call("pg_advisory_lock", side)

    def open(self, side):
        """Returns when those who were held have passed."""
        self._call("pg_advisory_unlock", side)
        if not wait(lambda: side not in self.held(), DEADLINE):
            raise Failed(f"they do not pass: {self.held()}")

    def roll_back(self):
        """Ends what the dead worker has not committed, and the leases that it had."""
        self.api.rows("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'")
        self.open(BEFORE)
        self.api.rows("delete from holds")
        for table in ("tasks", "blobs"):
            self.api.rows(f"update {table} set leased_until = now() - interval '1 second' where leased_until is not null")

    def held(self):
        """How many wait, by the side of the boundary."""
        return {int(side): int(number) for side, number in self.api.rows(
            "select objid, count(*) from pg_locks where locktype = 'advisory' and not granted group by objid")}

    def await_held(self, number):
        return wait(lambda: sum(self.held().values()) == number, DEADLINE, interval=0.5)

    def _call(self, function, side):
        self.locks.stdin.write(f"select {function}({side});\n\\echo done\n")
        self.locks.stdin.flush()
        while (line := self.locks.stdout.readline()) != "done\n":
            if not line:
                raise Failed("the session with the locks has ended")

    def is_clear(self, image):
        """Whether nothing of the image is staged any more."""
        return not self.api.rows(f"select from blobs where image_id = '{image.image}' and purpose = 'staging'")

    def settle(self, imports):
        """Waits for the end of the imports; whether all have ended."""
        return wait(lambda: all(each.is_settled() for each in imports), DEADLINE, interval=0.5)


class Work:
    """What is imported, and what it becomes: a disk that comes as qcow2 in gzip, or as it is."""

    def __init__(self, directory, web):
        disk = directory / "disk.raw"
        disk.write_bytes(b"".join(random_bytes(4 * KIB, number) + bytes(60 * KIB) for number in range(2 * MIB // (64 * KIB))))
        self.raw = disk.read_bytes()
        self.qcow2 = convert(disk, directory / "disk.qcow2", "qcow2").read_bytes()
        self.packed = gzip.compress(self.qcow2)
        (web.files / "disk.gz").write_bytes(self.packed)
        self.digest = digests(disk)[1]


class Import:
    """One image, prepared for its import."""

    def __init__(self, rig, method):
        self.api, self.method, work = rig.api, method, rig.work
        self.digest, self.wanted = work.digest, sorted(STORES)
        self.request = {"method": {"name": method}, "stores": list(STORES)}
        self.image = self.api.create("raw" if method == "copy-image" else "qcow2")
        if method == "glance-direct":
            self.send(work.packed, "stage")
        elif method == "web-download":
            self.request["method"]["uri"] = rig.web.url("disk.gz")
        elif method == "copy-image":
            self.request["stores"] = ["second"]
            self.send(work.raw, "file")
        else:
            self.request["method"] |= {"glance_region": "RegionOne", "glance_image_id": rig.source}

    def send(self, data, target):
        answer = self.api.upload(self.image, data, target)
        if answer.status != 204:
            raise Failed(f"{target} answered {answer}")

    def begin(self):
        answer = self.api.call("POST", f"/v2/images/{self.image}/import", self.request)
        if answer.status != 202:
            raise Failed(f"the import was answered {answer}")

    def is_settled(self):
        states = {task["status"] for task in self.api.tasks(self.image)}
        return bool(states) and not states & {"pending", "processing"}

    def faults(self):
        """What is not as it must be after the import."""
        shown = self.api.show(self.image)
        found = {
            "status": (shown["status"], "active"),
            "stores": (sorted(shown.get("stores", "").split(",")), self.wanted),
            "disk_format": (shown.get("disk_format"), "raw"),
            "os_site": (shown.get("os_site"), None if self.method == "copy-image" else "north"),
            "data": (self.api.sha512(self.image)[0], self.digest),
            "tasks": ([task["status"] for task in self.api.tasks(self.image)], ["success"]),
        }
        return {name: got for name, (got, wanted) in found.items() if got != wanted}


if __name__ == "__main__":
    Check("chaos_steps").run(main)
