"""The scripts that the chart runs in pods, with a real Keystone: the registration, and "helm test"."""

import json
import os

from keystone_rig import PASSWORD
from vitrine import HOST, ROOT, run

SCRIPTS = ROOT / "k8s" / "chart" / "scripts"


def chart_scripts(check, server, keystone):
    environment = {**os.environ, **keystone.client_environment("admin"), "SERVICE_NAME": "glance", "SERVICE_REGION": "RegionOne", "SERVICE_PROJECT": "images",
                   "SERVICE_ROLE": "member", "SERVICE_USERNAME": "vitrine", "SERVICE_PASSWORD": PASSWORD, "ENDPOINT_PUBLIC": keystone.image_url,
                   "ENDPOINT_INTERNAL": "http://vitrine-api:9292"}
    first = run("sh", SCRIPTS / "register.sh", env=environment, check=False)
    check.that("the registration ends well", first.returncode == 0, first.stderr.strip()[-300:])
    check.equal("the endpoints", endpoints(keystone), {"public": keystone.image_url, "internal": "http://vitrine-api:9292", "admin": keystone.image_url})
    again = run("sh", SCRIPTS / "register.sh", env={**environment, "ENDPOINT_INTERNAL": keystone.image_url}, check=False)
    check.that("again: all is there", again.returncode == 0, again.stderr.strip()[-300:])
    check.equal("and another address is taken over", set(endpoints(keystone).values()), {keystone.image_url})

    account = {**os.environ, "API": f"http://{HOST}:{server.port}", "KEYSTONE_URL": keystone.url, "KEYSTONE_USERNAME": "vitrine",
               "KEYSTONE_PASSWORD": PASSWORD, "KEYSTONE_PROJECT": "images"}
    done = run("sh", SCRIPTS / "test.sh", env=account, check=False)
    check.that("the chart's test passes for the new account", done.returncode == 0 and "staged, imported and downloaded" in done.stdout,
               (done.stdout + done.stderr).strip()[-300:])
    done = run("sh", SCRIPTS / "test.sh", env={**account, "KEYSTONE_PASSWORD": "wrong"}, check=False)
    check.that("it fails for another password", done.returncode != 0)


def endpoints(keystone):
    """The addresses of the image service by interface; one of each."""
    found = json.loads(keystone.openstack("admin", "endpoint", "list", "--service", "image", "-f", "json").stdout)
    return {each["Interface"]: each["URL"] for each in found} if len(found) == 3 else found
