"""Whether the overlays and the chart say the same: both rendered, without what one tool adds of its own, and compared object by object."""

import copy
import re

import yaml

# What a tool writes of its own: Helm's labels and sums, what the overlays' example leaves to the reader, and the place for the whole.
ONLY_LABELS = ("app.kubernetes.io/managed-by", "helm.sh/chart", "app.kubernetes.io/version")
ONLY_ANNOTATIONS = ("checksum/config", "checksum/secrets", "helm.sh/resource-policy", "helm.sh/hook", "kustomize.toolkit.fluxcd.io/force")
# Lists whose order says nothing, by the name of their field, and what tells their entries apart.
UNORDERED = {"env": "name", "volumes": "name", "volumeMounts": "name", "ports": "port"}


def differences(ours, theirs):
    """Each path at which two lists of objects differ, with both values; a kustomization's and a chart's."""
    ours, theirs = normal(ours), normal(theirs)
    return [line for key in sorted(ours.keys() | theirs.keys()) for line in diff(f"{key[0]}/{key[1]}", ours.get(key), theirs.get(key))]


def normal(objects):
    objects = [copy.deepcopy(each) for each in objects if "helm.sh/hook" not in each["metadata"].get("annotations", {})]
    # Generated names have a sum of what is in them.
    names = {each["metadata"]["name"]: plain_name(each) for each in objects if each["kind"] in ("ConfigMap", "Job")}
    result = {}
    for each in objects:
        each = rename(each, names)
        each["metadata"].pop("namespace", None)
        if each["kind"] == "ConfigMap":
            each["data"] = {file: yaml.safe_load(text) if file.endswith(".yaml") else text.strip() for file, text in each["data"].items()}
        result[each["kind"], each["metadata"]["name"]] = tidy(each)
    return result


def plain_name(each):
    return re.sub(r"^(vitrine-migrate)-.*|^(vitrine(?:-ceph)?)-[a-z0-9]{10}$", lambda found: found[1] or found[2], each["metadata"]["name"])


def rename(value, names):
    if isinstance(value, dict):
        return {key: names.get(each, each) if key == "name" and isinstance(each, str) else rename(each, names) for key, each in value.items()}
    return [rename(each, names) for each in value] if isinstance(value, list) else value


def tidy(value, field=""):
    if isinstance(value, dict):
        value = {key: tidy(each, key) for key, each in value.items()}
        hidden = {"labels": ONLY_LABELS, "annotations": ONLY_ANNOTATIONS}.get(field, ())
        value = {key: each for key, each in value.items() if key not in hidden}
        # A digest has no other way to be pulled, and a tag that is no "latest" is pulled once: it is what the API server would set.
        if value.get("imagePullPolicy") == "IfNotPresent":
            del value["imagePullPolicy"]
        if "query" in value:
            value["query"] = re.sub(r',namespace="[^"]*"', "", value["query"])
        if "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes" in value:
            volumes = value["cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"]
            value["cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"] = ",".join(sorted(volumes.split(",")))
        # What is empty is the same as what is not there.
        return {key: each for key, each in value.items() if each not in ({}, [], None) or key in ("emptyDir", "selfSigned", "podSelector", "namespaceSelector")}
    if isinstance(value, list):
        value = [tidy(each) for each in value]
        key = UNORDERED.get(field)
        return sorted(value, key=lambda each: str(each.get(key))) if key else value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def diff(path, one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return [line for key in sorted(one.keys() | other.keys()) for line in diff(f"{path}.{key}", one.get(key), other.get(key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [line for at in range(len(one)) for line in diff(f"{path}[{at}]", one[at], other[at])]
    return [] if one == other else [f"{path}: {one!r} and {other!r}"]
