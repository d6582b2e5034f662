"""What resumable uploads cost: 50 at once into a JVM with -Xmx256m; then rate and processor time beside those of a plain PUT, in turns.

costs.py [ROUNDS [MIB [COUNT]]]: 5 rounds of 512 MiB by default. Figures are printed and no verdict, as they are those of a machine that others may use too.
"""

import hashlib
import os
import pathlib
import statistics
import sys
import time

from front_row import together
from memory import HEAP, LIMIT, counted, mib
from resumable import Client, DraftStream, TusStream, uploads
from vitrine import HEALTHY, MIB, Check, Failed, Server, call, curl, digests, random_bytes, random_file

ROUNDS, SIZE, COUNT = (int(word) for word in (sys.argv[1:] + ["5", "512", "50"][len(sys.argv) - 1:]))
SIZE *= MIB
SMALL = 64 * MIB
WARM_UPS = 3
OCTETS = ("-H", "Content-Type: application/octet-stream")
TICKS = os.sysconf("SC_CLK_TCK")


def main(check, directory):
    server = Server(directory, java_options=[f"-Xmx{HEAP}m"])
    check.note(f"ready after {server.start():.1f} s, RSS {mib(server.memory('VmRSS'))}")
    at_once(check, server)
    in_turns(check, server, random_file(directory / "disk.raw", SIZE))
    check.eventually("nothing is left", 60, lambda: not server.files(), server.files)
    check.equal("it is well", server.health(), HEALTHY)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def at_once(check, server):
    check.section(f"{COUNT} × {SMALL // MIB} MiB at once, by tus and by the draft, half of each in two requests")
    common = random_bytes(SMALL, "small")
    wanted = hashlib.sha512(common).hexdigest()
    client = Client(server.port, seconds=600)
    images = [server.create() for _ in range(COUNT)]
    began = time.monotonic()
    results = together([lambda number=number: upload(client, number, images[number], common) for number in range(COUNT)])
    check.equal("all come through, and none is refused", counted(results), {"complete": COUNT})
    peak = server.memory("VmHWM")
    check.note(f"{COUNT * SMALL / MIB / (time.monotonic() - began):.0f} MiB/s; RSS {mib(server.memory('VmRSS'))}, at its peak {mib(peak)}")
    check.that(f"peak RSS with -Xmx{HEAP}m is at most {mib(LIMIT)}", peak <= LIMIT, mib(peak))
    check.equal("they are right", counted([(server.show(image)["status"], server.sha512(image)) for image in images]), {("active", (wanted, SMALL)): COUNT})
    check.equal("deleted", {server.call("DELETE", f"/v2/images/{image}").status for image in images}, {204})


def upload(client, number, image, data):
    stream = (TusStream if number % 2 else DraftStream)(client, image, data)
    parts = [SMALL // 3, SMALL] if number % 4 < 2 else [SMALL]
    if isinstance(stream, DraftStream):
        stream.begin(parts.pop(0))
    else:
        stream.begin()
        stream.append(0, parts.pop(0))
    if parts:
        stream.append(SMALL // 3, SMALL)
    return "complete" if stream.offset() == (SMALL, True) else stream.offset()


# --- beside a plain PUT


def plain(server, image, file):
    return curl(*OCTETS, "-T", file, server.path(image))


def tus(server, image, file):
    """One PATCH."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(SIZE)}
    path = call(server.port, "POST", uploads(image), headers=headers).headers["location"]
    return curl("-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Offset: 0", "-H", "Content-Type: application/offset+octet-stream",
                "-T", file, path)


def draft(server, image, file):
    """A PUT that is told by 104 how far it is."""
    return curl(*OCTETS, "-H", "Upload-Complete: ?1", "-H", "Upload-Draft-Interop-Version: 8", "-T", file, server.path(image))


WAYS = {"plain PUT": plain, "tus": tus, "draft": draft}


def in_turns(check, server, file):
    check.section(f"{SIZE // MIB} MiB, {ROUNDS} rounds in turns")
    digest = digests(file)[1]
    figures = {name: [] for name in WAYS}
    for number in range(-WARM_UPS, ROUNDS):
        names = list(WAYS)
        for name in names[number % len(names):] + names[:number % len(names)]:
            figure = measure(server, WAYS[name], file, digest)
            if number >= 0:
                figures[name].append(figure)
    for name, found in figures.items():
        rates, seconds = zip(*found)
        check.note(f"{name}: {statistics.median(rates):.0f} MiB/s ({min(rates):.0f} to {max(rates):.0f}), "
                   f"{statistics.median(seconds) / SIZE * (1 << 30):.2f} CPU s/GiB")
    for name in list(WAYS)[1:]:
        pairs = list(zip(figures[name], figures["plain PUT"]))
        rate, cpu = (statistics.median(ours[index] / theirs[index] for ours, theirs in pairs) for index in (0, 1))
        check.note(f"{name} over the plain PUT: rate {rate:.2f} (at least 0.95: {'met' if rate >= 0.95 else 'MISSED'}), "
                   f"CPU {cpu:.2f} (at most 1.05: {'met' if cpu <= 1.05 else 'MISSED'})")
    check.that("all that was sent is right", True)


def measure(server, way, file, digest):
    """(MiB/s, seconds of the server's processor time) of an upload, which is deleted."""
    image = server.create()
    before, began = cpu(server), time.monotonic()
    answer = way(server, image, file)
    took, used = time.monotonic() - began, cpu(server) - before
    if answer != (0, 204) or server.show(image).get("os_hash_value") != digest:
        raise Failed(f"{way.__name__}: {answer}, {server.show(image)}")
    server.call("DELETE", f"/v2/images/{image}")
    return SIZE / MIB / took, used


def cpu(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    Check("costs").run(main)
