"""What happens to the database of failover.py while the load goes on; the functions take the site and the row."""

import signal
import time

from hosts_rig import on_host
from vitrine import LONG, run

ROUNDS = 40 if LONG else 12
FREEZE = 30 if LONG else 15
SWITCH_AFTER = 10  # seconds from a promotion to the moment when the address follows


def switchover(site, row):
    """The primary is stopped and comes back as a standby; the address is still with it, and follows later."""
    pair = site.pair
    pair.primary.stop()
    pair.promote()
    row.cured(site.by_hosts)
    pair.standby.follow(pair.primary)
    time.sleep(3)
    pair.switch_address()
    row.cured(site.by_address)


def node_loss(site, row):
    """Packets from and to the primary's host vanish, connections stay open. It never comes back as it was."""
    pair, lost = site.pair, site.pair.primary
    site.rig.cut(lost.host, [host for host in site.rig.all() if host != lost.host])
    pair.promote()
    row.cured(site.by_hosts)
    time.sleep(SWITCH_AFTER)
    pair.switch_address()
    row.cured(site.by_address)


def back_from_loss(site):
    """The lost host returns without its data, and follows."""
    lost = site.pair.standby
    lost.crash()
    site.pair.leave_address(lost.host)
    site.rig.heal()
    lost.forget()
    lost.follow(site.pair.primary)


def resets(site, row):
    """Each connection to the database is reset, at both ends, again and again."""
    for _ in range(ROUNDS):
        for node in site.nodes:
            run(*on_host(node.host, ["ss", "-K", "-tn", "dport", "=", ":5432"]), check=False)
        time.sleep(0.5)


def terminations(site, row):
    """An administrator ends all backends of the service, again and again."""
    for _ in range(ROUNDS):
        site.pair.rows("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'vitrine'")
        time.sleep(0.5)


def freeze(site, row):
    """The primary stands still with all its connections open."""
    primary = site.pair.primary
    primary.signal(signal.SIGSTOP)
    time.sleep(FREEZE)
    primary.signal(signal.SIGCONT)


def crash(site, row):
    """kill -9 of the primary, which is started again where it was."""
    primary = site.pair.primary
    primary.crash()
    primary.start()


def pooler_restart(site, row):
    site.pooler.stop()
    time.sleep(2)
    site.pooler.start()
