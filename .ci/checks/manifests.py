"""The manifests: overlays and chart rendered, equal, by Kubernetes' models and by rules of their own, their settings taken by the program, the
autoscaling simulated, alerts tested, and what they monitor and test tried with running processes."""

import json
import os
import re
import shutil

import yaml

from manifests_cluster import check_cluster
from manifests_equal import differences
from manifests_metrics import dashboard
from manifests_render import CHART, COMBINATIONS, K8S, OVERLAYS, Rendered, Tools, render, values_files
from manifests_rules import GIB, MIB, MUTATIONS, complaints, size
from manifests_scaling import check_scaling
from vitrine import JAR, ROOT, Check, Failed, java, run

# The oldest and the newest client with the models of a Kubernetes: what both know, all between know.
MODELS = {"20.0.1": "1.28", "27.0.0": "the newest"}
# For commands that end at once, and with the options of the image's entry point.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")
# What must be refused; else the check sees nothing.
WRONG = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: misspelt}
spec: {replicaz: 1, selector: {}, template: {}}
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: removed}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: misspelt}
spec: {selector: {}, podMetricsEndpoints: [{portt: management}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: misspelt}
spec: {secretNam: a}
"""
# Values that the chart must refuse, and what it says.
REFUSED = {
    "{mode: both}": "/mode",
    "{image: {tag: latest}}": "/image/tag",
    "{image: {digest: 'sha256:0'}}": "/image/digest",
    "{worker: {replicas: two}}": "/worker/replicas",
    "{worker: {scratch: {siz: 1Gi}}}": "siz",
    "{api: {resources: {limits: {memory: null}}}}": "/api/resources",
    "{storage: {kind: nfs}}": "/storage/kind",
    "{autoscaling: {worker: {kind: hpa, minReplicas: 0}}}": "/autoscaling/worker",
    "{files: {local.yaml: 'a: b'}}": "'local.yaml'",
    "{secret: change-me}": "secret",
    "{}": "identity.keystone.url",
    "{identity: {kind: none}}": "storage.s3.endpoint",
    "{identity: {kind: none}, storage: {kind: custom}, tls: {enabled: true}}": "tls.dnsNames",
    "{identity: {kind: none}, storage: {kind: rbd}}": "storage.rbd.monitors",
}


def main(check, directory):
    check.section("kustomize and Helm")
    tools = Tools(directory)
    check.note(run(tools.kubectl, "version", "--client").stdout.replace("\n", ", ") + run(tools.helm, "version", "--short").stdout.strip())
    rendered = render(check, directory, tools)
    check.equal("combinations of values", len(OVERLAYS) + len(COMBINATIONS), 12)
    chart(check, directory, tools, rendered["chart-ha"])
    models(check, directory, rendered)
    rules(check, rendered)
    equal(check, rendered)
    upgrades(check, directory, tools, rendered)
    check.section("a cluster that Helm can ask")
    check_cluster(check, directory, tools, rendered["chart-ha"])
    check.section("settings")
    for name, each in rendered.items():
        # The chart's that are equal to overlays have their settings too.
        if name.removeprefix("chart-") in OVERLAYS and name not in OVERLAYS:
            continue
        settings(check, directory, each)
        if each.is_scaled:
            room(check, each)
    check.section("autoscaling")
    adapter = yaml.safe_load((K8S / "components" / "autoscaling" / "adapter-rules.yaml").read_text())
    default = int(re.search(r"^  concurrency: (\d+)", (ROOT / "conf" / "vitrine.yaml").read_text(), re.M)[1])
    check_scaling(check, directory, {**rendered, "adapter": adapter}, default)
    check.section("the seccomp profile of qemu-img")
    profile(check)
    check.section("alerts")
    alerts(check, directory, rendered["openstack"])
    check.section("two API processes, two workers, one database, Prometheus")
    dashboard(check, directory, rendered["openstack"])


def chart(check, directory, tools, made):
    check.section("the chart")
    packaged = tools.template("--values", CHART / "ci" / "ha-values.yaml", chart=tools.package())
    check.that("the packaged chart makes the same", packaged.stdout == made.path.read_text(), packaged.stderr[-300:])
    for name in OVERLAYS:
        done = run(tools.helm, "lint", CHART, "--strict", "--values", CHART / "ci" / f"{name}-values.yaml", check=False)
        check.that(f"helm lint: {name}", done.returncode == 0, done.stdout.strip()[-300:] if done.returncode else "")
    for values, said in REFUSED.items():
        done = tools.template(*values_files(directory, "refused", values))
        is_refused = done.returncode != 0 and said in done.stderr
        check.that(f"refused: {values}", is_refused, "" if is_refused else done.stderr.strip()[-200:])
    known = json.loads((CHART / "values.schema.json").read_text())
    check.equal("the schema knows every value", unknown(yaml.safe_load((CHART / "values.yaml").read_text()), known), [])
    version = re.search(r"<version>([^<]*)", (ROOT / "pom.xml").read_text().split("<artifactId>vitrine</artifactId>")[1])[1].removesuffix("-SNAPSHOT")
    described = yaml.safe_load((CHART / "Chart.yaml").read_text())
    base = yaml.safe_load((K8S / "base" / "kustomization.yaml").read_text())
    versions = [described["appVersion"], base["images"][0]["newTag"], base["labels"][0]["pairs"]["app.kubernetes.io/version"]]
    check.equal("chart and overlays are of the program's version", versions, [version] * 3)
    kubernetes = [path for path in K8S.rglob("*") if path.suffix in (".yaml", ".tpl", ".json", ".sh", ".conf")]
    check.equal("nothing has a secret to change", [str(path) for path in kubernetes if "change-me" in path.read_text()], [])


def unknown(values, schema, path=""):
    """The values that a schema does not describe."""
    described = schema.get("properties")
    if not isinstance(values, dict) or described is None:
        return []
    return [f"{path}.{key}" for key in values if key not in described] + [
        each for key in values if key in described for each in unknown(values[key], described[key], f"{path}.{key}")]


def models(check, directory, rendered):
    wrong = directory / "wrong.yaml"
    wrong.write_text(WRONG)
    files = " ".join(str(path) for path in (*(each.path for each in rendered.values()), wrong))
    for version, kubernetes in MODELS.items():
        check.section(f"models of Kubernetes {kubernetes} (client {version})")
        done = run("mvn", "-B", "-q", "-f", ROOT / ".ci" / "manifests" / "pom.xml", f"-Dkubernetes.version={version}", "compile", "exec:java",
                   f"-Dexec.args={files}", check=False)
        lines = [re.sub(r"\x1b\[\d*m", "", line) for line in done.stdout.splitlines()]
        lines = [line for line in lines if line.startswith(("ok ", "FAIL"))]
        if done.returncode or not lines:
            raise Failed(f"the check of the models ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")
        refused = [line for line in lines if "wrong.yaml" in line]
        check.that("what is wrong is refused", len(refused) == 4 and all(line.startswith("FAIL") for line in refused), f"{len(refused)} objects")
        for name, each in rendered.items():
            own = [line for line in lines if f" {name}.yaml: " in line]
            bad = [line for line in own if line.startswith("FAIL")]
            check.that(f"every object of {name} is as its model", len(own) == len(each.objects) and not bad, bad or f"{len(own)} objects")


def rules(check, rendered):
    check.section("rules")
    for name, each in rendered.items():
        check.equal(f"{name} keeps the rules", complaints(each), [])
    text = rendered["ha"].path.read_text()
    for rule, path, value in MUTATIONS:
        broken = Rendered("ha", rendered["ha"].path, text)
        change(broken.named("Deployment", "api")[0], path, value)
        check.that(f"{rule} sees {'.'.join(map(str, path))}: {value}", any(each.startswith(f"{rule}:") for each in complaints(broken)))
    broken = Rendered("ha", rendered["ha"].path, f"{text}\n---\nkind: Secret\nmetadata: {{name: vitrine-store}}\n---\nkind: Namespace\nmetadata: {{name: vitrine}}\n")
    rendered["ha"].path.write_text(text)
    found = {each.split(":")[0] for each in complaints(broken)}
    check.that("the rules see a Secret and a Namespace", {"secrets_are_the_operators", "namespace_is_the_operators"} <= found, sorted(found))


def change(value, path, new):
    for step in path[:-1]:
        value = value.setdefault(step, {}) if isinstance(value, dict) else value[step]
    if new is None:
        value.pop(path[-1])
    else:
        value[path[-1]] = new


def equal(check, rendered):
    check.section("overlays and chart")
    for name in OVERLAYS:
        found = differences(rendered[name].objects, rendered[f"chart-{name}"].objects)
        check.equal(f"{name}: the overlay and the chart make the same", found, [])
    broken = Rendered("ha", rendered["ha"].path, rendered["ha"].path.read_text())
    broken.named("Deployment", "worker")[0]["spec"]["template"]["spec"]["containers"][0]["env"].pop()
    check.that("a missing variable is a difference", differences(broken.objects, rendered["chart-ha"].objects))


def upgrades(check, directory, tools, rendered):
    """A Job's name goes with its content; pods are new when their configuration is; what selects stays."""
    check.section("upgrades")
    values = values_files(directory, "upgrade", (CHART / "ci" / "ha-values.yaml").read_text())
    before = rendered["chart-ha"]
    for what, options, is_new_job, is_new_pod in (("the same", [], False, False), ("another version", ["--set", "image.tag=0.2.0"], True, True),
                                                  ("another Secret", ["--set", "database.existingSecret=other"], True, True),
                                                  ("another setting", ["--set", "config.image.list_max=500"], False, True)):
        after = Rendered("upgrade", directory / "upgrade.yaml", tools.template(*values, *options).stdout)
        check.equal(f"{what}: a Job of its own", name(before, "Job", "migrate") != name(after, "Job", "migrate"), is_new_job)
        check.equal(f"{what}: new pods", pods(before) != pods(after), is_new_pod)
        check.equal(f"{what}: the same selectors", selectors(before), selectors(after))
    check.that("the overlays' Job has the version", name(rendered["ha"], "Job", "migrate").endswith(image(rendered["ha"]).rsplit(":", 1)[1]))
    site = directory / "site"
    site.mkdir()
    (site / "local.yaml").write_text("image: {list_max: 500}\n")
    (site / "kustomization.yaml").write_text(yaml.safe_dump({
        "resources": [os.path.relpath(K8S / "overlays" / "ha", site.resolve())],
        "configMapGenerator": [{"name": "vitrine", "behavior": "merge", "files": ["local.yaml"]}]}))
    changed = Rendered("site", directory / "site.yaml", tools.kustomize(site).stdout)
    check.that("another local.yaml makes new pods of an overlay", pods(rendered["ha"]) != pods(changed))
    check.equal("and selects the same", selectors(rendered["ha"]), selectors(changed))


def name(rendered, kind, component):
    return rendered.named(kind, component)[0]["metadata"]["name"]


def image(rendered):
    return rendered.named("Deployment", "api")[0]["spec"]["template"]["spec"]["containers"][0]["image"]


def pods(rendered):
    return [each["spec"]["template"] for each in rendered.kind("Deployment")]


def selectors(rendered):
    return {each["metadata"]["name"]: each["spec"]["selector"] for each in rendered.kind("Deployment", "Service", "PodDisruptionBudget")}


def config_files(rendered):
    return next(each["data"] for each in rendered.kind("ConfigMap") if "vitrine.yaml" in each["data"])


def settings(check, directory, rendered):
    """The program takes its configuration as the pods would get it, and may stop in peace."""
    mounts = mounted_files(directory, rendered)
    taken = set()
    for workload in rendered.kind("Deployment"):
        title = f"{rendered.name}: {workload['metadata']['name']}"
        pod = workload["spec"]["template"]["spec"]
        container = pod["containers"][0]
        variables = {each["name"]: each["value"].replace("/etc/", f"{mounts}/") if "value" in each else from_elsewhere(each) for each in container["env"]}
        arguments = [argument.replace("/etc/", f"{mounts}/") for argument in container["args"][1:]]
        # Workers mostly have the API's settings but for their roles.
        if not {key: value for key, value in variables.items() if key != "VITRINE_ROLES"}.items() <= taken or rendered.name in OVERLAYS:
            done = run(java(), *QUICK, "-jar", JAR, "config", "check", *arguments, env={**os.environ, **variables}, check=False)
            check.that(f"{title}: its settings are right", done.returncode == 0, done.stderr.strip()[-400:])
        taken |= variables.items()
        granted = sum(seconds(found) for found in granted_times(config_files(rendered)["vitrine.yaml"], variables["VITRINE_ROLES"]))
        check.that(f"{title}: it may stop in peace", pod["terminationGracePeriodSeconds"] >= granted + 60, f"{granted} s")


def mounted_files(directory, rendered):
    """What volumes bring to /etc: the ConfigMap's files, and certificates by all names that they may have."""
    mounts = directory / f"etc-{rendered.name}"
    certificate, key = directory / "tls.crt", directory / "tls.key"
    if not certificate.exists():
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=image.example",
            "-days", "2", "-keyout", key, "-out", certificate)
    for name in ("vitrine", "vitrine-roots", "vitrine-database", "vitrine-cluster-tls", "vitrine-api-tls", "vitrine-metadefs", "ceph"):
        (mounts / name).mkdir(parents=True)
        for file in ("ca.crt", "tls.crt", "roots.pem"):
            shutil.copy(certificate, mounts / name / file)
        shutil.copy(key, mounts / name / "tls.key")
    (mounts / "ceph" / "ceph.conf").touch()
    for file, text in config_files(rendered).items():
        (mounts / "vitrine" / file).write_text(text.replace("/etc/", f"{mounts}/"))
    return mounts


