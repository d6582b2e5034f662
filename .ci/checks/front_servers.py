"""The web servers that stand in front of Vitrine in these checks: Debian's, with the files of conf/ as they are shipped.

Only the addresses in those files are exchanged, and around each stands what Debian's own main file would say.
"""

import contextlib
import grp
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess

from vitrine import HOST, ROOT, Failed, at_exit, free_port, wait

MODULES = pathlib.Path("/usr/lib/apache2/modules")
# What the shipped files say: where the front listens, for HTTP/2 alone, and where Vitrine does.
FRONT, FRONT_H2, VITRINE, VITRINE_UWSGI = "0.0.0.0:8080", "0.0.0.0:8081", "127.0.0.1:9292", "127.0.0.1:3031"
WORKER = "www-data" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


class Front:
    """What clients see as the image service: a port for HTTP/1.1, and one for HTTP/2 or none."""

    def __init__(self, name, port, h2_port):
        self.name, self.port, self.h2_port = name, port, h2_port

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    def processes(self):
        """Ids of the processes of the front itself."""
        return []


class WebServer(Front):
    """A web server with one shipped file, in a directory of its own."""

    def __init__(self, name, file, command, directory, vitrine, speaks_h2=True):
        super().__init__(name, free_port(), None)
        self.directory = directory / re.sub(r"\W+", "-", name)
        self.directory.mkdir()
        self.log = self.directory / "error.log"
        shipped = (ROOT / "conf" / file).read_text()
        if FRONT not in shipped:
            raise Failed(f"conf/{file} does not listen on {FRONT}")
        replaced = {FRONT: f"{HOST}:{self.port}", VITRINE: f"{HOST}:{vitrine.port}"}
        if VITRINE_UWSGI in shipped:
            replaced[VITRINE_UWSGI] = f"{HOST}:{vitrine.uwsgi_port}"
        if speaks_h2:
            self.h2_port = self.port
        if FRONT_H2 in shipped:
            self.h2_port = free_port()
            replaced[FRONT_H2] = f"{HOST}:{self.h2_port}"
        for old, new in replaced.items():
            shipped = shipped.replace(old, new)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command(self.directory, shipped), cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        at_exit(self.stop)
        if not wait(lambda: self.process.poll() is not None or self._listens(), 20) or self.process.poll() is not None:
            raise Failed(f"{name} does not start: {self.log.read_text(errors='replace')[-800:]}")

    def processes(self):
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if os.getsid(int(entry.name)) == self.process.pid:
                    found.append(int(entry.name))
        return found

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
            return True
        return False


def apache(directory, shipped):
    """Debian's main file in short, the modules that the shipped file names, and reqtimeout, which Debian loads by itself."""
    relay = directory / "relay"
    if "vitrine_relay.py" in shipped:
        relay.mkdir()
        shutil.copy(ROOT / "conf" / "httpd" / "vitrine_relay.py", relay)
        shipped = shipped.replace("/usr/local/lib/vitrine", str(relay))
    modules = re.search(r"^# Modules: (.*)$", shipped, re.M).group(1).split()
    lines = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in ("mpm_event", "authz_core", "reqtimeout", "env", *modules)]
    (directory / "site.conf").write_text(shipped)
    (directory / "apache2.conf").write_text("\n".join([
        f"ServerRoot {directory}", "ServerName localhost", f"PidFile {directory}/pid", f"DefaultRuntimeDir {directory}",
        f"Mutex file:{directory} default", f"ErrorLog {directory}/error.log", "LogLevel warn", f"User {WORKER}",
        f"Group {grp.getgrgid(pwd.getpwnam(WORKER).pw_gid).gr_name}", *lines, "Include /etc/apache2/mods-available/reqtimeout.conf",
        "Include /etc/apache2/mods-available/mpm_event.conf", f"Include {directory}/site.conf", ""]))
    return ["/usr/sbin/apache2", "-f", str(directory / "apache2.conf"), "-DFOREGROUND"]


def nginx(directory, shipped):
    """The http block around a file of conf.d."""
    (directory / "site.conf").write_text(shipped)
    places = " ".join(f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = f"user {WORKER};" if os.geteuid() == 0 else ""
    (directory / "nginx.conf").write_text(f"""{user}
        worker_processes 2; daemon off; pid {directory}/pid; error_log {directory}/error.log;
        events {{ worker_connections 768; }}
        http {{ access_log off; sendfile on; tcp_nopush on; {places} include {directory}/site.conf; }}""")
    return ["/usr/sbin/nginx", "-e", str(directory / "error.log"), "-c", str(directory / "nginx.conf")]


def haproxy(directory, shipped):
    (directory / "haproxy.cfg").write_text("global\n  maxconn 1000\n" + shipped)
    return ["/usr/sbin/haproxy", "-db", "-f", str(directory / "haproxy.cfg")]


def uwsgi(directory, shipped):
    (directory / "uwsgi.ini").write_text(shipped)
    return ["/usr/bin/uwsgi", "--ini", str(directory / "uwsgi.ini")]


# name: (file below conf/, how it is started, whether it speaks HTTP/2)
FRONTS = {
    "Apache mod_proxy_http": ("httpd/proxy_http.conf", apache, True),
    "Apache mod_proxy_http2": ("httpd/proxy_http2.conf", apache, True),
    "Apache mod_wsgi": ("httpd/wsgi.conf", apache, True),
    "nginx proxy_pass": ("nginx/proxy_pass.conf", nginx, True),
    "nginx proxy_pass, buffered": ("nginx/proxy_pass-buffered.conf", nginx, True),
    "Apache mod_proxy_uwsgi": ("httpd/proxy_uwsgi.conf", apache, True),
    "nginx uwsgi_pass": ("nginx/uwsgi_pass.conf", nginx, True),
    "nginx uwsgi_pass, buffered": ("nginx/uwsgi_pass-buffered.conf", nginx, True),
    "uWSGI router": ("uwsgi/router.ini", uwsgi, False),
    "HAProxy": ("haproxy/vitrine.cfg", haproxy, True),
}
NONE = "none"


def start_all(names, directory, vitrine):
    """The named fronts, running in front of vitrine, which has port and uwsgi_port."""
    fronts = []
    for name in names:
        if name == NONE:
            fronts.append(Front(NONE, vitrine.port, vitrine.port))
        else:
            file, command, speaks_h2 = FRONTS[name]
            fronts.append(WebServer(name, file, command, directory, vitrine, speaks_h2))
    return fronts
