"""What the chart does where Helm can ask a cluster: pods begin anew when a Secret has changed, and monitoring is there if its kinds are."""

import base64
import http.server
import json
import os
import threading

from manifests_render import CHART, Rendered
from vitrine import HOST, at_exit, run


class FakeCluster:
    """The part of an API server that Helm asks for: its version, its kinds, and Secrets."""

    def __init__(self, kinds):
        self.kinds, self.secrets = kinds, {}
        cluster = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = cluster.answer(self.path.split("?")[0].strip("/").split("/"))
                body = json.dumps(answer or {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}).encode()
                self.send_response(200 if answer else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        self.server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        groups = sorted({version.split("/")[0] for version in self.kinds if "/" in version})
        match path:
            case ["version"]:
                return {"major": "1", "minor": "33", "gitVersion": "v1.33.0"}
            case ["api"]:
                return {"kind": "APIVersions", "versions": ["v1"]}
            case ["apis"]:
                return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [self._group(name) for name in groups]}
            case ["api", "v1"]:
                return self._resources("v1")
            case ["apis", group, version]:
                return self._resources(f"{group}/{version}")
            case ["api", "v1", "namespaces", namespace, "secrets", name] if name in self.secrets:
                data = {key: base64.b64encode(value.encode()).decode() for key, value in self.secrets[name].items()}
                return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}, "data": data}
        return None

    def _group(self, name):
        versions = [{"groupVersion": version, "version": version.split("/")[1]} for version in self.kinds if version.startswith(f"{name}/")]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def _resources(self, version):
        kinds = sorted(self.kinds.get(version, ()))
        resources = [{"name": f"{kind.lower()}s", "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get"]} for kind in kinds]
        return {"kind": "APIResourceList", "groupVersion": version, "resources": resources}

    def config(self, path):
        """A kubeconfig for it."""
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it", "users": [{"name": "it", "user": {}}],
            "clusters": [{"name": "it", "cluster": {"server": f"http://{HOST}:{self.server.server_port}"}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}))
        return path

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def check_cluster(check, directory, tools, known):
    """With a cluster that knows the kinds of some objects."""
    kinds = {"v1": {"Secret", "Pod"}}
    for each in known.objects:
        kinds.setdefault(each["apiVersion"], set()).add(each["kind"])
    cluster = FakeCluster(kinds)
    at_exit(cluster.stop)
    # Helm keeps what it has learnt below HOME.
    environment = {**os.environ, "HOME": str(directory), "KUBECONFIG": str(cluster.config(directory / "kubeconfig"))}

    def rendered(*options):
        done = run(tools.helm, "template", "vitrine", CHART, "--namespace", "openstack", "--dry-run=server", "--disable-openapi-validation",
                   "--values", CHART / "ci" / "ha-values.yaml", "--set", "monitoring.enabled=auto", *options, env=environment, check=False)
        check.that("Helm asks the cluster", done.returncode == 0, done.stderr.strip()[-300:])
        return Rendered("cluster", directory / "cluster.yaml", done.stdout)

    cluster.secrets["vitrine-database"] = {"uri": "postgresql://vitrine:one@db/vitrine"}
    first, same = rendered(), rendered()
    cluster.secrets["vitrine-database"] = {"uri": "postgresql://vitrine:two@db/vitrine"}
    rotated, careless = rendered(), rendered("--set", "rollOnSecretChange=false")
    check.equal("the same Secret: the same pods", sums(first), sums(same))
    check.that("another password: new pods", not set(sums(first)) & set(sums(rotated)), sums(rotated))
    check.equal("without rollOnSecretChange nobody looks", sums(careless), [None, None])
    check.that("a cluster with the Prometheus operator: a PodMonitor", first.kind("PodMonitor") and first.kind("PrometheusRule"))
    for version in [version for version in kinds if version.startswith("monitoring")]:
        del kinds[version]
    check.equal("one without: none", rendered().kind("PodMonitor", "PrometheusRule"), [])


def sums(rendered):
    return [each["spec"]["template"]["metadata"]["annotations"].get("checksum/secrets") for each in rendered.kind("Deployment")]
