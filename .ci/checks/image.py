"""The container image: built without a registry, it does the main job read-only, without privileges, in 512 MiB.

image.py [NAME]: an image that is there already, for a short cut while working on this check.
"""

import json
import os
import pathlib
import re
import sys
import time

from vitrine import HEALTHY, MIB, ROOT, Check, Failed, Server, call, convert, curl, random_bytes, random_file, run, same, wait

USER = 10001
MEMORY = "512m"
HARDENED = ["--read-only", "--tmpfs", "/tmp:rw,size=64m,mode=1777", "--cap-drop=ALL", "--security-opt=no-new-privileges",
            "--memory", MEMORY, "--memory-swap", MEMORY, "--pids-limit", "512"]

def main(check, directory):
    own_settings(directory)
    if len(sys.argv) > 1:
        name = sys.argv[1]
    else:
        name = build(check, directory)
        reproducible(check, name)
    contents(check, directory, name)
    protections(check, directory, name)
    container = Container(directory, name)
    check.section("the main job in it")
    check.note(f"ready after {container.start():.1f} s with a new database")
    check.equal("it is healthy", container.health(), HEALTHY)
    check.equal("its processes run as", container.users(), {USER})
    check.equal("and have no capabilities", container.capabilities(), {0})
    check.equal("and the default seccomp profile", container.statuses("Seccomp")[:1], ["2"])
    check.that("no address is shown that works only in the container", "Try:" not in container.log.read_text())
    uploads(check, directory, container)
    imports(check, directory, container)
    check.equal("it ends on SIGTERM", container.stop() in (0, 143), True)
    restart(check, container)


def own_settings(directory):
    """What works without systemd, without the right to raise limits and with either kind of control groups; images go away at the end."""
    engine = directory / "containers.conf"
    engine.write_text('[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n'
                      '[containers]\ndefault_ulimits = ["nofile=16384:16384", "nproc=4096:4096"]\n')
    os.environ["CONTAINERS_CONF"] = str(engine)
    if len(sys.argv) == 1:
        storage = directory / "storage.conf"
        storage.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{directory}/layers"\nrunroot = "{directory}/running"\n')
        os.environ["CONTAINERS_STORAGE_CONF"] = str(storage)


def build(check, directory):
    check.section("build")
    name = "localhost/vitrine:check"
    run(ROOT / "k8s" / "image" / "build", name)
    archive = directory / "image.tar"
    run("buildah", "push", "--quiet", name, f"oci-archive:{archive}:{name}")
    unpacked = json.loads(run("podman", "image", "inspect", name).stdout)[0]["Size"]
    check.note(f"{archive.stat().st_size / MIB:.0f} MiB in a registry, {unpacked / MIB:.0f} MiB on a node")
    archive.unlink()
    return name


def reproducible(check, name):
    """Another build gives the same layers, but for the last one with the cache of loaded classes."""
    again = "localhost/vitrine:again"
    began = time.monotonic()
    run(ROOT / "k8s" / "image" / "build", "--without-cache", again)
    check.note(f"without the cache in {time.monotonic() - began:.0f} s")
    with_cache, without = layers(name), layers(again)
    check.equal("a second build has the same layers, but for the cache", (with_cache[:-1], len(with_cache)), (without, len(without) + 1))
    run("podman", "image", "rm", again)


def layers(name):
    return json.loads(run("podman", "image", "inspect", name).stdout)[0]["RootFS"]["Layers"]


def licence():
    """The name of the licence in pom.xml, which is its SPDX identifier."""
    return re.search(r"<license>\s*<name>([^<]+)</name>", (ROOT / "pom.xml").read_text())[1]


def contents(check, directory, name):
    check.section("what is in it")
    found = json.loads(run("podman", "image", "inspect", name).stdout)[0]
    config = found["Config"]
    check.equal("the user", config["User"], f"{USER}:{USER}")
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in config["Labels"].items()}
    check.that("labels", {"title", "description", "version", "revision", "created"} <= labels.keys(), labels)
    check.equal("the licence", labels.get("licenses"), licence())
    mounted = pathlib.Path(run("podman", "image", "mount", name).stdout.strip())
    try:
        bom = json.loads((mounted / "opt/vitrine/bom.json").read_text())
        libraries = {f"{each['name']}-{each['version']}" for each in bom["components"]}
        shipped = {file.stem for file in (mounted / "opt/vitrine/lib").glob("*.jar")}
        check.that("the bill of materials names every library", bom["bomFormat"] == "CycloneDX" and shipped <= libraries,
                   f"{len(shipped)} libraries, missing {sorted(shipped - libraries)}")
        packages = len(list((mounted / "var/lib/dpkg/status.d").iterdir()))
        check.that("it has no qemu-img, which the default engine does not need", not list(mounted.glob("usr/bin/qemu*")))
        check.that("scanners find Debian's packages", packages > 20, f"{packages} packages")
        raised = run("find", mounted, "-xdev", "-perm", "/6000", "-type", "f").stdout.split()
        check.equal("no file gives its owner's rights away", raised, [])
    finally:
        run("podman", "image", "unmount", name)
    version = command(name, {"JDK_JAVA_OPTIONS": "-XX:AOTMode=on"}, "--version")
    check.that("the cache of loaded classes fits", version.returncode == 0, (version.stdout + version.stderr).strip()[-300:])
    check.that("the labels tell the program's version and revision", f"{labels['version']} ({labels['revision']})" in version.stdout)


