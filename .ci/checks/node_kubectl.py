"""node_kubectl.py KUBECTL ARGUMENTS...: kubectl for a cluster of Kubernetes 1.20, with "apply -k" translated to what its API knows.

Newer versions have the same under other names: autoscaling/v2 is v2beta2 here, policy/v1 is v1beta1. The grace period of a probe and
unhealthyPodEvictionPolicy came later and are left out; both only make a pod that hangs go sooner. The kinds of the Prometheus operator are left
out too: an API server of that time that is built by a newer Go breaks on kinds that are not its own.
"""

import os
import subprocess
import sys

import yaml

VERSIONS = {"autoscaling/v2": "autoscaling/v2beta2", "policy/v1": "policy/v1beta1"}
FOREIGN = "monitoring.coreos.com/"


def main(kubectl, *arguments):
    if "-k" not in arguments:
        os.execv(kubectl, [kubectl, *arguments])
    at = arguments.index("-k")
    objects = yaml.safe_load_all(subprocess.run([kubectl, "kustomize", arguments[at + 1]], check=True, stdout=subprocess.PIPE).stdout)
    text = yaml.safe_dump_all([translated(each) for each in objects if not each["apiVersion"].startswith(FOREIGN)])
    sys.exit(subprocess.run([kubectl, *arguments[:at], *arguments[at + 2:], "-f", "-"], input=text.encode()).returncode)


def translated(thing):
    thing["apiVersion"] = VERSIONS.get(thing["apiVersion"], thing["apiVersion"])
    if thing["kind"] == "PodDisruptionBudget":
        thing["spec"].pop("unhealthyPodEvictionPolicy", None)
    if thing["kind"] == "Deployment":
        for container in thing["spec"]["template"]["spec"]["containers"]:
            container.get("livenessProbe", {}).pop("terminationGracePeriodSeconds", None)
    return thing


if __name__ == "__main__":
    main(*sys.argv[1:])
