"""tus-js-client of npm under Node uploads in one stream and in four, also while the server is killed: what arrives is what was sent.

tus.py [SEED [MIB]]: 512 MiB each, 2 GiB with CI_LONG=1; five kills at random moments, the seed is printed.
"""

import pathlib
import random
import shutil
import subprocess
import sys
import time

from vitrine import GIB, HEALTHY, HOST, LONG, MIB, Check, Server, at_exit, curl, digests, random_file, run, same, wait

CLIENT = "tus-js-client@4.3.1"
SIZE = int(sys.argv[2]) * MIB if len(sys.argv) > 2 else 2 * GIB if LONG else 512 * MIB
KILLS = 5
DEADLINE = 60  # seconds within which what nobody needs must be gone


def main(check, directory):
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(1 << 32)
    check.note(f"{SIZE // MIB} MiB, seed {seed}")
    chance = random.Random(seed)
    script = install_client(directory)
    disk = random_file(directory / "disk.raw", SIZE, seed)
    server = Server(directory, {"VITRINE_LEASE__TTL": "2s", "VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_UPLOADS__TAKEOVER": "1s"})
    server.start()

    for parts in (1, 4):
        check.section(f"{parts} at once")
        image = server.create()
        began = time.monotonic()
        client = Client(server, script, disk, image, parts)
        check.equal("the client ends well, at its first attempt", client.end(), "1")
        seconds = time.monotonic() - began
        check.note(f"{seconds:.1f} s, {SIZE / MIB / seconds:.0f} MiB/s")
        is_whole(check, server, image, disk)

    check.section(f"4 at once and {KILLS} kills")
    image = server.create()
    client = Client(server, script, disk, image, 4)
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.2) * seconds / 2)
        state = server.status(image)
        server.kill()
        check.note(f"kill {number + 1}, {state}")
        server.start()
    attempts = client.end()
    check.that("the client ends well", attempts.isdigit(), f"attempts: {attempts}")
    is_whole(check, server, image, disk)
    check.equal("it still answers", server.health(), HEALTHY)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def install_client(directory):
    """The script that runs the client."""
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", directory, CLIENT)
    # Node looks for modules beside the script.
    return shutil.copy(pathlib.Path(__file__).with_name("tus.mjs"), directory)


class Client:
    """The client at work."""

    def __init__(self, server, script, disk, image, parts):
        endpoint = f"http://{HOST}:{server.port}/vitrine/v1/images/{image}/uploads"
        self.process = subprocess.Popen(["node", script, str(disk), endpoint, str(parts)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        at_exit(self.process.kill)

    def end(self, seconds=900):
        """How many attempts it took, or what went wrong."""
        try:
            output, errors = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
        return output.strip() if self.process.returncode == 0 else errors[-600:]


def is_whole(check, server, image, disk):
    """Asserts that the image has the data and that nothing else is left, then deletes it."""
    shown = server.show(image)
    check.equal("the image is active", shown["status"], "active")
    check.equal("its digests", (shown.get("checksum"), shown.get("os_hash_value")), digests(disk))
    copy = disk.with_name("copy.raw")
    curl("-o", copy, server.path(image))
    check.that("its data", same(disk, copy))
    copy.unlink()
    check.eventually("the image is all that is left", DEADLINE, lambda: len(data(server)) == 1, server.files)
    check.equal("deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)
    check.eventually("nothing is left", DEADLINE, lambda: not data(server), server.files)
    check.equal("no blob is left either", wait(lambda: server.rows("select id from blobs") == [], DEADLINE), True)


def data(server):
    """The files of blobs, whole or not."""
    return [path for path in server.files() if len(path.name.removesuffix(".part")) == 36]


if __name__ == "__main__":
    Check("tus").run(main)
