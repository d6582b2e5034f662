"""Rules for manifests that no model knows, as reviewers and linters have them. Each takes a rendering and yields complaints."""

import re

GIB, MIB = 1 << 30, 1 << 20
SIZES = {"": 1, "Mi": MIB, "Gi": GIB, "Ti": GIB << 10, "MiB": MIB, "GiB": GIB}
# Seconds that a start may take: the default of database.start_timeout, and then on a busy node.
START_TIMEOUT, START = 90, 60
WORKLOADS = ("Deployment", "Job", "Pod")
# Secrets, ConfigMaps and claims that are the operator's, or that cert-manager writes.
FOREIGN = re.compile(r"vitrine-(database(-app|-ca)?|keystone|tokens|store|cluster(-tls)?|ceph-keyring|roots|metadefs|tls|api-tls)|glance-keystone-user"
                     r"|vitrine\.acid-vitrine\..*|keystone-keystone-admin|api-tls|bus-tls|stores|site-roots|site-metadefs|images")
SELECTED = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "vitrine.io/cluster", "vitrine.io/imports"}


def complaints(rendered):
    return [f"{rule.__name__}: {complaint}" for rule in RULES for complaint in rule(rendered)]


def size(text):
    number, unit = re.fullmatch(r"(\d+)([A-Za-z]*)", str(text)).groups()
    return int(number) * SIZES[unit]


def workloads(rendered):
    """Title and specification of each pod."""
    for each in rendered.kind(*WORKLOADS):
        yield each["metadata"]["name"], each["spec"]["template"]["spec"] if "template" in each["spec"] else each["spec"]


def containers(rendered):
    for title, pod in workloads(rendered):
        for container in pod.get("initContainers", []) + pod["containers"]:
            yield f"{title}/{container['name']}", pod, container


def image_is_pinned(rendered):
    for title, _pod, container in containers(rendered):
        if not re.search(r"@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]+$", container["image"]):
            yield f"{title} has the image {container['image']}"


def pods_are_restricted(rendered):
    """As the Pod Security Standard restricted has it, and stricter."""
    for title, pod in workloads(rendered):
        context = pod["securityContext"]
        if not context.get("runAsNonRoot") or context.get("runAsUser", 0) < 10000:
            yield f"{title} may run as root"
        if context.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"{title} has no seccomp profile"
        if pod.get("automountServiceAccountToken") is not False or pod.get("enableServiceLinks") is not False:
            yield f"{title} gets a token or service links"
        if any(pod.get(field) for field in ("hostNetwork", "hostPID", "hostIPC")) or any("hostPath" in volume for volume in pod["volumes"]):
            yield f"{title} sees the host"
    for title, _pod, container in containers(rendered):
        if container.get("securityContext") != {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}:
            yield f"{title} is not locked down"


def resources_are_set(rendered):
    for title, _pod, container in containers(rendered):
        asked, granted = (container.get("resources", {}).get(kind, {}) for kind in ("requests", "limits"))
        if not {"cpu", "memory", "ephemeral-storage"} <= asked.keys() or not {"memory", "ephemeral-storage"} <= granted.keys():
            yield f"{title} has requests {sorted(asked)} and limits {sorted(granted)}"
        elif any(size(asked[kind]) > size(granted[kind]) for kind in ("memory", "ephemeral-storage")):
            yield f"{title} requests more than its limit"


def local_volumes_fit(rendered):
    """What a pod may write to the node's disk, before it is evicted for it."""
    for title, pod in workloads(rendered):
        local = [volume["emptyDir"] for volume in pod["volumes"] if "emptyDir" in volume]
        if not all("sizeLimit" in volume for volume in local):
            yield f"{title} has a volume without a limit"
        elif sum(size(volume["sizeLimit"]) for volume in local) > size(pod["containers"][0]["resources"]["limits"]["ephemeral-storage"]):
            yield f"{title} has volumes larger than its ephemeral storage"


def servers_are_probed(rendered):
    for each in rendered.kind("Deployment"):
        container = each["spec"]["template"]["spec"]["containers"][0]
        paths = [container.get(f"{probe}Probe", {}).get("httpGet", {}).get("path") for probe in ("startup", "readiness", "liveness")]
        if paths != ["/health/started", "/health/ready", "/health/live"]:
            yield f"{each['metadata']['name']} has the probes {paths}"
        startup = container["startupProbe"]
        if startup["periodSeconds"] * startup["failureThreshold"] < START_TIMEOUT + START:
            yield f"{each['metadata']['name']} is killed while it waits for its database"


def replicas_are_spread(rendered):
    for each in rendered.kind("Deployment"):
        pod = each["spec"]["template"]["spec"]
        rules = pod.get("topologySpreadConstraints", [])
        if each["spec"].get("replicas") != 1 and not (rules and all(rule["labelSelector"] for rule in rules)):
            yield f"{each['metadata']['name']} may be on one node"


