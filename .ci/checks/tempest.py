"""OpenStack's own acceptance tests: Tempest's image tests against Vitrine with a real Keystone. No failure; every skip is printed and known.

tempest.py         the tests of Debian's Tempest
tempest.py DIR     those of a checkout of openstack/tempest, such as the newest
"""

import os
import re
import subprocess
import sys

import subunit
import testtools

import keystone_rig
from vitrine import HOST, MIB, Check, Server, Web, convert, random_file, run

TESTS = r"^tempest\.api\.image"
OPPOSITE_TESTS = r"^tempest\.api\.image.*do_secure_hash_false"
# Why a test may be skipped: it is about an API that no release of Glance has any more, or needs what is not here.
KNOWN_SKIPS = (
    r"^Glance API v1 not supported$",
    r"^Nova is not available$",
    r"^do_secure_hash is enabled$",  # they run with the opposite setting
    r"bugs/2030527 is resolved",  # Tempest's own
)


def main(check, directory):
    web = Web(directory)
    random_file(web.files / "small.raw", MIB)
    random_file(directory / "fill.raw", 2 * MIB, 1)
    convert(directory / "fill.raw", web.files / "small.qcow2", "qcow2")

    (directory / "vitrine.yaml").write_text(CONFIGURATION.format(directory=directory))
    (directory / "policy.yaml").write_text(POLICY)
    keystone = keystone_rig.Keystone(directory, "http://unset")
    environment = {**keystone.server_environment(), **web.environment(), **ANYWHERE,
                   "VITRINE_POLICY__FILE": str(directory / "policy.yaml")}
    server = process(directory / "first", environment)
    keystone.image_url = f"http://{HOST}:{server.port}"
    keystone.start()
    check.note(f"ready after {server.start():.1f} s")
    # Another process of the same service: Tempest stages with one and imports with the other.
    second = process(directory / "second", environment)
    start_beside(second, server)
    keystone.add_service("glance-remote", REMOTE, f"http://{HOST}:{second.port}")

    check.section("tempest")
    tests = run_tempest(directory / "tempest", keystone, web)
    report(check, tests, 50)
    check.equal("the second process ends on SIGTERM", second.stop() in (0, 143), True)
    check.equal("the first process ends on SIGTERM", server.stop() in (0, 143), True)
    if any(re.search(OPPOSITE_TESTS, test[0]) for test in tests):
        check.section("tempest, without hashes of data at locations")
        for each in server, second:
            each.environment["VITRINE_IMAGE__DO_SECURE_HASH"] = "false"
        server.start()
        start_beside(second, server)
        report(check, run_tempest(directory / "opposite", keystone, web, OPPOSITE_TESTS, secure_hash=False), 1)


def process(home, environment):
    home.mkdir()
    server = Server(home, environment)
    server.command += ["--conf", str(home.parent / "vitrine.yaml")]
    return server


def start_beside(second, server):
    """Starts a process with the database of another one."""
    second.environment["VITRINE_DATABASE__URL"] = (server.data / "postgresql" / "address").read_text().strip()
    second.start()


REMOTE = "image_remote"
# Newer releases start servers of their own on any port.
ANYWHERE = {"VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS": "0",
            "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_NETWORKS": "127.0.0.0/8,::1/128"}
# Debian's release has members remove locations, which Glance's rules have long kept for administrators.
POLICY = """
delete_image_location: "role:admin or (role:member and project_id:%(project_id)s)"
"""
CONFIGURATION = """
cache: {{enabled: true}}
import: {{methods: [glance-direct, web-download, copy-image, glance-download]}}
# This release of Tempest uploads random bytes as qcow2.
image: {{show_multiple_locations: true, require_format_match: false}}
stores:
  default: fast
  backends:
    fast: {{kind: file, dir: {directory}/fast, shared: true, description: fast file store, weight: 10}}
    slow: {{kind: file, dir: {directory}/slow, shared: true, description: slow file store}}
    web: {{kind: http, description: what lies on web servers}}
  staging: {{kind: file, dir: {directory}/staging, shared: true}}
"""


