"""kill -9 at random moments of upload, stage, import, web-download and both kinds of conversion: nothing acknowledged is lost, nothing is left over.

kill.py [ROUNDS [SEED [ENGINE]]]: 20 rounds by default, 200 with CI_LONG=1; the seed is printed. ENGINE converts, builtin or qemu-img;
without it each start takes one at random. In the end, six imports are killed again and again: more often than attempts would count.
"""

import collections
import hashlib
import random
import sys
import threading
import time

from vitrine import KIB, LONG, MIB, Check, Server, Web, convert, digests, processes, random_bytes, wait

ENGINES = ("builtin", "qemu-img")
EARLY = "conversion of what arrives"
KINDS = ("upload", "stage", "import", "web-download", "conversion", EARLY)
DEADLINE = 60  # seconds within which a restarted server must have cleared up and gone on
LEASE = "5s"  # how soon the work of a dead process may be taken over
UNFINISHED = ("saving", "importing")
LOOP_IMPORTS, LOOP_KILLS = 6, 8  # more kills in a row than attempts that count


def main(check, directory):
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200 if LONG else 20
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    engines = sys.argv[3:4] or ENGINES
    check.note(f"{rounds} rounds, seed {seed}, converting with {' or '.join(engines)}")
    chance = random.Random(seed)
    work = Work(directory)
    web = Web(directory)
    work.publish(web)
    server = KilledServer(directory, {**web.environment(), "VITRINE_LEASE__TTL": LEASE}, engines, chance)
    check.note(f"ready after {server.start():.1f} s")

    check.section("once without a kill, to know how long each takes")
    lengths = {}
    for kind in KINDS:
        operation = Operation(server, web, work, kind)
        began = operation.run()
        wait(lambda: operation.is_complete() or operation.failed(), 180)
        lengths[kind] = time.monotonic() - began
        check.that(f"{kind} without a kill", operation.is_complete(), f"{lengths[kind]:.2f} s")
        server.call("DELETE", f"/v2/images/{operation.image}")

    kept, outcomes = {}, collections.Counter()
    kinds = [KINDS[number % len(KINDS)] for number in range(rounds)]
    chance.shuffle(kinds)
    for number, kind in enumerate(kinds, 1):
        moment = chance.uniform(0, lengths[kind] * 1.2)
        check.section(f"round {number}: {kind}, kill after {moment:.3f} s")
        operation, traffic = one_kill(server, web, work, kind, moment)
        taken = server.start()
        outcomes[verify(check, server, operation, traffic, kept, taken, chance)] += 1

    kill_again_and_again(check, server, work, chance)
    check.section("at the end")
    for image, digest in kept.items():
        check.that(f"kept image {image} is whole", server.sha512(image)[0] == digest)
        check.equal("  deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)
    check.eventually("stores and staging are empty", DEADLINE, lambda: not server.files(), server.files)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)
    for outcome, count in sorted(outcomes.items()):
        check.note(f"{count} × {outcome}")
    check.note(f"{len(kept)} images were kept through the rounds; seed {seed}")


class KilledServer(Server):
    """A server whose engine of conversion may be another at each start."""

    def __init__(self, directory, environment, engines, chance):
        super().__init__(directory, environment)
        self.engines, self.chance = engines, chance

    def start(self, seconds=120):
        self.environment["VITRINE_IMPORT__CONVERSION__ENGINE"] = self.chance.choice(self.engines)
        return super().start(seconds)


