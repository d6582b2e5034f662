"""Which classes run for one upload, download, list and import; prints the tables of architecture.md, "Classes on the way".

classes.py [JAR]: of another jar, to compare.
"""

import collections
import pathlib
import socket
import sys
import zipfile

import vitrine
from vitrine import MIB, ROOT, Check, Server, convert, random_bytes, random_file, wait

AGENT = "io/vitrine/recording"
# What a class of Java or of the program does once in a while.
IDLE_SECONDS = 40


def main(check, directory):
    if len(sys.argv) > 1:
        vitrine.JAR = pathlib.Path(sys.argv[1])
    port_file = directory / "recorder.port"
    server = Server(directory, {"VITRINE_IMPORT__PLUGINS": "image_conversion"}, (f"-javaagent:{agent(directory)}={port_file}",))
    server.start()
    recorded(port_file)
    wait(lambda: False, IDLE_SECONDS)
    idle = recorded(port_file)

    ways = {}
    data = random_bytes(8 * MIB, "classes")
    image = server.create()
    recorded(port_file)
    check.equal("an upload", server.upload(image, data).status, 204)
    ways["Upload"] = settled(port_file, idle)
    check.equal("a download", server.call("GET", f"/v2/images/{image}/file").body, data)
    ways["Download"] = settled(port_file, idle)
    check.equal("a list", server.call("GET", "/v2/images?limit=20").status, 200)
    ways["List"] = settled(port_file, idle)

    source = convert(random_file(directory / "raw", 4 * MIB), directory / "disk.qcow2", "qcow2", "-c")
    image = server.create("qcow2")
    check.equal("staged", server.upload(image, source.read_bytes(), "stage").status, 204)
    settled(port_file, idle)
    check.equal("an import", server.import_image(image, "glance-direct").status, 202)
    row = f"select status from images where id = '{image}'"
    check.eventually("it is active", 60, lambda: server.rows(row) == [["active"]], lambda: server.rows(row))
    ways["Import"] = settled(port_file, idle)
    check.equal("converted", server.show(image)["disk_format"], "raw")
    tell(ways)


def agent(directory):
    """The jar of the recorder."""
    jar = directory / "recorder.jar"
    with zipfile.ZipFile(jar, "w") as file:
        file.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nPremain-Class: io.vitrine.recording.ClassRecorder\n\n")
        for each in sorted((ROOT / "target" / "test-classes" / AGENT).glob("*.class")):
            file.write(each, f"{AGENT}/{each.name}")
    return jar


def recorded(port_file):
    """The classes that ran since this was asked last."""
    with socket.create_connection(("127.0.0.1", int(port_file.read_text()))) as connection, connection.makefile() as lines:
        return set(lines.read().split())


def settled(port_file, idle):
    """The classes that ran until nothing runs any more but what runs anyway."""
    found = set()
    while True:
        wait(lambda: False, 2)
        more = recorded(port_file) - idle
        if not more - found:
            return found | more
        found |= more


def tell(ways):
    common = set.intersection(*ways.values())
    print("| Way | Classes | of them its own |\n|---|---|---|")
    for way, classes in ways.items():
        print(f"| {way} | {len(classes)} | {len(classes - common)} |")
    for title, classes in [("Every request:", common), *((f"{way}, besides:", classes - common) for way, classes in ways.items())]:
        packages = collections.defaultdict(list)
        for name in sorted(classes):
            package, _, simple = name.removeprefix("io.vitrine.").rpartition(".")
            packages[package].append(f"`{simple}`")
        print(f"\n{title}\n\n| Package | Classes |\n|---|---|")
        for package, names in packages.items():
            print(f"| `{package}` | {' '.join(names)} |")


if __name__ == "__main__":
    Check("classes").run(main)