def updates_leave_pods(rendered):
    for each in rendered.kind("Deployment"):
        strategy = each["spec"]["strategy"]
        if rendered.is_scaled and strategy.get("rollingUpdate") != {"maxUnavailable": 0, "maxSurge": 1}:
            yield f"{each['metadata']['name']} is updated by {strategy}"
    for each in rendered.kind("PodDisruptionBudget"):
        if each["spec"].get("maxUnavailable") in (0, "0%", None):
            yield f"{each['metadata']['name']} lets no node be drained"


def secrets_are_the_operators(rendered):
    for each in rendered.kind("Secret"):
        yield f"there is a Secret {each['metadata']['name']}"
    for title, _pod, container in containers(rendered):
        for variable in container.get("env", []):
            if re.search(r"PASSWORD|SECRET|TOKEN|ACCESS_KEY", variable["name"]) and "valueFrom" not in variable:
                yield f"{title} has {variable['name']} in plain text"


def namespace_is_the_operators(rendered):
    if rendered.kind("Namespace") and rendered.name != "examples":
        yield "there is a Namespace"
    for each in rendered.objects:
        if "namespace" in each["metadata"] and rendered.name not in ("openstack", "examples"):
            yield f"{each['kind']} {each['metadata']['name']} is in {each['metadata']['namespace']}"
    for title, _pod, container in containers(rendered):
        named = [str(value) for value in container.get("args", []) + [variable.get("value") for variable in container.get("env", [])]
                 if re.search(r"\.svc\b|cluster\.local", str(value))]
        if named:
            yield f"{title} names a namespace: {named}"


def selectors_stay(rendered):
    """Selectors are immutable, so nothing that changes with a version or a chart is in them; and each chooses pods."""
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in rendered.kind("Deployment", "Job")]
    for each in rendered.kind("Deployment"):
        chosen = each["spec"]["selector"]["matchLabels"]
        if not chosen.keys() <= SELECTED or "app.kubernetes.io/instance" not in chosen:
            yield f"{each['metadata']['name']} selects by {sorted(chosen)}"
        if not chosen.items() <= each["spec"]["template"]["metadata"]["labels"].items():
            yield f"{each['metadata']['name']} does not select its pods"
    for each in rendered.kind("Service", "PodDisruptionBudget", "NetworkPolicy", "PodMonitor"):
        selector = each["spec"].get("podSelector") or each["spec"]["selector"]
        selector = selector.get("matchLabels", selector)
        if not any(selector.items() <= pod.items() for pod in labels):
            yield f"{each['kind']} {each['metadata']['name']} chooses no pods"


def labels_are_recommended(rendered):
    for each in rendered.objects:
        if each["kind"] in ("Namespace", "Pod") or each["metadata"]["name"] in ("vitrine-ceph",) or rendered.name == "openstack" and each["kind"] == "ConfigMap":
            continue
        missing = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of"} - each["metadata"].get("labels", {}).keys()
        if missing and each["kind"] != "PersistentVolumeClaim":
            yield f"{each['kind']} {each['metadata']['name']} lacks {sorted(missing)}"


def names_are_short(rendered):
    for each in rendered.objects:
        if not re.fullmatch(r"[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?", each["metadata"]["name"]):
            yield f"{each['kind']} {each['metadata']['name']}"


