"""Two API processes over one PostgreSQL and the same stores, each behind a line that can be cut; and for interruptions.py, what goes wrong."""

import collections
import contextlib
import http.client
import select
import socket
import struct
import threading

from database_rig import Postgres
from resumable import Broken, Client, Exchange
from vitrine import HOST, KIB, MIB, Failed, Server, call, random_bytes, run, wait

SETTINGS = {
    "VITRINE_LEASE__TTL": "2s", "VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_UPLOADS__TAKEOVER": "1s", "VITRINE_HTTP__IDLE_TIMEOUT": "10s",
    "VITRINE_IDENTITY__PROJECT": "check", "VITRINE_QUOTA__SOURCE": "local", "VITRINE_QUOTA__IMAGE_SIZE_TOTAL": "100000",
    "VITRINE_QUOTA__IMAGE_COUNT_TOTAL": "1000", "VITRINE_QUOTA__IMAGE_COUNT_UPLOADING": "1000",
}
PATIENCE = 3  # seconds without progress after which a client gives a connection up
CLIENT = ("the client resets", "the client closes", "the client hangs")
NETWORK = ("the network resets", "the network swallows")
KILL = "the server is killed"
WEIGHTS = {**dict.fromkeys(CLIENT, 3), **dict.fromkeys(NETWORK, 2), KILL: 2}


class Line:
    """A port that leads to a server's. What is under way through it can be cut at any byte."""

    def __init__(self, target):
        self.target, self.live, self.lock = target, set(), threading.Lock()
        self.listener = socket.create_server((HOST, 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, swallows):
        """Ends all that is under way, or swallows it from now on, which neither end is told of; how many connections that were."""
        with self.lock:
            cut, self.live = self.live, set()
        for pair in cut:
            pair.cut(swallows)
        return len(cut)

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection((HOST, self.target))
            except OSError:
                reset(near)  # nobody is there
                continue
            pair = Pair(near, far)
            with self.lock:
                self.live.add(pair)
            threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _carry(self, pair):
        pair.carry()
        with self.lock:
            self.live.discard(pair)


class Pair:
    """A connection of a client and that to the server."""

    def __init__(self, near, far):
        self.near, self.far, self.swallows, self.is_cut = near, far, False, False

    def cut(self, swallows):
        self.swallows, self.is_cut = swallows, not swallows
        if self.is_cut:
            for end in (self.near, self.far):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)  # so that nobody waits for it any more

    def carry(self):
        ends = [self.near, self.far]
        while ends:
            with contextlib.suppress(OSError):
                source = select.select(ends, [], [])[0][0]
                data = source.recv(1 << 16)
                if data and self.swallows:
                    continue
                if data and not self.is_cut:
                    (self.far if source is self.near else self.near).sendall(data)
                    continue
                if self.swallows:
                    ends.remove(source)
                    continue
            break
        for end in (self.near, self.far):
            reset(end) if self.is_cut else end.close()


def reset(end):
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