def checkout():
    """The directory of another Tempest than Debian's, if one is given."""
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None


def run_tempest(folder, keystone, web, chosen=TESTS, secure_hash=True):
    """Runs the tests; a list of (id, status, reason)."""
    top = checkout() or "/usr/lib/python3/dist-packages"
    folder.mkdir()
    (folder / "tempest.conf").write_text(configuration(folder, keystone, web, secure_hash))
    (folder / ".stestr.conf").write_text(
        f"[DEFAULT]\ntest_path={top}/tempest/test_discover\ntop_dir={top}\ngroup_regex=([^\\.]*\\.)*\n")
    environment = {**os.environ, "TEMPEST_CONFIG_DIR": str(folder), "TEMPEST_CONFIG": "tempest.conf",
                   "PYTHONPATH": top, "PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
    with open(folder / "results", "wb") as results, open(folder / "errors", "wb") as errors:
        subprocess.run([sys.executable, "-m", "stestr.cli", "run", "--concurrency", "2", "--subunit", chosen],
                       cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=results, stderr=errors, check=False)
    return read_results(folder / "results")


def read_results(stream):
    tests = []

    def on_test(test):
        if test["status"] in ("success", "fail", "skip", "xfail", "uxsuccess"):
            tests.append((re.sub(r"\[.*\]$", "", test["id"]), test["status"], reason(test["details"])))

    result = testtools.StreamToDict(on_test)
    result.startTestRun()
    with open(stream, "rb") as handle:
        subunit.ByteStreamToStreamResult(handle, non_subunit_name="stdout").run(result)
    result.stopTestRun()
    return tests


def reason(details):
    """The last line that says why a test failed or was skipped."""
    texts = [content.as_text().strip() for name, content in details.items() if name.startswith("traceback") or name == "reason"]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("Details:")]
    return (told or lines or [""])[-1]


def report(check, tests, at_least):
    for name, status, why in sorted(tests):
        if status == "skip":
            check.that(f"skip of {name} is known", any(re.search(known, why) for known in KNOWN_SKIPS), why)
        else:
            check.that(name, status == "success", why)
    counts = {status: sum(1 for test in tests if test[1] == status) for status in ("success", "fail", "skip")}
    version = checkout() or run("dpkg-query", "-Wf", "${Version}", "tempest", check=False).stdout
    check.note(f"tempest {version}: {counts}")
    check.that("Tempest ran its tests", counts["success"] >= at_least, counts)


def configuration(folder, keystone, web, secure_hash):
    (folder / "locks").mkdir()
    return f"""
[DEFAULT]
log_file = {folder}/tempest.log
[oslo_concurrency]
lock_path = {folder}/locks
[auth]
use_dynamic_credentials = true
create_isolated_networks = false
admin_username = admin
admin_password = {keystone_rig.PASSWORD}
admin_project_name = admin
admin_domain_name = Default
tempest_roles = member
[identity]
uri_v3 = {keystone.url}
auth_version = v3
region = RegionOne
v3_endpoint_type = public
default_domain_id = default
[identity-feature-enabled]
api_v2 = false
api_v3 = true
[service_available]
glance = true
nova = false
neutron = false
cinder = false
swift = false
horizon = false
[enforce_scope]
glance = true
[image]
endpoint_type = public
http_image = {web.url("small.raw")}
http_qcow2_image = {web.url("small.qcow2")}
build_timeout = 120
container_formats = bare,ami,ari,aki,ovf,ova,docker,compressed
disk_formats = raw,qcow2,ami,ari,aki,vhd,vmdk,vdi,iso,vhdx,ploop
image_caching_enabled = true
alternate_image_endpoint = {REMOTE}
[image-feature-enabled]
api_v2 = true
api_v1 = false
import_image = true
os_glance_reserved = true
manage_locations = true
image_conversion = true
do_secure_hash = {str(secure_hash).lower()}
http_store_enabled = true
store_weight_enabled = true
image_format_enforcement = false
[validation]
run_validation = false
"""


if __name__ == "__main__":
    Check("tempest").run(main)