def from_elsewhere(variable):
    """A value that the operator's Secret could have, or what Kubernetes knows of a pod."""
    if "secretKeyRef" not in variable["valueFrom"]:
        return "10.244.0.7"
    return "postgresql://vitrine:a%2Fb@vitrine-database-rw:5432/vitrine" if variable["name"] == "VITRINE_DATABASE__URL" else "s" * 40


def granted_times(text, roles):
    """What shutdown grants to these roles, one after the other."""
    shutdown = yaml.safe_load(text)["shutdown"]
    return [*([shutdown["ready_delay"], shutdown["grace"]] if "http" in roles else []), *([shutdown["import_grace"]] if "import" in roles else [])]


def seconds(text):
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def room(check, rendered):
    """The memory of a pod holds the heap (half of it, or -Xmx), the parts of uploads to S3, data in flight, the processes of qemu-img, and Java."""
    config = yaml.safe_load(config_files(rendered)["local.yaml"]) or {}
    stores = [*config.get("stores", {}).get("backends", {}).values(), config.get("stores", {}).get("staging", {})]
    parts = sum(128 * MIB for store in stores if store.get("kind") == "s3")
    for workload in rendered.kind("Deployment"):
        container = workload["spec"]["template"]["spec"]["containers"][0]
        importing = config.get("import", {})
        variables = {each["name"]: each.get("value") for each in container["env"]}
        engine = variables.get("VITRINE_IMPORT__CONVERSION__ENGINE") or importing.get("conversion", {}).get("engine")
        processes = 0
        if engine == "qemu-img" and "import" in variables["VITRINE_ROLES"]:
            processes = (importing.get("concurrency", 2) + 1) * size(importing.get("conversion", {}).get("memory_limit", "1GiB"))
        limit = size(container["resources"]["limits"]["memory"])
        heap = re.search(r"-Xmx(\d+)g", variables.get("JDK_JAVA_OPTIONS") or "")
        needed = (int(heap[1]) * GIB if heap else limit // 2) + parts + 8 * MIB + 256 * MIB + processes
        check.that(f"{rendered.name}: {workload['metadata']['name']} has room", needed <= limit, f"{needed / GIB:.2f} of {limit / GIB:.2f} GiB")


def profile(check):
    """It adds namespaces to what container runtimes allow by default, and nothing else that the sandbox has no use for."""
    found = json.loads((K8S / "components" / "qemu-img" / "seccomp.json").read_text())
    allowed = {name for rule in found["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" and "args" not in rule for name in rule["names"]}
    refused = {"mount", "umount2", "pivot_root", "chroot", "setns", "ptrace", "process_vm_readv", "bpf", "perf_event_open", "keyctl", "add_key", "kexec_load",
               "init_module", "userfaultfd", "io_uring_setup", "open_by_handle_at", "reboot", "swapon", "settimeofday", "socket", "personality"}
    check.equal("what is not listed is refused", found["defaultAction"], "SCMP_ACT_ERRNO")
    check.equal("namespaces, limits and death signals are allowed", {"unshare", "clone", "clone3", "prctl", "prlimit64", "capset", "seccomp"} - allowed, set())
    check.equal("the rest of a sandbox's enemies is not", sorted(refused & allowed), [])


def alerts(check, directory, rendered):
    rule = rendered.kind("PrometheusRule")[0]["spec"]
    (directory / "rules.yaml").write_text(json.dumps(rule))
    tests = shutil.copy(K8S / "components" / "monitoring" / "alerts.test.yaml", directory)
    done = run("promtool", "check", "rules", directory / "rules.yaml", check=False)
    check.that("the rules are right", done.returncode == 0, done.stdout.strip()[-300:])
    done = run("promtool", "test", "rules", tests, check=False)
    check.that("they fire when they should, and only then", done.returncode == 0, (done.stdout + done.stderr).strip()[-1000:])
    text = (K8S / "components" / "monitoring" / "alerts.test.yaml").read_text()
    documented = (ROOT / "src" / "site" / "markdown" / "metrics.md").read_text()
    for each in rule["groups"][0]["rules"]:
        check.that(f"{each['alert']} has a test that it fires", re.search(rf"alertname: {each['alert']}\n\s+exp_alerts", text))
        check.that(f"{each['alert']} is documented", f"| `{each['alert']}` | {each['labels']['severity']} |" in documented)


if __name__ == "__main__":
    Check("manifests").run(main)
