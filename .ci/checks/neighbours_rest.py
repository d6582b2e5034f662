"""openstack4j, which Maven Central has, and Ansible's collection openstack.cloud, which Debian has."""

import hashlib
import json
import os
import pathlib
import shutil

from vitrine import java, run

PROGRAMS = pathlib.Path(__file__).with_name("neighbours")
COLLECTION = pathlib.Path("/usr/lib/python3/dist-packages/ansible_collections/openstack/cloud")


def openstack4j(neighbours):
    path = neighbours.directory / "classpath"
    run("mvn", "-B", "-q", "-f", PROGRAMS / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}", timeout=240,
        env={**os.environ, "JAVA_HOME": str(java().parents[1])})
    classes = path.read_text()
    neighbours.check.note(" ".join(sorted(name for name in map(os.path.basename, classes.split(":")) if name.startswith("openstack4j"))))
    neighbours.steps("openstack4j", 45, java(), "-XX:TieredStopAtLevel=1", "-cp", classes, PROGRAMS / "Images.java")


def ansible(neighbours):
    neighbours.note_version("ansible")
    neighbours.note_version("python3-openstacksdk")
    qcow2 = pathlib.Path(neighbours.environment()["QCOW2_FILE"]).read_bytes()
    home = neighbours.directory / "ansible"
    environment = {**neighbours.environment(), "QCOW2_SIZE": str(len(qcow2)), "QCOW2_MD5": hashlib.md5(qcow2).hexdigest(),
                   "ANSIBLE_HOME": str(home), "ANSIBLE_LOCAL_TEMP": str(home / "tmp"), "ANSIBLE_STDOUT_CALLBACK": "json",
                   "ANSIBLE_COLLECTIONS_PATH": str(collections(home))}
    status, output = neighbours.run("ansible", "ansible-playbook", "-i", "localhost,", PROGRAMS / "playbook.yaml", environment=environment)
    tasks = json.loads(output)["plays"][0]["tasks"] if output.startswith("{") else []
    for task in tasks:
        result = task["hosts"]["localhost"]
        held = bool(result.get("failed")) == (task["task"]["name"] in REFUSED)
        neighbours.check.that(f"ansible {task['task']['name']}", held, "" if held else str(result.get("msg"))[:400])
    if not neighbours.check.that("ansible ran its tasks", status == 0 and len(tasks) >= 20, f"status {status}, {len(tasks)} tasks"):
        neighbours.check.note(output[-2000:] + neighbours.errors("ansible"))


REFUSED = ("does not delete a protected image", "makes no image public without being an administrator")


def collections(home):
    """A copy of the collection that works with the openstacksdk that Debian has.

    Debian 12 has version 1.10 of the collection, which refuses the openstacksdk beside it and names an argument as older ones did.
    Both changes are those of version 2 of the collection.
    """
    copy = home / "collections/ansible_collections/openstack/cloud"
    shutil.copytree(COLLECTION, copy)
    for file, old, new in (("plugins/module_utils/openstack.py", "MAXIMUM_SDK_VERSION = '0.98.999'", "MAXIMUM_SDK_VERSION = None"),
                           ("plugins/modules/image.py", " protected=self.params", " is_protected=self.params")):
        path = copy / file
        path.write_text(path.read_text().replace(old, new))
    return home / "collections"