def what_is_named_is_there(rendered):
    names = {(each["kind"], each["metadata"]["name"]) for each in rendered.objects}
    for title, pod in workloads(rendered):
        needed = {("ServiceAccount", pod["serviceAccountName"])} if "serviceAccountName" in pod else set()
        for container in pod.get("initContainers", []) + pod["containers"]:
            needed |= {("Secret", variable["valueFrom"]["secretKeyRef"]["name"]) for variable in container.get("env", [])
                       if "secretKeyRef" in variable.get("valueFrom", {})}
            needed |= {("Secret", source["secretRef"]["name"]) for source in container.get("envFrom", [])}
        for volume in pod["volumes"]:
            for source in [volume, *volume.get("projected", {}).get("sources", [])]:
                needed |= {("ConfigMap", source["configMap"]["name"])} if "configMap" in source else set()
                needed |= {("Secret", source["secret"].get("secretName") or source["secret"]["name"])} if "secret" in source else set()
            needed |= {("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])} if "persistentVolumeClaim" in volume else set()
        mounted = {mount["name"] for container in pod.get("initContainers", []) + pod["containers"] for mount in container["volumeMounts"]}
        if mounted != {volume["name"] for volume in pod["volumes"]}:
            yield f"{title} mounts {sorted(mounted)}"
        for kind, name in needed - names:
            if kind == "ServiceAccount" or not FOREIGN.fullmatch(name):
                yield f"{title} needs {kind} {name}"
    for each in rendered.kind("HorizontalPodAutoscaler", "ScaledObject"):
        target = [other for other in rendered.kind("Deployment") if other["metadata"]["name"] == each["spec"]["scaleTargetRef"]["name"]]
        if not target or "replicas" in target[0]["spec"]:
            yield f"{each['kind']} {each['metadata']['name']} has no target, or one whose replicas are set"


def jobs_go_away(rendered):
    for each in rendered.kind("Job"):
        if not {"ttlSecondsAfterFinished", "activeDeadlineSeconds", "backoffLimit"} <= each["spec"].keys():
            yield f"{each['metadata']['name']} may stay, or run for ever"


def pods_wait_for_the_schema(rendered):
    for each in rendered.kind("Deployment"):
        first = each["spec"]["template"]["spec"].get("initContainers", [{}])[0]
        server = each["spec"]["template"]["spec"]["containers"][0]
        if not rendered.is_scaled:
            continue
        if first.get("args", [])[:2] != ["db", "check"] or first["image"] != server["image"]:
            yield f"{each['metadata']['name']} does not wait for its schema"
        ours = [variable for variable in first.get("env", []) if variable not in server["env"]]
        if ours:
            yield f"{each['metadata']['name']} waits for another database than it uses: {ours}"


RULES = (image_is_pinned, pods_are_restricted, resources_are_set, local_volumes_fit, servers_are_probed, replicas_are_spread, updates_leave_pods,
         secrets_are_the_operators, namespace_is_the_operators, selectors_stay, labels_are_recommended, names_are_short, what_is_named_is_there,
         jobs_go_away, pods_wait_for_the_schema)

# What each rule must see, as changes to the overlay ha: the path of a field and what is put there; None removes it.
POD = ("spec", "template", "spec")
SERVER = (*POD, "containers", 0)
MUTATIONS = (
    ("image_is_pinned", (*SERVER, "image"), "registry.example/vitrine:latest"),
    ("image_is_pinned", (*SERVER, "image"), "registry.example/vitrine"),
    ("pods_are_restricted", (*POD, "securityContext", "runAsNonRoot"), None),
    ("pods_are_restricted", (*POD, "securityContext", "seccompProfile", "type"), "Unconfined"),
    ("pods_are_restricted", (*POD, "automountServiceAccountToken"), True),
    ("pods_are_restricted", (*POD, "hostNetwork"), True),
    ("pods_are_restricted", (*SERVER, "securityContext", "readOnlyRootFilesystem"), False),
    ("pods_are_restricted", (*POD, "initContainers", 0, "securityContext", "privileged"), True),
    ("resources_are_set", (*SERVER, "resources", "limits", "memory"), None),
    ("resources_are_set", (*SERVER, "resources", "requests", "memory"), "3Gi"),
    ("local_volumes_fit", (*SERVER, "resources", "limits", "ephemeral-storage"), "512Mi"),
    ("servers_are_probed", (*SERVER, "livenessProbe", "httpGet", "path"), "/health/ready"),
    ("replicas_are_spread", (*POD, "topologySpreadConstraints"), None),
    ("updates_leave_pods", ("spec", "strategy", "rollingUpdate", "maxUnavailable"), 1),
    ("secrets_are_the_operators", (*SERVER, "env", 0), {"name": "VITRINE_DATABASE__PASSWORD", "value": "change-me"}),
    ("namespace_is_the_operators", (*SERVER, "env", 0), {"name": "VITRINE_CLUSTER__DNS_NAME", "value": "vitrine-cluster.vitrine.svc.cluster.local"}),
    ("namespace_is_the_operators", ("metadata", "namespace"), "vitrine"),
    ("selectors_stay", ("spec", "selector", "matchLabels", "app.kubernetes.io/version"), "0.1.0"),
    ("selectors_stay", (*POD[:2], "metadata", "labels", "app.kubernetes.io/component"), "other"),
    ("labels_are_recommended", ("metadata", "labels", "app.kubernetes.io/name"), None),
    ("names_are_short", ("metadata", "name"), "vitrine-" * 9),
    ("what_is_named_is_there", (*POD, "serviceAccountName"), "default"),
    ("what_is_named_is_there", (*POD, "volumes", 0, "configMap", "name"), "other"),
    ("what_is_named_is_there", ("spec", "replicas"), 2),
    ("pods_wait_for_the_schema", (*POD, "initContainers", 0, "args"), ["db", "migrate"]),
    ("pods_wait_for_the_schema", (*POD, "initContainers", 0, "env", 0, "valueFrom"), None),
)
