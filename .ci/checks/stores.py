"""The stores that need servers of others, by the same contract as the store of files: Maven runs the tests tagged "stores".

One Ceph serves them all: RBD by its cluster, S3 and Swift by its gateway. What a test needs to know comes by system properties:
stores.python and stores.ceph_tool with stores.ceph_dir (to restart and to freeze daemons), stores.ceph_conf, stores.pool,
stores.gateway (its URL), stores.s3_access_key, stores.s3_secret_key, stores.swift_user, stores.swift_key.

A further check of a store is a function of (check, ceph, directory) in CHECKS.
"""

import os
import re
import subprocess
import sys

import ceph as rig
from vitrine import LONG, ROOT, Check, at_exit


def contract(check, ceph, _directory):
    """Every test class with the tag; each test counts."""
    check.section("the contract of the stores, by Maven")
    properties = {
        "python": sys.executable, "ceph_tool": rig.__file__, "ceph_dir": ceph.directory, "ceph_conf": ceph.conf, "pool": rig.POOL,
        "gateway": ceph.url, "s3_access_key": rig.S3_KEYS[0], "s3_secret_key": rig.S3_KEYS[1],
        "swift_user": rig.SWIFT_USER, "swift_key": rig.SWIFT_KEY, "long": str(LONG).lower(),
    }
    # Offline first: after a build nothing has to be fetched.
    command = ["mvn", "-B", "-o", "-Dstyle.color=never", "-Pstores", "test",
               "-Dstores.properties=" + " ".join(f"-Dstores.{name}={value}" for name, value in properties.items())]
    maven = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             env=os.environ, start_new_session=True)
    at_exit(lambda: maven.poll() is not None or maven.terminate())
    output = []
    for line in maven.stdout:
        output.append(line)
        report(check, line)
    if maven.wait():
        print("".join(line for line in output if "ERROR" in line or "FAIL" in line)[-6000:], flush=True)
    check.that("Maven ends well", maven.returncode == 0, f"exit code {maven.returncode}")


def report(check, line):
    """Counts the tests of a class that Surefire has run."""
    found = re.search(r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+), Time elapsed: (\S+) s.* in (\S+)", line)
    if found:
        run, failures, errors, skipped = map(int, found.groups()[:4])
        failed = failures + errors
        check.passed += run - failed - skipped
        check.failed += failed
        print(f"{'FAIL' if failed else 'ok  '} {found.group(6)}: {run} tests, {failed} failed, {skipped} skipped, {found.group(5)} s", flush=True)


CHECKS = [contract]


def body(check, directory):
    check.section("Ceph starts")
    ceph = rig.Ceph(directory / "ceph").start()
    for part in CHECKS:
        part(check, ceph, directory)


if __name__ == "__main__":
    Check("stores").run(body)
