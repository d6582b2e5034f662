"""Kubernetes 1.20, the newest that can be had without a registry of containers: built from Debian's source package by Debian's Go, once, into
the cache of the user who runs this. It takes a quarter of an hour of processor time and 3 GB, which the binaries alone do not."""

import os
import pathlib
import shutil

from vitrine import Failed, install, run

VERSION = "1.20.2"
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
PACKAGES = {
    "/usr/lib/go/bin/go": "golang-go",
    "/usr/bin/rsync": "rsync",
    "/usr/bin/make": "make",
    "/usr/bin/jq": "jq",
    "/usr/bin/dpkg-source": "dpkg-dev",
}


def programs(check):
    """The directory of the binaries, which are built if they are not there yet."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "vitrine-ci" / f"kubernetes-{VERSION}"
    if all((cache / name).exists() for name in PROGRAMS):
        return cache
    check.note(f"building Kubernetes {VERSION} into {cache}, which takes a quarter of an hour")
    install(PACKAGES)
    work = cache / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    binaries = build(unpack(work), work)
    for name in PROGRAMS:
        shutil.move(binaries / name, cache / name)
    shutil.rmtree(work)
    return cache


def unpack(work):
    """The source package, by lists of apt's that only this reads."""
    parts, lists = work / "parts", work / "lists"
    parts.mkdir()
    (lists / "partial").mkdir(parents=True)
    place = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
    if not place.exists():
        raise Failed(f"there is no {place}, which names Debian's sources")
    lines = ["Types: deb-src" if line.startswith("Types:") else line for line in place.read_text().splitlines()]
    (parts / place.name).write_text("\n".join(lines) + "\n")
    options = ["-qq", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={parts}", "-o", f"Dir::State::lists={lists}",
               "-o", "APT::Sandbox::User=root"]
    run("apt-get", *options, "update")
    run("apt-get", *options, "source", "--download-only", "kubernetes", cwd=work)
    source = work / "source"
    run("dpkg-source", "--extract", next(work.glob("kubernetes_*.dsc")), source, cwd=work)
    return source


def build(source, work):
    """The directory of what was built. The package brings all that it needs, so nothing is downloaded."""
    home = source / ".go" / "src" / "k8s.io"
    home.mkdir(parents=True)
    (home / "kubernetes").symlink_to("../../..")
    major, minor, _ = VERSION.split(".")
    environment = {
        **os.environ, "PATH": f"/usr/lib/go/bin:{os.environ['PATH']}", "HOME": str(work), "GOPATH": str(source / ".go"), "GOCACHE": str(work / "objects"),
        "GOPROXY": "off", "GOFLAGS": "-mod=vendor", "CGO_ENABLED": "0", "KUBE_GIT_VERSION": f"v{VERSION}", "KUBE_GIT_MAJOR": major,
        "KUBE_GIT_MINOR": minor, "KUBE_GIT_TREE_STATE": "clean", "KUBE_GIT_COMMIT": "debian"}
    run("make", f"WHAT={' '.join(f'cmd/{name}' for name in PROGRAMS)}", cwd=source, env=environment)
    return source / "_output" / "local" / "bin" / "linux" / "amd64"
