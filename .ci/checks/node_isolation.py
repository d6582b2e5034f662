"""A place apart for a Kubernetes node: processes, mounts and a network of its own, which vanish with the process that asked for it. Nothing
leaves the machine, and no setting of the machine changes. Needs root."""

import ctypes
import os
import pathlib
import signal
import sys

from vitrine import Failed, run

ADDRESS, NETWORK = "10.79.0.1", "10.79.0.0/24"
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG = 1
# The kubelet sets these for the whole machine; here it sets copies.
SETTINGS = ("vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes")
# What containerd, the kubelet and the network plug-ins write outside of the directories that they are given.
HIDDEN = ("/run", "/var/log", "/var/lib/cni")
GROUPS = pathlib.Path("/sys/fs/cgroup")


def isolate(directory):
    """Goes on in a child that is apart. The parent only waits for it, passes signals on, and ends as it does."""
    sys.stdout.flush()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET):
        raise Failed(f"unshare: {os.strerror(ctypes.get_errno())}")
    child = os.fork()
    if child:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: os.kill(child, received))
        _, status = os.waitpid(child, 0)
        remove_groups()
        os._exit(os.waitstatus_to_exitcode(status) % 256)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    mounts(directory)
    network()


def mounts(directory):
    run("mount", "--make-rprivate", "/")
    run("mount", "--make-rshared", "/")
    run("mount", "-t", "proc", "proc", "/proc")
    for name in HIDDEN:
        pathlib.Path(name).mkdir(exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", name)
    for name in SETTINGS:
        replace(directory, pathlib.Path("/proc/sys") / name, lambda text: text)


def replace(directory, path, change):
    """Shows a changed copy of a file in its place."""
    copy = directory / "instead" / str(path)[1:]
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(change(path.read_text()))
    run("mount", "--bind", copy, path)


def network():
    """The node's address on a bridge that nothing else is on; what goes elsewhere ends there."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "node0", "type", "bridge")
    run("ip", "addr", "add", f"{ADDRESS}/24", "dev", "node0")
    run("ip", "link", "set", "node0", "up")
    run("ip", "route", "add", "default", "dev", "node0")
    run("sysctl", "-qw", "net.ipv4.ip_forward=1")


def remove_groups():
    """The control groups of pods, which have no processes any more."""
    for folder, _, _ in os.walk(GROUPS, topdown=False):
        if "/kubepods" in folder:
            os.rmdir(folder)
