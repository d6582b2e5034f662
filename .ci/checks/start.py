"""The cache of classes that a server makes for the next ones: it speeds the start up, and whatever is wrong with it, the server starts.

start.py [MIB]: size of the uploads whose processor time is told (512 by default).
"""

import os
import pathlib
import signal
import subprocess
import sys

from vitrine import JAR, MIB, Check, Server, java, random_bytes, wait

# The server restarts itself with this option, so its cache is one for it.
MAKER = [str(java()), "--sun-misc-unsafe-memory-access=allow", "-cp", str(JAR), "io.vitrine.launch.ClassCacheMaker"]


def main(check, directory):
    classes = directory / "classes"
    environment = {**os.environ, "VITRINE_CLASS_CACHE": str(classes)}
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    server = Server(directory, {"VITRINE_CLASS_CACHE": str(classes)}, ("-Xmx256m",))

    check.section("without a cache")
    server.start()
    told(check, server, mib)
    check.that("none is read", "AOTCache" not in command_line(server))
    check.that("Java warns of nothing", "WARNING" not in server.log.read_text(), server.tail())
    check.equal("it ends on SIGTERM", server.stop(), 0)

    check.section("making it, two at once")
    makers = [subprocess.Popen(MAKER, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outcomes = sorted(maker.communicate(timeout=900)[0].split()[-1] for maker in makers)
    check.equal("one makes it", outcomes, ["LEFT", "MADE"])
    check.equal("nothing else is left", sorted(file.suffix for file in classes.iterdir()), ["", ".aot"])
    file = next(classes.glob("*.aot"))
    check.note(f"{file.stat().st_size / MIB:.0f} MiB")

    check.section("with it")
    server.start()
    told(check, server, mib)
    check.that("it is read", f"-XX:AOTCache={file}" in command_line(server))
    server.kill()
    server.start()
    check.that("after kill -9 too", f"-XX:AOTCache={file}" in command_line(server))
    check.equal("it ends on SIGTERM", server.stop(), 0)

    whole = file.read_bytes()
    damages = {"cut off": whole[:len(whole) // 2], "damaged inside": whole[:len(whole) // 3] + os.urandom(64) + whole[len(whole) // 3 + 64:],
               "no cache at all": b"?" * 4096}
    for name, content in damages.items():
        check.section(name)
        file.write_bytes(content)
        starts(check, server)
    file.write_bytes(whole)
    check.section("not to be trusted, not to be read, not to be written")
    file.chmod(0o666)
    starts(check, server, reads=False)
    file.chmod(0o644)
    classes.chmod(0o555)
    starts(check, server, reads=True)
    classes.chmod(0o700)

    check.section("asked to stop while it starts, and as soon as it is ready")
    for asked in ["Connected to the database server", "Started"] * 3:
        before = server.log.stat().st_size
        server.begin()
        wait(lambda: asked in server.log.read_text()[before:], 120, 0.002)
        check.equal(f"it ends on SIGTERM after '{asked}'", server.stop(), 0)
        check.that("its parts too", "Stopped" in server.log.read_text()[before:], server.tail())

    check.section("a server that is stopped while it is made, and one that is killed")
    file.unlink()
    for number in (signal.SIGTERM, signal.SIGKILL):
        maker = subprocess.Popen(MAKER, env=environment, stdout=subprocess.DEVNULL)
        check.eventually("the training begins", 60, lambda: trainings(directory))
        maker.send_signal(number)
        maker.wait(60)
        check.eventually("it ends with it", 300, lambda: not trainings(directory), lambda: trainings(directory))


def starts(check, server, reads=None):
    """It serves, tells nothing of the cache, and ends as ever."""
    before = server.log.stat().st_size
    server.start()
    if reads is not None:
        check.equal("reads it", "AOTCache" in command_line(server), reads)
    check.equal("it ends on SIGTERM", server.stop(), 0)
    said = server.log.read_text()[before:]
    check.that("nothing is told of it", not any(word in said for word in ("[aot", "[cds", "AOT")), said[:300])


def command_line(server):
    return pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_bytes().decode().replace("\0", " ")


def trainings(directory):
    """Processes that train for a cache below the directory."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"AOTCacheOutput={directory}" in (entry / "cmdline").read_text(errors="replace"):
                found.append(entry.name)
        except OSError:
            pass
    return found


def told(check, server, mib):
    """What the start took of the processors, what it occupies, and what the first uploads take."""
    begun = processor(server)
    wait(lambda: False, 2)
    resident = server.memory("VmRSS") / MIB
    data, costs = random_bytes(mib * MIB, "start"), []
    for _ in range(3):
        image, before = server.create(), processor(server)
        check.equal("an upload", server.upload(image, data).status, 204)
        costs.append(f"{(processor(server) - before) * 1024 / mib:.1f}")
        server.call("DELETE", f"/v2/images/{image}")
    check.note(f"start {begun:.1f} CPU-s, {resident:.0f} MiB resident, uploads {', '.join(costs)} CPU-s/GiB")


def processor(server):
    """Seconds of the process itself."""
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    Check("start").run(main)
