"""A real Ceph for the checks: Debian's, one node on free loopback ports, everything it writes in one directory.

A monitor, one OSD that keeps its objects in memory unless it is told otherwise, and a gateway with the S3 and Swift APIs. There are an RBD pool POOL, a BUCKET
and one user of the gateway: S3_KEYS, and SWIFT_USER with SWIFT_KEY. Nobody needs a key for the cluster itself.

Alone:  ceph.py serve DIRECTORY              starts one, says where it is, stops it at SIGTERM or SIGINT
        ceph.py restart DIRECTORY NAME       restarts osd.0 or client.rgw of one that runs
        ceph.py stop|start DIRECTORY NAME    the two halves of that
        ceph.py freeze|thaw DIRECTORY NAME   stops a daemon from doing anything, and lets it go on
"""

import contextlib
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse
import uuid

from vitrine import HOST, GIB, Failed, at_exit, free_port, install, run, wait

MEMORY = 4 * GIB
POOL, BUCKET = "images", "vitrine"
S3_KEYS = ("vitrine-access", "vitrine-secret")
SWIFT_USER, SWIFT_KEY = "vitrine:swift", "vitrine-swift-secret"
GATEWAY, OSD, MONITOR = "client.rgw", "osd.0", "mon.a"
PACKAGES = {
    "/usr/bin/ceph-mon": "ceph-mon",
    "/usr/bin/ceph-osd": "ceph-osd",
    "/usr/bin/rbd": "ceph-common",
    "/usr/bin/radosgw": "radosgw",
    "/usr/lib/x86_64-linux-gnu/librados.so.2": "librados2",
    "/usr/lib/x86_64-linux-gnu/librbd.so.1": "librbd1",
}