class Site:
    """Two API processes with all that they share."""

    def __init__(self, check, directory, settings=None):
        self.settings = settings or {}
        self.postgres = Postgres(directory, "postgres").initialise()
        self.stores, self.staging = directory / "stores", directory / "staging"
        self.servers = [self._server(directory / f"api-{number}") for number in (1, 2)]
        migration = [*self.servers[0].command[:-1], "db", "migrate"]
        run(*migration, env=self.servers[0].environment)
        for server in self.servers:
            check.note(f"{server.directory.name} is ready after {server.start():.1f} s")
        self.lines = [Line(server.port) for server in self.servers]
        self.up = {0, 1}
        self.starts, self.lock = [], threading.Lock()

    def _server(self, home):
        home.mkdir()
        return Server(home, {
            **SETTINGS, "VITRINE_DATABASE__URL": self.postgres.url(), "VITRINE_NODE__NAME": home.name, "VITRINE_ROLES": "http,store",
            "VITRINE_STORES__BACKENDS__LOCAL__DIR": str(self.stores), "VITRINE_STORES__BACKENDS__LOCAL__SHARED": "true",
            "VITRINE_STORES__STAGING__DIR": str(self.staging), "VITRINE_STORES__STAGING__SHARED": "true", **self.settings}, ("-Xmx256m", "-XX:TieredStopAtLevel=1"))

    def port(self, chance):
        """That of a line to a process that is there, as a balancer would choose it."""
        return self.lines[chance.choice(sorted(self.up))].port

    def kill(self, number):
        """kill -9 of a process, unless the other one is down; how many connections that ended."""
        with self.lock:
            if len(self.up) < 2:
                return 0
            self.up.remove(number)
        hit = len(self.lines[number].live)
        self.servers[number].kill()
        starting = threading.Thread(target=self._start, args=(number,), daemon=True)
        self.starts.append(starting)
        starting.start()
        return hit

    def _start(self, number):
        self.servers[number].start()
        self.up.add(number)

    def settle(self):
        """Waits until both are up again."""
        for starting in self.starts:
            starting.join(180)
        if len(self.up) < 2:
            raise Failed("\n".join(server.tail(10) for server in self.servers))

    def rows(self, query):
        return self.postgres.sql(query).splitlines()

    def files(self):
        """Those of the store and of the staging area."""
        return [path for place in (self.stores, self.staging) for path in place.rglob("*") if path.is_file()]

    def call(self, chance, method, path, body=None, headers=None):
        """One call of whichever process is there; again if it does not answer."""
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                return call(self.port(chance), method, path, body, headers, PATIENCE)


class Trouble:
    """What goes wrong, and when: after so many bytes that all clients have sent together."""

    def __init__(self, site, chance, wanted, spacing):
        self.site, self.chance, self.wanted, self.spacing = site, chance, wanted, spacing
        self.counts, self.lock = collections.Counter(), threading.Lock()
        self.hung = []
        self._plan()

    def _plan(self):
        self.left = self.chance.uniform(0, 2 * self.spacing)

    def is_over(self):
        return self.counts.total() >= self.wanted

    def passed(self, exchange, count):
        """Tells that an exchange has sent so much, and may break it off, or more than that."""
        with self.lock:
            self.left -= count
            if self.left > 0 or self.is_over():
                return
            self._plan()
            kind = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            number = self.chance.randrange(2)
        if kind in CLIENT:
            self._leave(exchange, kind)
            self._count(kind, 1)
            raise Broken(kind)
        if kind == KILL:
            self._count(kind, self.site.kill(number))
        else:
            self._count(kind, self.site.lines[number].cut(kind == NETWORK[1]))

    def _leave(self, exchange, kind):
        if kind == CLIENT[0]:
            exchange.connection.hang_up()
        elif kind == CLIENT[2]:
            # It stays open, and nothing more is sent.
            self.hung.append(exchange.connection.socket.dup())

    def _count(self, kind, hits):
        with self.lock:
            self.counts[kind] += hits


class BreakingExchange(Exchange):
    """Sends in pieces of random sizes, any of which may be the last."""

    def __init__(self, client):
        super().__init__(client.site.port(client.chance), PATIENCE)
        self.client = client
        self.size = int(2 ** client.chance.uniform(10, 20))

    def body(self, data):
        view = memoryview(data)
        for start in range(0, len(view), self.size):
            piece = view[start:start + self.size]
            if not self.send(piece):
                return
            self.client.trouble.passed(self, len(piece))

    def answer(self):
        # All has been sent, and the answer may get lost.
        self.client.trouble.passed(self, 16 * KIB)
        return super().answer()


class BreakingClient(Client):
    """Each request takes whichever process is there."""

    def __init__(self, site, trouble, chance):
        super().__init__(0)
        self.site, self.trouble, self.chance = site, trouble, chance

    def exchange(self):
        return BreakingExchange(self)


def pause(seconds=0.1):
    """Lets others go on who hold what is wanted."""
    wait(lambda: False, seconds)


def random_data(chance, largest=6 * MIB):
    """Of any order of magnitude."""
    return random_bytes(max(1, int(largest ** chance.uniform(0.4, 1))), chance.random())
