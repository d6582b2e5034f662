"""The stores that need servers of others, by the same contract as the store of files: Maven runs the tests tagged "stores".

One Ceph serves them all: RBD by its cluster, S3 and Swift by its gateway, which knows users of its own and those of a Keystone. What a
test needs to know comes by system properties:
stores.python and stores.ceph_tool with stores.ceph_dir (to restart and to freeze daemons), stores.ceph_conf, stores.pool,
stores.gateway (its URL), stores.bucket (for S3), stores.s3_access_key, stores.s3_secret_key, stores.swift_user, stores.swift_key,
and of Keystone stores.keystone, stores.keystone_user, stores.keystone_project, stores.keystone_password, stores.credential and
stores.credential_secret.

A further check of a store is a function of (check, ceph, directory) in CHECKS.
"""

import os
import re
import subprocess
import sys
import threading

import ceph as rig
from keystone_rig import USERS, Keystone
from stores_large import check_large
from vitrine import GIB, LONG, ROOT, Check, at_exit


# Who keeps data in Swift by Keystone's leave.
USER = "demo"
TESTS = r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)"
# The gateway joins no more segments than these by a manifest that names them.
SEGMENTS = 20


def contract(check, ceph, _directory):
    """Every test class with the tag; each test counts."""
    check.section("the contract of the stores, by Maven")
    keystone = ceph.keystone
    credential, credential_secret = keystone.application_credential(USER)
    properties = {
        "python": sys.executable, "ceph_tool": rig.__file__, "ceph_dir": ceph.directory, "ceph_conf": ceph.conf, "pool": rig.POOL,
        "gateway": ceph.url, "bucket": rig.BUCKET, "s3_access_key": rig.S3_KEYS[0], "s3_secret_key": rig.S3_KEYS[1],
        "swift_user": rig.SWIFT_USER, "swift_key": rig.SWIFT_KEY,
        "keystone": keystone.url, "keystone_user": USER, "keystone_project": USERS[USER][0],
        "keystone_password": keystone.password, "credential": credential, "credential_secret": credential_secret,
    }
    # Offline first: after a build nothing has to be fetched. One JVM: some tests freeze the cluster that all of them share, or see its whole pool.
    command = ["mvn", "-B", "-o", "-Dstyle.color=never", "-Pstores", "test", "-DforkCount=1", "-Dsurefire.rerunFailingTestsCount=1",
               "-Dstores.properties=" + " ".join(f"-Dstores.{name}={value}" for name, value in properties.items())]
    maven = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             env=os.environ, start_new_session=True)
    at_exit(lambda: maven.poll() is not None or maven.terminate())
    output = []
    for line in maven.stdout:
        output.append(line)
        report(check, line)
    if maven.wait() or any("Flakes:" in line for line in output):
        print("".join(line for line in output if "ERROR" in line or "FAIL" in line)[-6000:], flush=True)
    check.that("Maven ends well", maven.returncode == 0, f"exit code {maven.returncode}")


def report(check, line):
    """Shows how a class went, and counts by Surefire's last line; what passed only when it was tried again is shown there as a flake."""
    of_class = re.search(f"{TESTS}, Time elapsed: (\\S+) s.* in (\\S+)", line)
    if of_class:
        run, failures, errors, skipped, seconds, name = of_class.groups()
        print(f"   {name}: {run} tests, {int(failures) + int(errors)} failed, {skipped} skipped, {seconds} s", flush=True)
    of_all = re.search(f"{TESTS}(, Flakes: \\d+)?\\s*$", line)
    if of_all:
        run, failures, errors, skipped = map(int, of_all.groups()[:4])
        check.passed += run - failures - errors - skipped
        check.failed += failures + errors
        print(f"{'FAIL' if failures + errors else 'ok  '} {of_all.group().strip()}", flush=True)


CHECKS = [contract, check_large]


def start(directory):
    """A Ceph whose gateway asks a Keystone, which becomes its attribute."""
    keystone = Keystone(directory)
    starting = threading.Thread(target=keystone.start, daemon=True)
    starting.start()
    ceph = rig.Ceph(directory / "ceph").start({
        "rgw_keystone_url": keystone.url.removesuffix("/v3"), "rgw_keystone_api_version": 3, "rgw_keystone_admin_user": "admin",
        "rgw_keystone_admin_password": keystone.password, "rgw_keystone_admin_project": "admin", "rgw_keystone_admin_domain": "Default",
        "rgw_keystone_accepted_roles": "member", "rgw_swift_account_in_url": "true", "rgw_max_slo_entries": SEGMENTS,
    }, disk_bytes=20 * GIB if LONG else 0)
    starting.join()
    keystone.add_service("swift", "object-store", f"{ceph.url}/swift/v1/AUTH_%(project_id)s")
    ceph.keystone = keystone
    return ceph


def body(check, directory):
    check.section("Keystone and Ceph start")
    ceph = start(directory)
    for part in CHECKS:
        part(check, ceph, directory)


if __name__ == "__main__":
    Check("stores").run(body)
