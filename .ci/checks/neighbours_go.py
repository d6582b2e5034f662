"""gophercloud: its own acceptance tests of the image service, and a program for what they leave out."""

import pathlib
import re
import shutil

LIBRARY = pathlib.Path("/usr/share/gocode/src/github.com/gophercloud/gophercloud")
TESTS = LIBRARY / "acceptance/openstack/imageservice/v2"
PROGRAM = pathlib.Path(__file__).with_name("neighbours") / "images.go"
TAGS = "acceptance imageservice images imageimport tasks"
# Where the tests have an image from.
ELSEWHERE = "http://download.cirros-cloud.net/0.4.0/cirros-0.4.0-x86_64-disk.img"


def gophercloud(neighbours):
    neighbours.note_version("golang-github-gophercloud-gophercloud-dev")
    workspace = neighbours.directory / "go"
    tests = shutil.copytree(TESTS, workspace / "src" / "imageservice")
    images = tests / "imageservice.go"
    images.write_text(images.read_text().replace(ELSEWHERE, neighbours.web.url("small.qcow2")))
    # One of the tests wants to find an image that is there.
    image = neighbours.server.create(name="there")
    run_tests(neighbours, workspace, tests)
    neighbours.check.equal("deleted", neighbours.server.call("DELETE", f"/v2/images/{image}").status, 204)
    neighbours.steps("gophercloud", 45, "go", "run", PROGRAM, environment=environment(neighbours, "demo", workspace))


def environment(neighbours, user, workspace):
    """Go that builds with Debian's sources alone, and gophercloud's names of what it signs in with."""
    variables = neighbours.environment(user)
    for name in ("OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME", "OS_IDENTITY_API_VERSION"):
        del variables[name]
    return {**variables, "OS_DOMAIN_NAME": "Default", "GO111MODULE": "off", "GOPROXY": "off", "GOFLAGS": "", "CGO_ENABLED": "0",
            "GOPATH": f"{workspace}:/usr/share/gocode", "GOCACHE": f"{workspace}/cache"}


def run_tests(neighbours, workspace, tests):
    """Runs the acceptance tests as an administrator, since a member creates no tasks."""
    status, output = neighbours.run("gophercloud-tests", "go", "test", "-count=1", "-v", "-tags", TAGS, ".",
                                    environment=environment(neighbours, "admin", workspace), cwd=tests)
    results = re.findall(r"^--- (PASS|FAIL|SKIP): (\S+)", output, re.M)
    for result, name in results:
        neighbours.check.that(f"gophercloud's {name}", result == "PASS", result)
    if not neighbours.check.that("gophercloud ran its tests", status == 0 and len(results) >= 10, f"status {status}, {len(results)} tests"):
        neighbours.check.note(output[-3000:] + neighbours.errors("gophercloud-tests"))
