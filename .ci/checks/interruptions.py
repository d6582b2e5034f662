"""Interruptions of resumable uploads at random: what arrives is what was sent, and nothing else is left.

interruptions.py [COUNT [SEED]]: 60 by default, 1,000 with CI_LONG=1; the seed is printed. Clients reset, close or leave their connections, the network
resets or swallows what is under way, servers are killed; each request goes to any of two API processes. An interruption is a request that one of these hit.
"""

import collections
import hashlib
import random
import sys
import threading
import time

from interruptions_rig import BreakingClient, Site, Trouble, pause, random_data
from resumable import Broken, DraftStream, TusStream, Unexpected, join
from vitrine import HEALTHY, LONG, MIB, Check, wait

AT_ONCE = 8
SPACING = 1.5 * MIB  # bytes from one event to the next, on average
KEPT = 24  # images that stay until the end
DEADLINE = 60  # seconds within which what nobody needs must be gone
PROGRESS = 20  # seconds from one line about it to the next
LIMIT = 300  # seconds for one image
PASSING = (409, 423, 503)  # answers to a client that is too early


def main(check, directory):
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000 if LONG else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    check.note(f"{count} interruptions, seed {seed}")
    site = Site(check, directory)
    trouble = Trouble(site, random.Random(seed), count, SPACING)
    work = Work(site, trouble)

    check.section(f"{AT_ONCE} uploads at once")
    began = time.monotonic()
    workers = [threading.Thread(target=work.run, args=(random.Random(f"{seed}/{number}"),), daemon=True) for number in range(AT_ONCE)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        wait(lambda: not any(worker.is_alive() for worker in workers), PROGRESS)
        check.note(f"{trouble.counts.total()} interruptions, {work.done.total()} images, {work.notes.total()} attempts in vain")
    site.settle()
    check.note(f"{work.done.total()} uploads, {work.bytes / MIB:.0f} MiB in {time.monotonic() - began:.0f} s: {counted(work.done)}")
    check.note(f"hit: {counted(trouble.counts)}; {len(site.starts)} kills")
    check.note(f"clients' doings: {counted(work.notes)}")
    check.that(f"{count} interruptions", trouble.counts.total() >= count, trouble.counts.total())
    check.equal("nothing was answered that a client need not expect", work.surprises[:5], [])
    check.equal("no image was wrong", work.wrong[:5], [])
    is_tidy(check, site, work)


def counted(counter):
    return ", ".join(f"{count} × {what}" for what, count in sorted(counter.items()))


def is_tidy(check, site, work):
    check.section("what is left")
    chance = random.Random(0)
    for each in work.trouble.hung:
        each.close()
    kept = work.kept
    check.equal(f"{len(kept)} images that were kept are whole", [image for image, data in kept.items() if not is_whole(site, chance, image, data)], [])
    check.eventually("one blob for each, none on its way", DEADLINE, lambda: blobs(site) == sorted(f"{image}|stored|{len(data)}" for image, data in kept.items()),
                     lambda: site.rows("select image_id, state, size, created_at from blobs where state <> 'stored'"))
    check.eventually("one file for each", DEADLINE, lambda: len(site.files()) == len(kept), site.files)
    check.equal("no upload is left open", site.rows("select uploads.* from uploads join blobs using (id) where blobs.state = 'writing'"), [])
    check.equal("nothing is leased", site.rows("select id from uploads where leased_by is not null union select id from blobs where leased_by is not null"), [])
    usage = site.call(chance, "GET", "/v2/info/usage").json()["usage"]
    check.equal("usage counts them and nothing else",
                [usage[each]["usage"] for each in ("image_size_total", "image_count_total", "image_count_uploading")],
                [sum(map(len, kept.values())) // MIB, len(kept), 0])
    check.equal("they can be deleted", {site.call(chance, "DELETE", f"/v2/images/{image}").status for image in kept}, {204})
    check.eventually("nothing is left in the stores", DEADLINE, lambda: not site.files(), site.files)
    check.eventually("nothing is left in the database", DEADLINE, lambda: not site.rows("select id from blobs union select id from uploads"))
    for server in site.servers:
        check.equal(f"{server.directory.name} is well", server.health(), HEALTHY)
        check.equal("  it ends on SIGTERM", server.stop() in (0, 143), True)


def blobs(site):
    return sorted(site.rows("select image_id, state, size from blobs"))


def is_whole(site, chance, image, data):
    shown = site.call(chance, "GET", f"/v2/images/{image}").json()
    got = [shown.get(key) for key in ("status", "size", "checksum", "os_hash_value")]
    return (got == ["active", len(data), hashlib.md5(data).hexdigest(), hashlib.sha512(data).hexdigest()]
            and site.call(chance, "GET", f"/v2/images/{image}/file").body == data)


class GivenUp(Exception):
    """The client wants no more of its upload."""


class Work:
    """Uploads, one after the other in each thread, until enough has gone wrong."""

    def __init__(self, site, trouble):
        self.site, self.trouble, self.lock = site, trouble, threading.Lock()
        self.done, self.notes = collections.Counter(), collections.Counter()
        self.bytes, self.kept, self.wrong, self.surprises = 0, {}, [], []

    def run(self, chance):
        while not self.trouble.is_over() and not self.surprises:
            way = chance.choice((in_one_stream, in_parts, by_put, by_put_in_parts))
            try:
                self._one(way, chance)
            except Exception as error:
                self.surprises.append(f"{way.__name__.replace('_', ' ')}: {type(error).__name__}: {error}")

    def _one(self, way, chance):
        data = random_data(chance)
        image = self._create(chance)
        journey = Journey(self, chance)
        try:
            way(journey, image, data)
        except GivenUp as reason:
            self.note(f"image given up, {reason}")
            self._delete(chance, image)
            return
        whole = is_whole(self.site, chance, image, data)
        with self.lock:
            self.done[way.__name__.replace("_", " ")] += 1
            self.bytes += len(data)
            if not whole:
                self.wrong.append((way.__name__, image, len(data), self.site.call(chance, "GET", f"/v2/images/{image}").body))
            if len(self.kept) < KEPT:
                self.kept[image] = data
                return
        self._delete(chance, image)

    def _create(self, chance):
        # The answer may get lost.
        key = {"Idempotency-Key": f"{chance.getrandbits(64):x}"}
        answer = self.site.call(chance, "POST", "/v2/images", {"name": "check", "disk_format": "raw", "container_format": "bare"}, key)
        if answer.status != 201:
            raise Unexpected("creation of an image", answer)
        return answer.json()["id"]

    def _delete(self, chance, image):
        answer = self.site.call(chance, "DELETE", f"/v2/images/{image}")
        if answer.status not in (204, 404):
            raise Unexpected("DELETE of an image", answer)

    def note(self, what):
        with self.lock:
            self.notes[what] += 1


class Journey:
    """What a client does to get its data through."""

    def __init__(self, work, chance):
        self.work, self.chance = work, chance
        self.client = BreakingClient(work.site, work.trouble, chance)
        self.end = time.monotonic() + LIMIT

    def attempt(self, action, *arguments):
        """What an action gives; None if it broke off, or comes too early."""
        if time.monotonic() > self.end:
            raise TimeoutError(f"it takes more than {LIMIT} s")
        try:
            return action(*arguments)
        except Broken:
            self.work.note("a request breaks off")
        except Unexpected as error:
            if error.status not in PASSING:
                raise
            self.work.note(f"{error.what} is answered {error.status}")
            pause()
        return None

    def begin(self, stream):
        """Creates an upload; a client that has got no answer asks again."""
        while stream.path is None:
            self.attempt(stream.begin)

    def finish(self, stream):
        """Sends what is missing until the upload is complete."""
        while True:
            state = self.attempt(stream.offset)
            if state is None:
                continue
            offset, is_complete = state
            if is_complete:
                return
            if self.chance.random() < 0.01:
                self.give_up(stream)
            rest = len(stream.data) - offset
            self.attempt(stream.append, offset, rest if self.chance.random() < 0.5 else self.chance.randint(min(1, rest), rest))

    def give_up(self, stream):
        while self.attempt(lambda: stream.end() or True) is None:
            pass
        raise GivenUp("as its client wants")


def in_one_stream(journey, image, data):
    stream = TusStream(journey.client, image, data, defers=journey.chance.random() < 0.3)
    journey.begin(stream)
    journey.finish(stream)


def in_parts(journey, image, data):
    """At the same time."""
    cuts = sorted({0, len(data), *(journey.chance.randrange(len(data)) for _ in range(journey.chance.randint(1, 3)))})
    streams = [TusStream(journey.client, image, data[start:end], is_part=True) for start, end in zip(cuts, cuts[1:])]
    failures = []

    def carry(stream):
        try:
            journey.begin(stream)
            journey.finish(stream)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=carry, args=(stream,), daemon=True) for stream in streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    while journey.attempt(lambda: join(journey.client, image, streams) or True) is None:
        pass


def by_put(journey, image, data, count=None):
    stream = DraftStream(journey.client, image, data)
    while stream.path is None:
        journey.attempt(stream.begin, count)
        if stream.path is None and not wait(lambda: status(journey, image) == "queued", 3):
            # An answer got lost, that to the last byte perhaps.
            journey.work.note("a client looks for its upload")
            journey.attempt(stream.find)
            if stream.path is None and status(journey, image) == "active":
                return
    journey.finish(stream)


def by_put_in_parts(journey, image, data):
    by_put(journey, image, data, journey.chance.randint(0, len(data)))


def status(journey, image):
    return journey.work.site.call(journey.chance, "GET", f"/v2/images/{image}").json()["status"]


if __name__ == "__main__":
    Check("interruptions").run(main)
