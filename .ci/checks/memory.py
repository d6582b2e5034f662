"""One upload of 20 GiB and 200 uploads of 16 MiB at once into a JVM with -Xmx256m: its memory stays bounded, all images are right.

memory.py [GIB]: size of the large upload; by default 20, or as many as the free disk space takes (which is said).
"""

import hashlib
import pathlib
import shutil
import sys
import threading
import time

from vitrine import GIB, HEALTHY, KIB, MIB, Check, Connection, Failed, Server, curl, digests, random_bytes, wait

COUNT, SIZE = 200, 16 * MIB
HEAP = 256
# Heap, as much again of direct buffers, and what code, metaspace, thread stacks and the collector take.
LIMIT = 2 * HEAP * MIB + 192 * MIB
RESERVE = 8 * GIB  # for the small images and the rest of the machine


def main(check, directory):
    large = large_file(check, directory)
    size = large.stat().st_size
    server = Server(directory, java_options=[f"-Xmx{HEAP}m"])
    check.note(f"ready after {server.start():.1f} s, RSS {mib(server.memory('VmRSS'))}")
    watch = Watch(server)

    check.section(f"{size / GIB:g} GiB, and {COUNT} × {SIZE // MIB} MiB at once")
    image, sent = server.create(), {}

    def send_large():
        began = time.monotonic()
        sent["answer"] = curl("-H", "Content-Type: application/octet-stream", "-T", large, server.path(image))
        sent["seconds"] = time.monotonic() - began

    thread = threading.Thread(target=send_large, daemon=True)
    thread.start()
    if not wait(lambda: "answer" in sent or server.status(image) == "saving", 30):
        raise Failed(f"the large upload does not start: {server.show(image)}")
    small = Small(server)
    began = time.monotonic()
    small.run()
    check.that(f"{COUNT} uploads at once", set(small.statuses) == {204}, f"{time.monotonic() - began:.1f} s, answers {counted(small.statuses)}")
    check.equal("all were under way before any went on", small.together, COUNT)
    check.note(f"peak RSS of the JVM until here {mib(server.memory('VmHWM'))}")
    check.equal("it answers meanwhile", server.health(), HEALTHY)
    thread.join(3600)
    check.equal("the large upload", sent.get("answer"), (0, 204))
    rate = size / MIB / max(sent.get("seconds", 0), 0.001)
    check.note(f"{sent.get('seconds', 0):.0f} s, {rate:.0f} MiB/s; peak RSS of the JVM {mib(server.memory('VmHWM'))}")

    check.section("what arrived")
    wrong = small.wrong()
    check.equal(f"{COUNT} images active with size, md5 and sha512, and downloaded identical", wrong[:3], [])
    md5, sha512 = digests(large)
    shown = server.show(image)
    check.equal("the large image", [shown.get(key) for key in ("status", "size", "checksum", "os_hash_value")], ["active", size, md5, sha512])
    check.that("it downloads identical", server.sha512(image, 3600) == (sha512, size))

    peak = server.memory("VmHWM")
    check.note(f"RSS of the JVM in tenths of the time: {' '.join(mib(value) for value in watch.tenths())}")
    check.that(f"peak RSS of the JVM with -Xmx{HEAP}m is at most {mib(LIMIT)}", peak <= LIMIT, mib(peak))
    check.equal("no file without an owner, no unfinished write", server.orphans() + server.unfinished(), [])
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def large_file(check, directory):
    """A sparse file with data here and there."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    room = (shutil.disk_usage(directory).free - RESERVE) // GIB
    if room < 1:
        raise Failed(f"{directory} has too little room")
    if room < wanted:
        check.note(f"ONLY {room} GiB INSTEAD OF {wanted}: the disk has no more room")
    path = pathlib.Path(directory, "large")
    with open(path, "wb") as file:
        for number in range(min(wanted, room)):
            file.seek(number * GIB + number * 4096)
            file.write(random_bytes(4 * MIB, number))
        file.truncate(min(wanted, room) * GIB)
    return path


class Small:
    """Many uploads that all send a first piece, wait for each other and then go on."""

    def __init__(self, server):
        self.server = server
        self.common = random_bytes(SIZE, "small")
        self.images = [server.create() for _ in range(COUNT)]
        self.statuses, self.together = [0] * COUNT, 0
        self._count, self._lock, self._go = 0, threading.Lock(), threading.Event()

    def body(self, number):
        """(own beginning, common rest)"""
        return number.to_bytes(64 * KIB, "big"), memoryview(self.common)[64 * KIB:]

    def run(self):
        threads = [threading.Thread(target=self._upload, args=(number,), daemon=True) for number in range(COUNT)]
        for thread in threads:
            thread.start()
        wait(lambda: self._count == COUNT, 120)
        self.together = self._count
        self._go.set()
        for thread in threads:
            thread.join(1200)

    def _upload(self, number):
        beginning, rest = self.body(number)
        try:
            with Connection(self.server.port, 1200) as connection:
                connection.head("PUT", f"/v2/images/{self.images[number]}/file",
                                {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"})
                connection.chunk(beginning)
                with self._lock:
                    self._count += 1
                self._go.wait(120)
                for start in range(0, len(rest), MIB):
                    connection.chunk(rest[start:start + MIB])
                connection.last_chunk()
                self.statuses[number] = connection.answer().status
        except Exception as error:
            self.statuses[number] = type(error).__name__

    def wrong(self):
        found = []
        for number, image in enumerate(self.images):
            content = b"".join(self.body(number))
            sha512 = hashlib.sha512(content).hexdigest()
            shown = self.server.show(image)
            got = [shown.get(key) for key in ("status", "size", "checksum", "os_hash_value")]
            if got != ["active", SIZE, hashlib.md5(content).hexdigest(), sha512] or self.server.sha512(image) != (sha512, SIZE):
                found.append((image, got))
        return found


class Watch:
    """Samples the resident memory four times a second."""

    def __init__(self, server):
        self.server, self.samples = server, []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        try:
            while True:
                self.samples.append(self.server.memory("VmRSS"))
                time.sleep(0.25)
        except (OSError, AttributeError):
            return  # the process is gone

    def tenths(self):
        """The highest sample of each tenth of the time."""
        step = max(1, len(self.samples) // 10)
        return [max(self.samples[start:start + step]) for start in range(0, len(self.samples), step)]


def counted(values):
    return {value: values.count(value) for value in set(values)}


def mib(value):
    return f"{value / MIB:.0f} MiB"


if __name__ == "__main__":
    Check("memory").run(main)
