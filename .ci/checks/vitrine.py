"""What the checks share: the server under test, HTTP down to single chunks, images, assertions.

Only the standard library is used. Everything a check writes lies in one directory of its own, which
goes away at the end together with every process started here.
"""

import atexit
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "target" / "vitrine.jar"
HOST = "127.0.0.1"
# A second loopback address: the only one that the server may fetch from in these checks.
WEB_HOST = "127.0.0.2"
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
LONG = os.environ.get("CI_LONG", "") not in ("", "0")

# Variables of the calling shell must neither configure the server nor send loopback calls to a proxy.
for _name in list(os.environ):
    if _name.startswith(("VITRINE_", "OS_")) or _name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
        del os.environ[_name]
os.environ["LC_ALL"] = "C.UTF-8"


class Failed(Exception):
    """The check cannot go on."""


# --- assertions


class Check:
    """Counts assertions under one name; the sections between are only printed."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = 0
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def section(self, text):
        print(f"-- {text} ({time.monotonic() - self._started:.0f} s)", flush=True)

    def note(self, text):
        print(f"   {text}", flush=True)

    def that(self, what, holds, detail=""):
        with self._lock:
            if holds:
                self.passed += 1
            else:
                self.failed += 1
            print(f"{'ok  ' if holds else 'FAIL'} {what}{f': {detail}' if detail else ''}", flush=True)
        return bool(holds)

    def equal(self, what, got, want):
        return self.that(what, got == want, short(got) if got == want else f"got {short(got)}, wanted {short(want)}")

    def eventually(self, what, seconds, condition, describe=None):
        """Polls until condition() is true; says how long it took."""
        began = time.monotonic()
        holds = wait(condition, seconds)
        detail = f"after {time.monotonic() - began:.1f} s"
        if not holds and describe:
            detail += f", {short(describe(), 400)}"
        return self.that(what, holds, detail)

    def run(self, body):
        """Runs body(check, directory) and ends the process with its verdict."""
        with scratch(self.name) as directory:
            try:
                body(self, directory)
            except Exception as error:
                traceback.print_exc(file=sys.stdout)
                self.that("runs to its end", False, f"{type(error).__name__}: {error}")
            for server in Server.all:
                self.equal(f"no thread of the server at {server.port} was blocked", server.blocked(), [])
        print(f"{self.name}: {self.passed} passed, {self.failed} failed "
              f"(in {time.monotonic() - self._started:.0f} s)", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def short(value, limit=160):
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def wait(condition, seconds, interval=0.05):
    """Polls until condition() is true; whether it became so in time."""
    end = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= end:
            return False
        time.sleep(interval)


# --- directories and processes

_cleanups = []


def at_exit(action):
    """Has action() run when the process ends, last come first served, also after SIGTERM and SIGINT."""
    _cleanups.append(action)


@atexit.register
def _clean_up():
    while _cleanups:
        with contextlib.suppress(Exception):
            _cleanups.pop()()


_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _stop(number, _frame):
    # A second signal must not interrupt the clearing away.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


for _signal in _SIGNALS:
    signal.signal(_signal, _stop)


@contextlib.contextmanager
def scratch(name):
    """A directory that other users may pass through, removed at exit."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix=f"vitrine-{name}-")).resolve()
    directory.chmod(0o755)
    at_exit(lambda: os.environ.get("CI_KEEP") or shutil.rmtree(directory, ignore_errors=True))
    yield directory