class Ceph:
    """A cluster in a directory. One that was started by another process can be restarted in part."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).resolve()
        self.conf = self.directory / "ceph.conf"

    # its life

    def start(self, gateway_settings=None, addresses=(), disk_bytes=0):
        """Makes it and starts it. gateway_settings are further keys of the gateway's configuration, addresses those of this
        machine where the gateway is besides HOST, disk_bytes the size of a file that objects are kept in instead of in memory."""
        install(PACKAGES)
        for name in ("mon", "osd", "gateway", "run", "log"):
            (self.directory / name).mkdir(parents=True)
        self.fsid = str(uuid.uuid4())
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        settings = {"rgw_frontends": " ".join(["beast", *(f"endpoint={address}:{self.port}" for address in (HOST, *addresses))])}
        self._configure(free_port(), free_port(), disk_bytes, {**settings, **(gateway_settings or {})})
        at_exit(self.stop)
        self._make_monitor()
        self._make_osd()
        self.ceph("osd", "pool", "create", POOL, "8", "8")
        self.rbd("pool", "init", POOL)
        self._make_users()
        self.launch(GATEWAY)
        self.make_bucket(BUCKET)
        return self

    def stop(self):
        """Ends all its daemons."""
        for name in (GATEWAY, OSD, MONITOR):
            self.end(name, 10)

    def restart(self, name):
        """Ends a daemon as an operator would, which keeps what it holds, and starts it again."""
        self.end(name, 60)
        self.launch(name)

    def end(self, name, seconds):
        """SIGTERM for a daemon, and SIGKILL if that does not do."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.signal(name, signal.SIGCONT)
            self.signal(name, number)
            if wait(lambda: self._process(name) is None, seconds, 0.2):
                break
        self._pid_file(name).unlink(missing_ok=True)

    def signal(self, name, number):
        """Sends a signal to a daemon if it runs."""
        pid = self._process(name)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    # its tools

    def ceph(self, *arguments):
        return run("ceph", "-c", self.conf, "--connect-timeout", "30", *arguments, timeout=120)

    def rbd(self, *arguments):
        return run("rbd", "-c", self.conf, *arguments, timeout=120)

    def gateway_admin(self, *arguments, **options):
        command = ("radosgw-admin", "-c", self.conf, "-n", GATEWAY, *arguments)
        try:
            return run(*command, timeout=120, **options)
        except subprocess.TimeoutExpired:
            # It has hung for no reason that could be found.
            print(f"   again, as it hung: {' '.join(map(str, command))}", flush=True)
            return run(*command, timeout=120, **options)

    # how it is made

    def _configure(self, port, old_port, disk_bytes, gateway_settings):
        here = self.directory
        objects = (f"bluestore\nbluestore_block_size = {disk_bytes}\nosd_memory_target = {GIB}" if disk_bytes
                   else f"memstore\nmemstore_device_bytes = {MEMORY}")
        more = "\n".join(f"{key} = {value}" for key, value in gateway_settings.items())
        self.conf.write_text(f"""
[global]
fsid = {self.fsid}
mon_host = [v2:{HOST}:{port},v1:{HOST}:{old_port}]
mon_initial_members = a
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
public_addr = {HOST}
cluster_addr = {HOST}
ms_bind_ipv6 = false
run_dir = {here}/run
pid_file = {here}/run/$name.pid
admin_socket = {here}/run/$name.$pid.asok
log_file = {here}/log/$name.log
crash_dir = {here}/log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
mon_data_avail_warn = 1
# A file system with short names must not limit the names of objects.
osd_max_object_name_len = 1024
[client]
# The libraries in other processes write no files.
log_file =
admin_socket =
pid_file =
[mon.a]
mon_data = {here}/mon
[osd.0]
osd_data = {here}/osd
osd_objectstore = {objects}
# So that the checks need not wait 30 s for it to forget clients that were killed.
osd_client_watch_timeout = 10
osd_class_load_list = *
osd_class_default_list = *
# What is in memory is written down only by an orderly end.
osd_fast_shutdown = false
[{GATEWAY}]
log_file = {here}/log/gateway.log
pid_file = {here}/run/{GATEWAY}.pid
# Without keys there is nothing to encrypt by, which is what the gateway prefers.
ms_mon_client_mode = crc
rgw_data = {here}/gateway
rgw_thread_pool_size = 64
{more}
""")

    def _make_monitor(self):
        keyring, chart = self.directory / "keyring", self.directory / "monmap"
        hosts = self.conf.read_text().split("mon_host = ", 1)[1].splitlines()[0]
        run("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        run("monmaptool", "--create", "--clobber", "--fsid", self.fsid, "--addv", "a", hosts, chart)
        run("ceph-mon", "-c", self.conf, "--mkfs", "-i", "a", "--monmap", chart, "--keyring", keyring)
        self.launch(MONITOR)

    def _make_osd(self):
        identity = str(uuid.uuid4())
        self.ceph("osd", "new", identity)
        run("ceph-osd", "-c", self.conf, "-i", "0", "--mkfs", "--osd-uuid", identity)
        self.launch(OSD)

    def _make_users(self):
        user = SWIFT_USER.split(":")[0]
        self.gateway_admin("user", "create", "--uid", user, "--display-name", user, "--access-key", S3_KEYS[0], "--secret-key", S3_KEYS[1])
        self.gateway_admin("subuser", "create", "--uid", user, "--subuser", SWIFT_USER, "--access", "full")
        self.gateway_admin("key", "create", "--subuser", SWIFT_USER, "--key-type", "swift", "--secret-key", SWIFT_KEY)

    def make_bucket(self, name):
        """Makes a bucket of S3, by the Swift API, where it takes no signature."""
        _, login = self._ask("GET", "/auth/v1.0", {"X-Auth-User": SWIFT_USER, "X-Auth-Key": SWIFT_KEY})
        account = urllib.parse.urlsplit(login["X-Storage-Url"]).path
        status, _ = self._ask("PUT", f"{account}/{name}", {"X-Auth-Token": login["X-Auth-Token"]})
        if status not in (201, 202):
            raise Failed(f"the gateway makes no bucket: {status}")

    # its daemons

    def launch(self, name):
        """Starts a daemon and returns when it serves."""
        kind, number = name.split(".")
        program = ["radosgw", "-c", self.conf, "-n", name] if name == GATEWAY else [f"ceph-{kind}", "-c", self.conf, "-i", number]
        run(*program, timeout=120)
        serves = {
            MONITOR: lambda: run("ceph", "-c", self.conf, "--connect-timeout", "5", "osd", "stat", check=False).returncode == 0,
            OSD: lambda: "1 up" in self.ceph("osd", "stat").stdout,
            GATEWAY: self._gateway_answers,
        }[name]
        if not wait(serves, 60, 0.5):
            raise Failed(f"{name} does not serve: {self._last_words(name)}")

    def _gateway_answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self._ask("GET", "/")[0] < 500
        return False

    def _ask(self, method, path, headers=None):
        """Status and headers of what the gateway answers."""
        port = int(self.conf.read_text().split(f"endpoint={HOST}:", 1)[1].split()[0])
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        with contextlib.closing(connection):
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers

    def _last_words(self, name):
        log = self.directory / "log" / ("gateway.log" if name == GATEWAY else f"ceph-{name}.log")
        return log.read_text(errors="replace")[-800:] if log.exists() else "no log"

    def _pid_file(self, name):
        return self.directory / "run" / f"{name}.pid"

    def _process(self, name):
        """The process id of a daemon of this cluster that runs; None if there is none."""
        with contextlib.suppress(OSError, ValueError):
            pid = int(self._pid_file(name).read_text())
            if str(self.conf) in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        return None


def main(command, directory, *names):
    cluster = Ceph(directory)
    match command:
        case "serve":
            cluster.start()
            print(f"conf {cluster.conf}\npool {POOL}\ngateway {cluster.url}", flush=True)
            while True:
                signal.pause()
        case "restart":
            cluster.restart(names[0])
        case "stop":
            cluster.end(names[0], 60)
        case "start":
            cluster.launch(names[0])
        case "freeze":
            cluster.signal(names[0], signal.SIGSTOP)
        case "thaw":
            cluster.signal(names[0], signal.SIGCONT)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 2 else sys.exit(__doc__)
