"""The cloud's broker beside mosquitto, for ci/bench: MQTT 3.1.1 over TLS 1.3, ECDSA P-256, both in memory.

What is measured is CPU of the server for round trips with QoS 1, one under way for each client: PUBLISH of 256 bytes
to PUBACK where nobody has subscribed, and until the message has come back to the client itself. Then resident memory
of 10,000 connections over which nothing is said. Ours is the whole cloud, but without a tap (no journal): it checks who logs in and who
may publish where; mosquitto lets all in, keeps nothing on disk, and sends at once as ours does.
"""
import shutil
import statistics
import subprocess
import time

import web
from stage import LOAD_CPU, Trouble, cpu_seconds, free_port, resident_mib, row

MILLISECONDS = 2000
IDLE = 10_000
SHAPES = {"publish": "QoS 1 PUBLISH to PUBACK", "receive": "QoS 1 PUBLISH to subscriber"}
CLIENTS = (1, 100)
MOSQUITTO = """listener {port} 127.0.0.1
certfile {folder}/chain.pem
keyfile {folder}/key.pem
allow_anonymous true
set_tcp_nodelay true
persistence false
user root
log_dest file {folder}/mosquitto.log
log_type error
"""


def start_mosquitto(stage):
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not program:
        raise Trouble("no mosquitto; ci/install bench brings it")
    web.make_certificate(stage.folder)
    port = free_port()
    config = stage.folder / "mosquitto.conf"
    config.write_text(MOSQUITTO.format(folder=stage.folder, port=port))
    return stage.start("mosquitto", [program, "-c", config], port)


def start_ours(stage, agents):
    server = stage.start("cloud", [stage.programs / "bench-cloud", "hold", agents], agents, says_ready=True)
    server.port = int(server.ready[1])
    return server


class Load:
    """Clients that have logged in and wait for go()."""

    def __init__(self, stage, server, clients, shape):
        command = ["taskset", "-c", LOAD_CPU, stage.programs / "bench-mqtt", server.port, clients, shape, MILLISECONDS]
        self.server = server
        self.run = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
        if not self.run.stdout.readline():
            raise Trouble(f"{server.name} and {clients} clients: {self.run.communicate()[1]} {server.said()}")

    def go(self):
        said, wrong = self.run.communicate("go\n", MILLISECONDS / 1000 + 60)
        if self.run.returncode:
            raise Trouble(f"{self.server.name}: {wrong} {self.server.said()}")
        return said.split()


def measure_load(stage, server, clients, shape):
    load = Load(stage, server, clients, shape)
    before = cpu_seconds(server.pid)
    rounds, took = load.go()
    after = cpu_seconds(server.pid)
    return {"cpu": (after - before) / int(rounds) * 1e5, "rate": int(rounds) / float(took)}


def wait_for(stage, server):
    """mosquitto says nothing when it is ready."""
    end = time.monotonic() + 10
    while True:
        try:
            return Load(stage, server, 1, "idle").go()
        except Trouble:
            if time.monotonic() > end or server.process.poll() is not None:
                raise


def compare(stage, rounds, servers, clients, shape):
    runs = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            runs[server.name].append(measure_load(stage, server, clients, shape))
    mine, theirs = ({key: statistics.median(run[key] for run in taken) for key in ("cpu", "rate")}
                    for taken in runs.values())
    title = f"MQTT {SHAPES[shape]}, {clients} client{'s' * (clients > 1)}"
    return [row(f"{title}: server CPU", "mosquitto", "s per 100,000 round trips", mine["cpu"], theirs["cpu"],
                theirs["cpu"] / mine["cpu"], 1),
            row(f"{title}: rate", "mosquitto", "round trips/s on one core", mine["rate"], theirs["rate"],
                mine["rate"] / theirs["rate"], 1, rate=True)]


def memory_each(stage, server):
    """KiB of a connection that waits."""
    before = resident_mib(server.pid)
    load = Load(stage, server, IDLE, "idle")
    after = resident_mib(server.pid)
    load.go()
    return (after - before) * 1024 / IDLE


def measure(stage, rounds):
    servers = [start_ours(stage, max(CLIENTS)), start_mosquitto(stage)]
    for server in servers:
        wait_for(stage, server)
    rows = []
    for shape in SHAPES:
        for clients in CLIENTS:
            rows += compare(stage, rounds, servers, clients, shape)
    return rows


def measure_idle(stage, _rounds):
    servers = [start_ours(stage, IDLE), start_mosquitto(stage)]
    for server in servers:
        wait_for(stage, server)
    mine, theirs = (memory_each(stage, server) for server in servers)
    return [row(f"{IDLE:,} idle MQTT agents: memory each", "mosquitto", "KiB", mine, theirs, theirs / mine, 1)]