def run(*command, check=True, **options):
    """Runs a program to its end and returns the completed process with its text output."""
    done = subprocess.run([str(part) for part in command], stdin=options.pop("stdin", subprocess.DEVNULL),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if check and done.returncode:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
    return done


def install(packages):
    """Installs what is missing of Debian's packages, given by a file of each; nothing of them is started."""
    missing = [package for file, package in packages.items() if not os.path.exists(file)]
    if not missing:
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    run(*apt, "update")
    run(*apt, "install", "-y", "--no-install-recommends", *missing)


def processes(command, directory):
    """Process ids of programs named command that work on something below the directory."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if not (entry / "comm").read_text().startswith(command):
                continue
            traces = [(entry / "cmdline").read_bytes().decode(errors="replace")]
            for link in [entry / "cwd", *(entry / "fd").iterdir()]:
                with contextlib.suppress(OSError):
                    traces.append(os.readlink(link))
            if any(str(directory) in trace for trace in traces):
                found.append(int(entry.name))
    return found


_given_ports = set()


def starved():
    """Whether so many others want the processors that waiting says nothing."""
    return os.getloadavg()[0] > 3 * os.cpu_count()


def free_port(host=HOST):
    """A port nobody listens on and that was not given out before."""
    while True:
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = probe.getsockname()[1]
        if port not in _given_ports:
            _given_ports.add(port)
            return port


def java():
    """The java program of a JDK >= 25: JAVA_HOME if it is one, else the newest under /usr/lib/jvm."""
    homes = [pathlib.Path(os.environ[name]) for name in ("JAVA_HOME",) if os.environ.get(name)]
    if not homes or _java_version(homes[0]) < 25:
        homes = sorted(pathlib.Path("/usr/lib/jvm").glob("*"), key=_java_version)
    if not homes or _java_version(homes[-1]) < 25:
        raise Failed("no JDK >= 25 in JAVA_HOME or under /usr/lib/jvm")
    return homes[-1] / "bin" / "java"


def _java_version(home):
    with contextlib.suppress(OSError):
        found = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.M)
        if found and (home / "bin" / "java").exists():
            return int(found.group(1))
    return 0


# --- the server


class Server:
    """One Vitrine with its own data directory; it can be killed and started again on the same data."""

    all = []

    def __init__(self, directory, environment=None, java_options=(), user=None):
        self.data = directory / "data"
        self.log = directory / "server.log"
        self.port, self.management = free_port(), free_port()
        self.user = user
        self.process = None
        self.headers = {}  # of the calls of the Image API
        self.was_paused = False
        Server.all.append(self)
        jar = JAR
        if user is not None:
            self.data.mkdir(exist_ok=True)
            os.chown(self.data, user, user)
            # The checkout may lie where only its owner may go.
            (directory / "program").mkdir()
            jar = shutil.copy(JAR, directory / "program")
            shutil.copytree(JAR.parent / "lib", directory / "program" / "lib")
        # As production does, see k8s/image/Containerfile.
        self.command = [str(java()), "-XX:+ExitOnOutOfMemoryError", *java_options, "-jar", str(jar), "serve"]
        self.environment = {
            **os.environ,
            "VITRINE_CLASS_CACHE": "off",  # start.py has it
            "VITRINE_HTTP__PORT": str(self.port),
            "VITRINE_MANAGEMENT__PORT": str(self.management),
            "VITRINE_DATA__DIR": str(self.data),
            **(environment or {}),
        }
        self.directory = directory
        at_exit(self._end)

    def start(self, seconds=120):
        """Starts the process and returns when it says that it is ready; the seconds that took."""
        began = time.monotonic()
        self.begin()
        if not wait(lambda: self.process.poll() is not None or self.ready(), seconds):
            raise Failed(f"not ready after {seconds} s\n{self.tail()}")
        if self.process.poll() is not None:
            raise Failed(f"the server ended with {self.process.returncode}\n{self.tail()}")
        return time.monotonic() - began

    def begin(self):
        """Starts the process and waits for nothing."""
        options = {}
        if self.user is not None:
            options = {"user": self.user, "group": self.user, "extra_groups": []}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, cwd=self.directory, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True, **options)

    def ready(self):
        return self.probe("/health/ready") == 200

    def probe(self, path):
        """Status of a call of the management port; 0 if nobody answers."""
        try:
            return call(self.management, "GET", path, seconds=5).status
        except (OSError, http.client.HTTPException):
            return 0

    def kill(self):
        """kill -9 of the server itself."""
        self.process.kill()
        self.process.wait()

    def pause(self):
        """SIGSTOP."""
        self.was_paused = True
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self, seconds=60):
        """SIGTERM; the exit code, or None if it had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def blocked(self):
        """Warnings that a thread was blocked; of no meaning for a server that stood still, or was short of processors."""
        if self.was_paused or starved() or not self.log.exists():
            return []
        return [line for line in self.log.read_text(errors="replace").splitlines() if "has been blocked for" in line]

    def memory(self, field):
        """A field of /proc/PID/status in bytes, such as VmHWM (peak) or VmRSS of the JVM alone."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M).group(1)) * KIB

    def _end(self):
        if self.process and self.process.poll() is None:
            self.stop(20)
        # What a killed server leaves behind: its database, and processes of qemu-img that did not notice.
        for file in self.data.glob("postgresql/**/postmaster.pid"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int(file.read_text().split()[0])
                if pathlib.Path(f"/proc/{pid}/comm").read_text().startswith("postgres"):
                    os.kill(pid, signal.SIGINT)
                    wait(lambda: not pathlib.Path(f"/proc/{pid}").exists(), 20)
        for pid in processes("qemu-img", self.directory):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    # what it does and holds

    def is_converting(self, image):
        """Whether an import of the image converts its data, perhaps straight into a store."""
        return any("Converting" in task["message"] for task in self.tasks(image))

    def rows(self, query):
        """Rows of a query on the embedded PostgreSQL, as lists of strings."""
        address = (self.data / "postgresql" / "address").read_text().strip()
        done = run("psql", "--no-psqlrc", "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", query, address, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def files(self):
        """Every file below stores/ and staging/ with its size, those that just vanish left out."""
        sizes = {}
        for kind in ("stores", "staging"):
            for folder, _, names in os.walk(self.data / kind):
                for name in names:
                    path = pathlib.Path(folder, name)
                    with contextlib.suppress(FileNotFoundError):
                        sizes[path] = path.stat().st_size
        return sizes

    def orphans(self):
        """Files below stores/ and staging/ that no row of blobs owns. Meant for a server at rest."""
        files = self.files()
        owned = {row[0] for row in self.rows("select id from blobs")}
        return [str(path.relative_to(self.data)) for path in files if path.name.removesuffix(".part") not in owned]

    def unfinished(self):
        """Files below stores/ and staging/ that a write in progress left or still has."""
        return [str(path.relative_to(self.data)) for path in self.files() if path.suffix == ".part"]

    # the Image API in short

    def call(self, method, path, body=None, headers=None, seconds=60):
        return call(self.port, method, path, body, {**self.headers, **(headers or {})}, seconds)

    def create(self, disk_format="raw", **fields):
        """A new queued image's id."""
        answer = self.call("POST", "/v2/images", {"name": "check", "disk_format": disk_format, "container_format": "bare", **fields})
        if answer.status != 201:
            raise Failed(f"create answered {answer}")
        return answer.json()["id"]

    def show(self, image):
        answer = self.call("GET", f"/v2/images/{image}")
        return answer.json() if answer.status == 200 else {"status": f"HTTP {answer.status}"}

    def status(self, image):
        return self.show(image)["status"]

    def upload(self, image, data, target="file", **options):
        """PUT of bytes or of an iterable of chunks; an Answer."""
        return put(self.port, f"/v2/images/{image}/{target}", data, headers={**self.headers, **options.pop("headers", {})}, **options)

    def import_image(self, image, method, **fields):
        return self.call("POST", f"/v2/images/{image}/import", {"method": {"name": method, **fields}})

    def tasks(self, image):
        answer = self.call("GET", f"/v2/images/{image}/tasks")
        return answer.json()["tasks"] if answer.status == 200 else []

    def sha512(self, image, seconds=600):
        """Digest of what a download gives, and the number of bytes."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        with contextlib.closing(connection):
            connection.request("GET", f"/v2/images/{image}/file", headers=self.headers)
            answer = connection.getresponse()
            if answer.status != 200:
                return f"HTTP {answer.status}", 0
            digest, size = hashlib.sha512(), 0
            while block := answer.read(MIB):
                digest.update(block)
                size += len(block)
            return digest.hexdigest(), size

    def path(self, image, tail="/file"):
        return f"http://{HOST}:{self.port}/v2/images/{image}{tail}"

    def health(self):
        """Statuses of the list and of both health pages: HEALTHY if it serves as it should."""
        try:
            listed = self.call("GET", "/v2/images").status
        except (OSError, http.client.HTTPException) as error:
            listed = str(error)
        return listed, self.probe("/health/live"), self.probe("/health/ready")


HEALTHY = (200, 200, 200)


# --- HTTP


class Answer:
    """Status, headers (lower case) and body of an answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        text = "".join(c if c.isprintable() else " " for c in self.body.decode(errors="replace").strip())
        return f"{self.status} {short(text)}"


def call(port, method, path, body=None, headers=None, seconds=60, host=HOST):
    """One call on a connection of its own; a body that is not bytes is sent as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    headers.setdefault("Accept", "application/json")
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


class Connection:
    """A client that sends exactly what it is told to: single chunks, halves of bodies, lies."""

    def __init__(self, port, seconds=120, host=HOST):
        self.socket = socket.create_connection((host, port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0
        self._answer = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def head(self, method, path, headers):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        self.send("\r\n".join(lines).encode())
        self.sent = 0

    def send(self, data):
        """Sends all; if the server has closed its side, what it said is kept for answer()."""
        try:
            self.socket.sendall(data)
            self.sent += len(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Refused from error

    def chunk(self, data):
        self.send(b"%x\r\n" % len(data) + bytes(data) + b"\r\n")

    def last_chunk(self):
        self.send(b"0\r\n\r\n")

    def answer(self, method="PUT"):
        reply = http.client.HTTPResponse(self.socket, method=method)
        try:
            reply.begin()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, {}, f"{type(error).__name__}: {error}".encode())

    def hang_up(self):
        """Closes with a reset, as a client that crashed does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()


class Refused(Exception):
    """The server closed the connection while a body was being sent."""


def put(port, path, data, chunk=None, headers=None, seconds=300, progress=None):
    """PUT of octets: in chunks of exactly that many bytes, or with Content-Length if there is no chunk size.

    An answer that comes before the end of the body ends the sending. progress(sent) is called as bytes leave.
    """
    view = memoryview(data)
    fields = {"Content-Type": "application/octet-stream", "Accept": "application/json", **(headers or {})}
    fields.update({"Transfer-Encoding": "chunked"} if chunk else {"Content-Length": str(len(view))})
    with Connection(port, seconds) as connection:
        with contextlib.suppress(Refused):
            connection.head("PUT", path, fields)
            step = chunk or MIB
            for start in range(0, len(view), step):
                piece = view[start:start + step]
                connection.chunk(piece) if chunk else connection.send(piece)
                if progress:
                    progress(start + len(piece))
            if chunk:
                connection.last_chunk()
        return connection.answer()


def curl(*arguments, **options):
    """Runs curl; returns (exit code, HTTP status of the last answer as an int)."""
    done = run("curl", "-q", "-sS", "--noproxy", "*", "-m", "1800", "-w", "%{stderr}\n%{http_code}", *arguments, check=False, **options)
    code = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "0"
    return done.returncode, int(code) if code.isdigit() else 0


# --- a web server to fetch from


class Web:
    """nginx on WEB_HOST and, for what must stay out of reach, on HOST: the same port, two access logs."""

    def __init__(self, directory):
        self.directory = directory / "web"
        self.files = self.directory / "files"
        self.files.mkdir(parents=True)
        self.port = free_port(WEB_HOST)
        self.log, self.secret_log = self.directory / "access.log", self.directory / "secret.log"
        user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
        config = self.directory / "nginx.conf"
        config.write_text(f"""
            {user}
            worker_processes 1; daemon off; pid {self.directory}/pid; error_log {self.directory}/error.log;
            events {{ worker_connections 256; }}
            http {{
              sendfile on; log_format line '$request $status';
              client_body_temp_path {self.directory}/t1; proxy_temp_path {self.directory}/t2; fastcgi_temp_path {self.directory}/t3;
              uwsgi_temp_path {self.directory}/t4; scgi_temp_path {self.directory}/t5;
              server {{
                listen {WEB_HOST}:{self.port}; root {self.files}; access_log {self.log} line;
                location /slow/ {{ alias {self.files}/; limit_rate 64m; }}
                location /to/ {{ return 302 $arg_url; }}
                location /loop {{ return 302 /loop; }}
              }}
              server {{ listen {HOST}:{self.port}; root {self.files}; access_log {self.secret_log} line; }}
            }}""")
        self.process = subprocess.Popen(["nginx", "-e", str(self.directory / "error.log"), "-c", str(config)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
        at_exit(self._end)
        if not wait(self._listens, 20):
            raise Failed(f"nginx does not answer: {(self.directory / 'error.log').read_text()[-500:]}")

    def url(self, path):
        return f"http://{WEB_HOST}:{self.port}/{path}"

    def environment(self, *ports):
        """Server settings that allow fetching from here and these ports, and from no other address of this machine."""
        return {"VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS": ",".join(map(str, (80, 443, self.port, *ports))),
                "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_NETWORKS": f"{WEB_HOST}/32"}

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection((WEB_HOST, self.port), timeout=1):
            return True
        return False

    def _end(self):
        self.process.terminate()
        self.process.wait(10)


# --- images


def random_file(path, size, seed=0):
    """A file of that many bytes that do not repeat, the same for the same seed."""
    with open(path, "wb") as file:
        for position in range(0, size, MIB):
            file.write(random_bytes(min(MIB, size - position), f"{seed}/{position}"))
    return path


def random_bytes(size, seed):
    """Pseudo-random bytes that depend on the seed only."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


def convert(source, target, form, *options, source_form="raw"):
    """qemu-img convert; the target's path."""
    run("qemu-img", "convert", "-q", "-f", source_form, "-O", form, *options, source, target)
    return target


def same(first, second):
    """Whether two files hold the same bytes."""
    return run("cmp", first, second, check=False).returncode == 0


def digests(path):
    """(md5, sha512) as md5sum and sha512sum print them, computed at the same time."""
    programs = [subprocess.Popen([name, str(path)], stdout=subprocess.PIPE, text=True) for name in ("md5sum", "sha512sum")]
    return tuple(program.communicate()[0].split()[0] for program in programs)
