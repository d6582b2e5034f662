#!/usr/bin/env python3
"""Vitrine on PostgreSQL as operators run it: by TLS, on several servers, with a server that vanishes, behind PgBouncer."""

import concurrent.futures
import http.client
import subprocess
import threading
import time

from database_rig import PASSWORD, USER, Authority, Line, PgBouncer, Postgres
from vitrine import HOST, JAR, Check, Failed, Server, call, install, java, wait

PACKAGES = {"/usr/bin/pg_createcluster": "postgresql", "/usr/sbin/pgbouncer": "pgbouncer", "/usr/bin/openssl": "openssl"}
BY_TLS = f"select count(*) || ' ' || coalesce(bool_and(ssl), false) from pg_stat_ssl join pg_stat_activity using (pid) where usename = '{USER}' and pid <> pg_backend_pid()"


def command(directory, *arguments, **settings):
    """One of the program's commands; its exit status and what it printed."""
    environment = {f"VITRINE_DATABASE__{name.upper()}": str(value) for name, value in settings.items()}
    done = subprocess.run([str(java()), "-XX:TieredStopAtLevel=1", "-jar", str(JAR), *arguments], env=environment, cwd=directory,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    return done.returncode, done.stdout


def serve(directory, name, **settings):
    home = directory / name
    home.mkdir(exist_ok=True)
    environment = {f"VITRINE_DATABASE__{key.upper()}": str(value) for key, value in settings.items()}
    server = Server(home, environment)
    server.start()
    return server


def post(server, seconds=30):
    """The status of a request that writes; 0 if there was none."""
    try:
        return server.call("POST", "/v2/images", {"name": "n", "disk_format": "raw", "container_format": "bare"}, seconds=seconds).status
    except (OSError, http.client.HTTPException):
        return 0


def until_written(server, seconds):
    """Seconds until a write succeeds, and the statuses of all before."""
    began, seen = time.monotonic(), []
    while time.monotonic() - began < seconds:
        status = post(server)
        seen.append(status)
        if status == 201:
            break
        time.sleep(0.1)
    return time.monotonic() - began, seen


def encrypted(check, directory):
    check.section("TLS")
    own, other = Authority(directory, "own-ca"), Authority(directory, "other-ca")
    certificate, key = own.certify("server", "localhost", "db_one.example")
    server = Postgres(directory, "tls", f"ssl=on ssl_cert_file={certificate} ssl_key_file={key} ssl_ca_file={own.certificate}").initialise(
        f"hostssl all certified 0.0.0.0/0 cert\nhost all {USER} 0.0.0.0/0 scram-sha-256\n")
    server.sql("create role certified login", f"grant all on database {USER} to certified", f"grant {USER} to certified")
    full = server.url("localhost", f"?sslmode=verify-full&sslrootcert={own.certificate}")
    check.equal("db migrate by verify-full", command(directory, "db", "migrate", url=full)[0], 0)
    for name, settings, wanted in (("by keys", {"url": server.url("localhost"), "tls__mode": "verify-full", "tls__ca": own.certificate}, "true"),
                                   ("without being asked", {"url": server.url()}, "true"),
                                   ("not by sslmode=disable", {"url": server.url(parameters="?sslmode=disable")}, "false")):
        running = serve(directory, f"tls-{name.replace(' ', '-')}", **settings)
        check.equal(f"serves, encrypted {name}", post(running), 201)
        check.equal(f"pg_stat_ssl, encrypted {name}", server.sql(BY_TLS).split()[1], wanted)
        running.stop()
    client = own.certify("certified")
    by_certificate = {"url": server.url("localhost", "?sslmode=verify-full"), "user": "certified", "password": "", "tls__ca": own.certificate,
                      "tls__certificate": client[0], "tls__key": client[1]}
    status, printed = command(directory, "db", "check", **by_certificate)
    check.that("a client certificate", status == 0, printed)
    refusals(check, directory, server, (own, other, full))
    server.stop()


def refusals(check, directory, server, given):
    own, other, full = given
    broken, absent = directory / "broken.pem", directory / "absent.pem"
    broken.write_text("no certificate\n")
    for what, url, wanted in (
            ("a wrong CA", server.url("localhost", f"?sslmode=verify-full&sslrootcert={other.certificate}"), (str(other.certificate),)),
            ("a wrong host", server.url(HOST, f"?sslmode=verify-full&sslrootcert={own.certificate}"), (HOST, "localhost", "verify-ca")),
            ("a CA's file that is not there", server.url(parameters=f"?sslmode=verify-ca&sslrootcert={absent}"), ("database.tls.ca", str(absent))),
            ("a CA's file that is broken", server.url(parameters=f"?sslmode=verify-ca&sslrootcert={broken}"), ("database.tls.ca", str(broken))),
            ("no CA", server.url(parameters="?sslmode=verify-full"), ("database.tls.ca", "system")),
            ("an unknown parameter", server.url(parameters="?sslmod=require"), ("sslmod", "sslmode")),
            ("a standby's URL", server.url(parameters="?target_session_attrs=standby"), ("target_session_attrs", "read-write"))):
        status, printed = command(directory, "db", "check", url=url)
        check.that(f"{what} is refused in words", status != 0 and all(word in printed for word in wanted) and "\tat " not in printed, f"{status} {printed}")


def several(check, directory):
    check.section("several servers")
    first = Postgres(directory, "first", "wal_keep_size=256MB").initialise()
    check.equal("db migrate", command(directory, "db", "migrate", url=first.url())[0], 0)
    second = Postgres(directory, "second").follow(first)
    line = Line(first.port)
    status, printed = command(directory, "db", "check", url=second.url())
    check.that("a standby alone is refused", status != 0 and str(second.port) in printed, printed)
    places = f"postgresql://{USER}:{PASSWORD}@{HOST}:{second.port},{HOST}:{line.port}/{USER}?target_session_attrs=read-write"
    check.equal("db check of both", command(directory, "db", "check", url=places)[0], 0)
    running = serve(directory, "several", url=places)
    check.equal("writes to the second that is named", post(running), 201)
    demoted(check, running, first)
    lost(check, running, line, second)
    running.stop()
    first.kill()
    second.stop()


def demoted(check, running, server):
    server.configure("default_transaction_read_only", "on")
    # Its sessions learn of it one after the other.
    check.eventually("a write to a server set read-only is refused", 5, lambda: post(running) == 503)
    check.eventually("is not ready then", 5, lambda: running.probe("/health/ready") == 503)
    check.equal("is alive then", running.probe("/health/live"), 200)
    server.configure("default_transaction_read_only", "off")
    seconds, seen = until_written(running, 15)
    check.that(f"writes again after {seconds:.1f} s", seconds < 5 and 500 not in seen, seen)
    check.eventually("is ready again", 5, lambda: running.probe("/health/ready") == 200)


def lost(check, running, line, standby):
    """The primary vanishes from the network; ten seconds later its standby takes over at its address."""
    statuses, ended = [], threading.Event()

    def keep_on():
        while not ended.is_set():
            statuses.append(post(running))
            time.sleep(0.05)

    with concurrent.futures.ThreadPoolExecutor(12) as clients:
        [clients.submit(keep_on) for _ in range(12)]
        wait(lambda: statuses.count(201) > 50, 20)
        line.hold()
        time.sleep(10)
        standby.sql("select pg_promote(true, 60)")
        line.lead_to(standby.port)
        seconds, seen = until_written(running, 60)
        ended.set()
    check.that(f"a vanished primary's successor is written to after {seconds:.1f} s", seconds < 10, seen)
    check.that("no answer was 500", 500 not in statuses + seen, {status: statuses.count(status) for status in set(statuses)})
    check.eventually("is ready again", 10, lambda: running.probe("/health/ready") == 200)


def pooled(check, directory):
    check.section("PgBouncer")
    server = Postgres(directory, "behind").initialise()
    by_transaction, by_session = (PgBouncer(directory, server, mode) for mode in ("transaction", "session"))
    status, printed = command(directory, "db", "migrate", url=by_transaction.url(), pooler="transaction")
    check.that("db migrate through it", status == 0, printed)
    home = directory / "refused"
    home.mkdir()
    refused = Server(home, {"VITRINE_DATABASE__URL": by_transaction.url()})
    try:
        refused.start(60)
        check.that("is refused without the key", False, "it serves")
    except Failed as ended:
        check.that("is refused without the key", "database.pooler" in str(ended) and "\tat " not in str(ended), ended)
    running = serve(directory, "pooled", url=by_transaction.url(), pooler="transaction", pool_size=12)
    with concurrent.futures.ThreadPoolExecutor(16) as clients:
        ended = list(clients.map(lambda number: life(running, number), range(96)))
    check.equal("96 lives of images by 16 clients on 3 connections", [end for end in ended if end != "active"], [])
    check.equal("log lines of prepared statements", [line for line in running.log.read_text().splitlines() if "prepared statement" in line], [])
    running.stop()
    running = serve(directory, "pooled", url=by_session.url(), pooler="session", pool_size=2)
    check.equal("a life behind a pooler by session", life(running, 0), "active")
    running.stop()
    server.stop()


def life(server, number):
    """An image is made, uploaded or imported, listed, changed; its status in the end."""
    image = server.create(tags=[f"t{number}"])
    data = bytes([number % 256]) * 10_000
    if number % 2:
        server.upload(image, data)
    else:
        server.upload(image, data, target="stage")
        server.import_image(image, "glance-direct")
    wait(lambda: server.status(image) in ("active", "HTTP 500"), 60, 0.1)
    listed = call(server.port, "GET", f"/v2/images?name=check&tag=t{number}&limit=5")
    changed = server.call("PATCH", f"/v2/images/{image}", [{"op": "add", "path": "/p", "value": "v"}],
                          {"Content-Type": "application/openstack-images-v2.1-json-patch"})
    return server.status(image) if (listed.status, changed.status) == (200, 200) else f"{listed} {changed}"


def in_any_order(check, directory):
    """As where everything is applied at once: the check waits before there is a database, and several migrate at the same time."""
    check.section("a check that waits, and several migrations")
    server = Postgres(directory, "late")
    url = server.url()
    check.equal("without a database, db check says so", command(directory, "db", "check", url=url)[0], 1)
    with concurrent.futures.ThreadPoolExecutor() as threads:
        waiting = threads.submit(command, directory, "db", "check", "--wait", "100s", url=url)
        server.initialise()
        status, printed = command(directory, "db", "check", url=url)
        check.that("without a schema, it says what to run", status == 3 and "run db migrate" in printed, f"{status} {printed.strip()}")
        migrations = [threads.submit(command, directory, "db", "migrate", url=url) for _ in range(3)]
        check.equal("all migrations succeed", [each.result()[0] for each in migrations], [0, 0, 0])
        status, printed = waiting.result()
        check.that("the check that waited ends well", status == 0, f"{status} {printed.strip()[-400:]}")
        check.that("  and has told why it waited", "Waiting for up to " in printed, printed.strip()[-400:])
    check.equal("each version was applied once", server.sql("select count(*) - count(distinct version) from flyway_schema_history where version is not null"), "0")
    started_early(check, directory, server)
    server.sql("update flyway_schema_history set version = '9999' where installed_rank = 1", "update schema_compatibility set oldest = 9999")
    began = time.monotonic()
    check.equal("a schema that is too new is not waited for", command(directory, "db", "check", "--wait", "100s", url=url)[0], 4)
    check.that("  at all", time.monotonic() - began < 50, f"{time.monotonic() - began:.1f} s")
    server.kill()


def started_early(check, directory, database):
    """A server that runs before its database does."""
    (directory / "early").mkdir()
    server, why = Server(directory / "early", {"VITRINE_DATABASE__URL": database.url()}), "Waiting for the database"
    database.stop()
    server.begin()
    check.eventually("without its database, a server waits and says why", 60, lambda: why in server.tail(), server.tail)
    began = time.monotonic()
    check.equal("SIGTERM ends the wait", server.stop(), 0)
    check.that("  at once", time.monotonic() - began < 10, f"{time.monotonic() - began:.1f} s")
    server.begin()
    check.eventually("again it waits", 60, lambda: server.log.read_text().count(why) >= 2, server.tail)
    database.start()
    check.eventually("with its database, it becomes ready", 60, server.ready, server.tail)
    reasons = [line for line in server.log.read_text().splitlines() if why in line]
    check.that("and has said each reason once", len(reasons) <= 4, reasons)
    check.equal("it stops as usual", server.stop(), 0)


def main(check, directory):
    install(PACKAGES)
    in_any_order(check, directory)
    encrypted(check, directory)
    several(check, directory)
    pooled(check, directory)


Check("database").run(main)