class Work:
    """What is sent: a raw body, and a compressed qcow2 with the raw disk that it must become."""

    def __init__(self, directory):
        self.raw = random_bytes(64 * MIB, "kill")
        pattern = random_bytes(8 * KIB, "pattern") * 3 + bytes(8 * KIB)
        disk = directory / "disk.raw"
        with open(disk, "wb") as file:
            for number in range(192 * MIB // len(pattern)):
                file.write(number.to_bytes(8, "big") + pattern[8:])
        self.disk = digests(disk)[1]
        self.qcow2_file = convert(disk, directory / "disk.qcow2", "qcow2", "-c")
        self.qcow2 = self.qcow2_file.read_bytes()
        disk.unlink()
        self.body = hashlib.sha512(self.raw).hexdigest()

    def publish(self, web):
        (web.files / "kill.raw").write_bytes(self.raw)
        (web.files / "kill.qcow2").write_bytes(self.qcow2)


class Operation:
    """One operation on one image in a thread of its own, and what the server has acknowledged of it."""

    def __init__(self, server, web, work, kind):
        self.server, self.web, self.work, self.kind = server, web, work, kind
        self.sends_qcow2 = kind in ("conversion", EARLY)
        self.data = work.qcow2 if self.sends_qcow2 else work.raw
        self.digest = work.disk if self.sends_qcow2 else work.body
        self.image = server.create("qcow2" if self.sends_qcow2 else "raw")
        self.staged = self.imported = self.uploaded = False
        if kind in ("import", "conversion"):
            self.staged = server.upload(self.image, self.data, "stage", chunk=MIB).status == 204

    def run(self):
        """Starts it; returns the moment from which a kill is timed: the start, or that of the conversion."""
        began = time.monotonic()
        threading.Thread(target=self._quietly, daemon=True).start()
        if self.kind == "conversion":
            wait(lambda: self.server.is_converting(self.image) or self.is_complete(), 30, interval=0.01)
            began = time.monotonic()
        return began

    def is_complete(self):
        if self.kind in ("upload", "stage"):
            return self.uploaded or (self.kind == "stage" and self.staged)
        return self.server.status(self.image) == "active"

    def failed(self):
        return "failure" in [task["status"] for task in self.server.tasks(self.image)]

    def import_staged(self):
        self.imported = self.server.import_image(self.image, "glance-direct").status == 202
        return self.imported

    def _quietly(self):
        try:
            if self.kind == "upload":
                self.uploaded = self.server.upload(self.image, self.data, chunk=MIB).status == 204
            elif self.kind == "stage":
                self.staged = self.server.upload(self.image, self.data, "stage", chunk=MIB).status == 204
            elif self.kind in ("web-download", EARLY):
                url = self.web.url(f"slow/kill.{'qcow2' if self.sends_qcow2 else 'raw'}")
                self.imported = self.server.import_image(self.image, "web-download", uri=url).status == 202
            else:
                self.import_staged()
        except OSError:
            pass  # the server was killed


class Traffic:
    """Small uploads and deletes, one after the other, until the server is gone."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.uploaded, self.deleted = {}, set()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        number = 0
        try:
            while number < 60:
                data = random_bytes(256 * KIB, (self.name, number))
                image = self.server.create()
                if self.server.upload(image, data, chunk=None if number % 2 else 4 * KIB).status != 204:
                    return
                if number % 3 < 2:
                    self.uploaded[image] = hashlib.sha512(data).hexdigest()
                elif self.server.call("DELETE", f"/v2/images/{image}").status == 204:
                    self.deleted.add(image)
                number += 1
        except Exception:  # the server was killed, in whatever state the connection was
            return


def kill_again_and_again(check, server, work, chance):
    check.section(f"{LOOP_IMPORTS} imports, {LOOP_KILLS} kills in a row")
    imports = [Operation(server, None, work, "conversion") for _ in range(LOOP_IMPORTS)]
    check.that("every import is accepted", all([each.import_staged() for each in imports]))
    for _ in range(LOOP_KILLS):
        wait(lambda: any(server.is_converting(each.image) for each in imports), 10, interval=0.01)
        moment = time.monotonic() + chance.uniform(0, 1)
        wait(lambda: time.monotonic() >= moment, 2, interval=0.005)
        server.kill()
        server.start()
    check.eventually("every image is active", 3 * DEADLINE, lambda: {server.status(each.image) for each in imports} == {"active"},
                     lambda: [server.tasks(each.image) for each in imports])
    check.equal("their bytes are right", {server.sha512(each.image)[0] for each in imports}, {work.disk})
    check.equal("no attempt was counted", server.rows("select distinct attempts from tasks where leases > 1"), [["1"]])
    check.equal("they can be deleted", {server.call("DELETE", f"/v2/images/{each.image}").status for each in imports}, {204})


def one_kill(server, web, work, kind, moment):
    operation = Operation(server, web, work, kind)
    traffic = [Traffic(server, f"{operation.image}/{number}") for number in range(2)]
    wait(lambda: all(one.uploaded or not one.thread.is_alive() for one in traffic), 30)
    began = operation.run()
    wait(lambda: time.monotonic() >= began + moment, moment + 1, interval=0.001)
    server.kill()
    for one in traffic:
        one.thread.join(60)
    return operation, traffic


def verify(check, server, operation, traffic, kept, taken, chance):
    """Asserts all that must hold after a restart and clears away; one line about what became of the operation."""
    uploaded = {image: digest for one in traffic for image, digest in one.uploaded.items()}
    deleted = {image for one in traffic for image in one.deleted}
    check.note(f"ready again after {taken:.1f} s; acknowledged until then: {len(uploaded)} uploads, {len(deleted)} deletes")
    expected = {**kept, **uploaded}
    lost = [image for image, digest in expected.items() if server.status(image) != "active" or server.sha512(image)[0] != digest]
    check.equal("every acknowledged upload is active and whole", lost, [])
    check.equal("every acknowledged delete holds", [image for image in deleted if server.status(image) != "HTTP 404"], [])
    outcome = follow(check, server, operation)
    check.eventually("no image is saving or importing", DEADLINE, lambda: not busy(server), lambda: busy(server))
    check.eventually("no file without an owner, no unfinished write", DEADLINE, lambda: not server.orphans() and not server.unfinished(),
                     lambda: (server.orphans(), server.unfinished()))
    check.eventually("no converter is left", DEADLINE, lambda: not processes("qemu-img", server.directory))
    unknown = [image for image in listed(server) if image not in expected and image != operation.image]
    states = {image: server.status(image) for image in unknown}
    check.that("what was not acknowledged is queued or active", set(states.values()) <= {"queued", "active"}, dict(collections.Counter(states.values())))
    again = [image for image in unknown if states[image] == "queued"]
    check.equal("what is queued takes an upload", [image for image in again if server.upload(image, b"again" * 1000).status != 204], [])
    for image in list(uploaded)[:chance.randrange(2)] if len(kept) < 20 else []:
        kept[image] = uploaded.pop(image)
    gone = [*unknown, *uploaded, operation.image]
    check.equal(f"{len(gone)} images can be deleted", [image for image in gone if server.call("DELETE", f"/v2/images/{image}").status != 204], [])
    check.eventually("only what is kept is on disk", DEADLINE, lambda: len(server.files()) == len(kept), server.files)
    return outcome


def follow(check, server, operation):
    """Brings the killed operation's image to active, as its user would, and checks its bytes."""
    image = operation.image

    def status():
        return server.status(image)

    check.eventually("the image comes to rest", DEADLINE, lambda: status() not in UNFINISHED and not partly_staged(server, operation),
                     lambda: server.show(image))
    found = status()
    outcome = f"{operation.kind}, {acknowledged(operation)}: {found}"
    if operation.uploaded:
        check.equal("the acknowledged upload is active", found, "active")
    elif operation.imported:
        check.that("the acknowledged import is active, or queued with a reason", found == "active" or found == "queued" and reasons(server, image),
                   f"{found}, tasks {[(task['status'], task['message']) for task in server.tasks(image)]}")
    elif operation.staged:
        # The import may have been taken in without the answer having got through.
        check.that("what was staged is still there", found in ("uploading", "active") or found == "queued" and reasons(server, image), found)
    else:
        check.that("what was not acknowledged is there as a whole or not at all", found in ("queued", "uploading", "active"), found)
    if found == "uploading":
        check.that("the staged image can be imported", operation.import_staged())
        check.eventually("  it becomes active", DEADLINE, lambda: status() == "active", lambda: (server.show(image), server.tasks(image)))
    elif found == "queued":
        operation.digest = hashlib.sha512(operation.data).hexdigest()
        check.equal("the queued image takes an upload", server.upload(image, operation.data, chunk=MIB).status, 204)
    check.that("its bytes are right", (status(), server.sha512(image)[0]) == ("active", operation.digest), outcome)
    return outcome


def acknowledged(operation):
    for what in ("uploaded", "imported", "staged"):
        if getattr(operation, what):
            return f"{what} acknowledged"
    return "nothing acknowledged"


def partly_staged(server, operation):
    """An unacknowledged stage is at rest when it is queued again or has all of its bytes."""
    shown = server.show(operation.image)
    return shown["status"] == "uploading" and shown["size"] != len(operation.data)


def reasons(server, image):
    tasks = server.tasks(image)
    return tasks and all(task["status"] == "failure" and task["message"] for task in tasks[-1:])


def busy(server):
    return server.call("GET", "/v2/images?limit=1000&status=in:" + ",".join(UNFINISHED)).json()["images"]


def listed(server):
    return [image["id"] for image in server.call("GET", "/v2/images?limit=1000").json()["images"]]


if __name__ == "__main__":
    Check("kill").run(main)
