"""One node of Kubernetes 1.20: etcd, the control plane, containerd, the kubelet, kube-proxy and a bridge for the pods, in the place that
node_isolation.py makes. What its API knows under other versions than newer clusters, node_kubectl.py translates."""

import json
import os
import pathlib
import shlex
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from node_isolation import ADDRESS
from node_names import Names
from vitrine import Failed, at_exit, run, wait

PORT, ETCD, NAME = 6443, 2379, "node-1"
TOKEN = "admin-of-the-node"
PODS, SERVICES = "10.244.0.0/24", "10.96.0.0/16"
PACKAGES = {
    "/usr/bin/etcd": "etcd-server",
    "/usr/bin/containerd": "containerd",
    "/usr/sbin/runc": "runc",
    "/usr/lib/cni/bridge": "containernetworking-plugins",
    "/usr/sbin/conntrack": "conntrack",
    "/usr/sbin/ethtool": "ethtool",
    "/usr/sbin/iptables": "iptables",
    "/usr/sbin/dnsmasq": "dnsmasq-base",
    "/usr/sbin/ip": "iproute2",
    "/usr/bin/socat": "socat",
}
# The pods keep their files in memory or on this disk, and nothing else fills it.
EVICTION = {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"}


class Node:
    def __init__(self, directory, programs, kubectl):
        self.directory, self.programs = directory / "node", programs
        for name in ("logs", "plugins", "certificates", "bin"):
            (self.directory / name).mkdir(parents=True)
        self.config = self.directory / "kubeconfig"
        self._write_configuration()
        self._wrap(kubectl)
        at_exit(self._end)

    def start(self):
        """Starts it, and returns when pods can run."""
        self.containerd = self._spawn("containerd", "containerd", "-c", self.directory / "containerd.toml")
        self._await("containerd", lambda: (self.directory / "containerd.sock").exists())
        address = f"http://127.0.0.1:{ETCD}"
        self._spawn("etcd", "etcd", "--data-dir", self.directory / "etcd", "--listen-client-urls", address, "--advertise-client-urls", address,
                    "--unsafe-no-fsync")
        self._control()
        self._spawn("kubelet", self.programs / "kubelet", "--kubeconfig", self.config, "--config", self.directory / "kubelet.json",
                    "--root-dir", self.directory / "kubelet", "--cert-dir", self.directory / "certificates", "--container-runtime", "remote",
                    "--container-runtime-endpoint", f"unix://{self.directory}/containerd.sock", "--hostname-override", NAME, "--node-ip", ADDRESS)
        self._spawn("kube-proxy", self.programs / "kube-proxy", "--kubeconfig", self.config, "--hostname-override", NAME, "--cluster-cidr", PODS,
                    "--conntrack-max-per-core", "0", "--conntrack-tcp-timeout-established", "0", "--conntrack-tcp-timeout-close-wait", "0")
        self.names = Names(self.directory, self)
        self._await("kubelet", self.is_ready, 180)

    # its tools

    def get(self, path):
        """What the API answers; None if there is no such thing."""
        request = urllib.request.Request(f"https://{ADDRESS}:{PORT}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urllib.request.urlopen(request, timeout=30, context=ssl._create_unverified_context()) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise Failed(f"GET {path} answered {error.code}: {error.read()[:300]}") from error

    def sh(self, line, **options):
        """Runs a line of a shell that has this node's kubectl."""
        return run("sh", "-c", line, env=self.environment, **options)

    def kubectl(self, *arguments, **options):
        return self.sh("kubectl " + shlex.join(map(str, arguments)), **options)

    def apply(self, objects):
        """Applies a list of objects."""
        path = self.directory / "objects.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        self.kubectl("apply", "-f", path)

    def load(self, archive):
        """Brings an image into the node that no registry has."""
        run("ctr", "-a", self.directory / "containerd.sock", "-n", "k8s.io", "images", "import", archive)

    def pods(self, namespace, component=None):
        """The pods of Vitrine that have not been told to go, by name."""
        query = f"app.kubernetes.io/component%3D{component}" if component else ""
        found = self.get(f"/api/v1/namespaces/{namespace}/pods?labelSelector={query}")["items"]
        return {each["metadata"]["name"]: each for each in found if "deletionTimestamp" not in each["metadata"]}

    def is_ready(self):
        found = self.get(f"/api/v1/nodes/{NAME}")
        return bool(found) and any(each["type"] == "Ready" and each["status"] == "True" for each in found["status"].get("conditions", []))

    # how it is made

    def _control(self):
        key = self.directory / "accounts.key"
        run("openssl", "genrsa", "-out", key, "2048")
        (self.directory / "tokens").write_text(f"{TOKEN},admin,admin,system:masters\n")
        self._spawn("apiserver", self.programs / "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{ETCD}", "--bind-address", ADDRESS,
                    "--advertise-address", ADDRESS, "--secure-port", PORT, "--insecure-port", "0", "--cert-dir", self.directory / "certificates",
                    "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", key, "--service-account-signing-key-file", key,
                    "--service-cluster-ip-range", SERVICES, "--token-auth-file", self.directory / "tokens", "--authorization-mode", "Node,RBAC",
                    "--allow-privileged=true", "--kubelet-preferred-address-types", "InternalIP", "--feature-gates", "TTLAfterFinished=true")
        self._await("apiserver", self._answers, 180)
        self._spawn("controllers", self.programs / "kube-controller-manager", "--kubeconfig", self.config, "--leader-elect=false", "--port", "0",
                    "--bind-address", "127.0.0.1", "--service-account-private-key-file", key, "--use-service-account-credentials",
                    "--root-ca-file", self.directory / "certificates" / "apiserver.crt", "--feature-gates", "TTLAfterFinished=true")
        self._spawn("scheduler", self.programs / "kube-scheduler", "--kubeconfig", self.config, "--leader-elect=false", "--port", "0",
                    "--bind-address", "127.0.0.1")

    def _answers(self):
        try:
            return self.get("/api/v1/namespaces/default") is not None
        except (OSError, Failed):
            return False

    def _spawn(self, name, program, *arguments):
        with open(self.directory / "logs" / name, "ab") as log:
            return subprocess.Popen([str(part) for part in (program, *arguments)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    cwd=self.directory, start_new_session=True)

    def _await(self, name, condition, seconds=60):
        if not wait(condition, seconds, 0.3):
            raise Failed(f"{name} is not there: {(self.directory / 'logs' / name).read_text(errors='replace')[-1500:]}")

    def _wrap(self, kubectl):
        """A kubectl that knows this node, first in PATH."""
        wrapper = self.directory / "bin" / "kubectl"
        translator = pathlib.Path(__file__).with_name("node_kubectl.py")
        wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -B {translator} {shutil.which(kubectl)} "$@"\n')
        wrapper.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{wrapper.parent}:{os.environ['PATH']}", "KUBECONFIG": str(self.config), "HOME": str(self.directory)}

    def _write_configuration(self):
        here = self.directory
        self.config.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it", "users": [{"name": "it", "user": {"token": TOKEN}}],
            "clusters": [{"name": "it", "cluster": {"server": f"https://{ADDRESS}:{PORT}", "insecure-skip-tls-verify": True}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}))
        (here / "resolv.conf").write_text(f"nameserver {ADDRESS}\n")
        (here / "kubelet.json").write_text(json.dumps({
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "cgroupDriver": "cgroupfs", "failSwapOn": False,
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}}, "authorization": {"mode": "AlwaysAllow"},
            "clusterDNS": [ADDRESS], "clusterDomain": "cluster.local", "resolvConf": str(here / "resolv.conf"), "address": ADDRESS,
            "healthzBindAddress": ADDRESS, "imageGCHighThresholdPercent": 100, "evictionHard": EVICTION}))
        (here / "plugins" / "10-bridge.conflist").write_text(json.dumps({
            "cniVersion": "0.4.0", "name": "pods", "plugins": [
                {"type": "bridge", "bridge": "pods0", "isGateway": True, "ipMasq": False, "hairpinMode": True,
                 "ipam": {"type": "host-local", "ranges": [[{"subnet": PODS}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}))
        (here / "containerd.toml").write_text(f"""
version = 2
root = "{here}/containerd"
state = "{here}/running"
[grpc]
  address = "{here}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{here}/plugins"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
""")

    def _end(self):
        """Unmounts what pods had; their processes end with the process that is the first here."""
        if os.environ.get("CI_KEEP"):
            return
        self.containerd.terminate()
        for line in reversed(pathlib.Path("/proc/self/mounts").read_text().splitlines()):
            if str(self.directory) in line.split()[1]:
                run("umount", "--lazy", line.split()[1], check=False)
