"""Discovery of pods for a Prometheus that cannot ask Kubernetes: Debian's is built without. It gives what Prometheus' role "pod" gives, a target
for each port with labels of what it is, and leaves it to Prometheus what of it to scrape."""

import contextlib
import http.server
import json
import re
import threading

from node_isolation import ADDRESS


class Discovery:
    def __init__(self, node, namespace):
        def targets():
            pods = node.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
            return [target for pod in pods if pod["status"].get("podIP") for target in ports(pod)]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(targets()).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # who asked has given up
                    self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        server = http.server.ThreadingHTTPServer((ADDRESS, 0), Handler)
        self.url = f"http://{ADDRESS}:{server.server_port}/pods"
        threading.Thread(target=server.serve_forever, daemon=True).start()


def ports(pod):
    about = {"namespace": pod["metadata"]["namespace"], "pod_name": pod["metadata"]["name"], "pod_phase": pod["status"]["phase"],
             **{f"pod_label_{re.sub(r'[^a-zA-Z0-9_]', '_', name)}": value for name, value in pod["metadata"]["labels"].items()}}
    for container in pod["spec"]["containers"]:
        for port in container.get("ports", []):
            labels = {**about, "pod_container_name": container["name"], "pod_container_port_name": port["name"]}
            yield {"targets": [f"{pod['status']['podIP']}:{port['containerPort']}"],
                   "labels": {f"__meta_kubernetes_{name}": value for name, value in labels.items()}}
