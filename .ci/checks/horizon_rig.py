"""Debian's Horizon in an Apache of its own, and Chromium to look at it.

Everything they write is in one directory, but for Horizon's secret key, which its package keeps in /var/lib/openstack-dashboard.
"""

import contextlib
import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess

from vitrine import HOST, Failed, at_exit, free_port, wait

PACKAGES = {
    "/usr/sbin/apache2": "apache2",
    "/usr/lib/apache2/modules/mod_wsgi.so": "libapache2-mod-wsgi-py3",
    "/usr/share/openstack-dashboard/wsgi.py": "openstack-dashboard",
    "/usr/bin/chromium": "chromium",
    "/usr/bin/chromedriver": "chromium-driver",
    "/usr/lib/python3/dist-packages/selenium/__init__.py": "python3-selenium",
}
MODULES = pathlib.Path("/usr/lib/apache2/modules")
WORKER = "www-data" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


class Dashboard:
    """Horizon as Debian's openstack-dashboard-apache serves it, with local settings for one Keystone.

    upload_mode is how data of images gets to the image service: "legacy" through the dashboard, "direct" from the browser.
    """

    def __init__(self, directory, keystone, upload_mode):
        self.directory = pathlib.Path(directory, f"horizon-{upload_mode}")
        (self.directory / "uploads").mkdir(parents=True)
        shutil.chown(self.directory / "uploads", WORKER)
        self.port = free_port()
        self.origin = f"http://{HOST}:{self.port}"
        self.process = None
        (self.directory / "dashboard_settings.py").write_text(SETTINGS.format(
            directory=self.directory, host=HOST, keystone=keystone.url, mode=upload_mode))
        (self.directory / "dashboard.wsgi").write_text(PROGRAM)
        (self.directory / "apache2.conf").write_text(APACHE.format(
            directory=self.directory, host=HOST, port=self.port, user=WORKER, modules=MODULES,
            group=grp.getgrgid(pwd.getpwnam(WORKER).pw_gid).gr_name))
        at_exit(self.stop)

    def start(self):
        with open(self.directory / "error.log", "ab") as log:
            self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", str(self.directory / "apache2.conf"), "-DFOREGROUND"],
                                            cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        if not wait(lambda: self.process.poll() is not None or self._listens(), 30) or self.process.poll() is not None:
            raise Failed(f"Apache does not start: {self.tail()}")
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def tail(self, characters=1500):
        """The end of what Apache and Horizon logged."""
        return (self.directory / "error.log").read_text(errors="replace")[-characters:]

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
            return True
        return False


# What an operator would write to local_settings.py. Compressed style sheets and scripts are those that the package made.
SETTINGS = """
from openstack_dashboard.settings import *
ALLOWED_HOSTS = ["{host}"]
OPENSTACK_KEYSTONE_URL = "{keystone}"
HORIZON_IMAGES_UPLOAD_MODE = "{mode}"
IMAGES_ALLOW_LOCATION = True
FILE_UPLOAD_TEMP_DIR = "{directory}/uploads"
"""

PROGRAM = """
import os
import sys
sys.path.insert(0, os.path.dirname(__file__))
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard_settings"
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""

APACHE = """
ServerRoot {directory}
ServerName localhost
PidFile {directory}/pid
DefaultRuntimeDir {directory}
Mutex file:{directory} default
Listen {host}:{port}
User {user}
Group {group}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule wsgi_module {modules}/mod_wsgi.so
TypesConfig /etc/mime.types
ErrorLog {directory}/error.log
LogLevel warn
LogFormat "%t %s \\"%r\\"" line
CustomLog {directory}/access.log line
WSGISocketPrefix {directory}/wsgi
WSGIScriptAlias / {directory}/dashboard.wsgi
WSGIDaemonProcess horizon processes=1 threads=8 display-name=%{{GROUP}}
WSGIProcessGroup horizon
WSGIApplicationGroup %{{GLOBAL}}
Alias /static /var/lib/openstack-dashboard/static
<Directory {directory}>
  Require all granted
</Directory>
<Directory /var/lib/openstack-dashboard/static>
  Require all granted
</Directory>
"""