def command(name, environment, *arguments, options=()):
    """One of the program's commands, in a container."""
    settings = [part for key, value in environment.items() for part in ("--env", f"{key}={value}")]
    return run("podman", "run", "--rm", "--network", "none", *HARDENED, *options, *settings, name, *arguments, check=False)


def protections(check, directory, name):
    check.section("what protects from images while they are converted")
    own = command(name, {}, "config", "check").stdout.splitlines()
    check.equal("the default engine starts no program", own[-1:], ["# conversion: in this process; no other program reads images"])
    # Any program will do: what matters is what the container allows. Podman's profile allows unshare; Kubernetes' usual one does not.
    other = {"VITRINE_IMPORT__CONVERSION__ENGINE": "qemu-img", "VITRINE_IMPORT__CONVERSION__QEMU_IMG": "/bin/true"}
    profile = directory / "seccomp.json"
    refused = [{"names": ["unshare"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
    profile.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": refused}))
    told = command(name, other, "config", "check", options=[f"--security-opt=seccomp={profile}"]).stdout.splitlines()[-1:]
    check.equal("where unshare is refused, config check says that qemu-img would keep the network", told,
                ["# conversion: qemu-img in a sandbox with no privileges, death with the parent, limits; not possible on this machine: no network"])


def uploads(check, directory, container):
    data = random_bytes(24 * MIB + 4321, "image")
    image = container.create()
    check.equal("an upload in chunks of 64 KiB", container.upload(image, data, chunk=64 * 1024).status, 204)
    copy = directory / "copy"
    check.equal("a download", curl("-o", copy, container.path(image)), (0, 200))
    check.that("gives the same bytes", copy.read_bytes() == data)


def imports(check, directory, container):
    raw = random_file(directory / "disk.raw", 32 * MIB)
    qcow2 = convert(raw, directory / "disk.qcow2", "qcow2", "-c")
    image = container.create("qcow2")
    check.equal("staging", container.upload(image, qcow2.read_bytes(), target="stage").status, 204)
    check.equal("import with conversion", container.import_image(image, "glance-direct").status, 202)
    check.eventually("the image is active", 60, lambda: container.status(image) == "active", lambda: container.tasks(image))
    check.equal("as raw", container.show(image).get("disk_format"), "raw")
    copy = directory / "converted"
    curl("-o", copy, container.path(image))
    check.that("and equals the disk", same(copy, raw))
    shown = call(container.management, "GET", "/metrics").body.decode()
    check.that("a metric tells what protected it", 'vitrine_conversion_isolation{engine="builtin",kind="no process"} 1.0' in shown)


def restart(check, container):
    seconds = container.start()
    check.note(f"ready after {seconds:.1f} s with the database that is there")
    check.that("after a restart the images are there", len(container.call("GET", "/v2/images").json()["images"]) == 2)
    settled = []
    wait(lambda: settled.append(container.resident()) or len(settled) > 10, 20, 1)
    check.note(f"idle, RSS of Java {settled[-1] / MIB:.0f} MiB; with its PostgreSQL the container has {container.charged() / MIB:.0f} MiB")
    container.stop()


class Container(Server):
    """Vitrine in a container on this machine's network; its data lies on a volume."""

    def __init__(self, directory, name):
        super().__init__(directory)
        self.data.mkdir()
        os.chown(self.data, USER, USER)
        self.cid = directory / "cid"
        settings = [f"{key}={value}" for key, value in self.environment.items() if key.startswith("VITRINE_") and "DATA" not in key]
        self.command = ["podman", "run", "--rm", "--network", "host", "--cidfile", str(self.cid), *HARDENED,
                        *(part for each in settings for part in ("--env", each)), "--volume", f"{self.data}:/var/lib/vitrine", name]

    def start(self, seconds=120):
        self.cid.unlink(missing_ok=True)
        return super().start(seconds)

    def pids(self):
        listed = run("podman", "top", self.cid.read_text(), "hpid").stdout.split()[1:]
        if not listed:
            raise Failed("the container has no processes")
        return [int(pid) for pid in listed]

    def statuses(self, field):
        found = []
        for pid in self.pids():
            status = pathlib.Path(f"/proc/{pid}/status")
            if status.exists():
                found.append(re.search(rf"^{field}:\s+(\S+)", status.read_text(), re.M).group(1))
        return found

    def users(self):
        return {int(user) for user in self.statuses("Uid")}

    def capabilities(self):
        return {int(mask, 16) for field in ("CapEff", "CapBnd") for mask in self.statuses(field)}

    def resident(self):
        """Resident bytes of Java, the first process."""
        return int(self.statuses("VmRSS")[0]) * 1024

    def charged(self):
        """What counts against the limit and cannot be dropped: all processes' own pages."""
        total = 0
        for pid in self.pids():
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1)) * 1024
        return total


if __name__ == "__main__":
    Check("image").run(main)
