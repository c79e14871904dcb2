"""The simulated printers beside snmpd, snmpsim and a UDP echo; SNMPv3 beside snmpd; a large fleet.

The figure is CPU seconds of the server for 100,000 requests. The echo answers as many bytes as we do: it is the
limit.
"""
import os
import shutil
import statistics
import subprocess
import time
from socket import SOCK_DGRAM

from stage import LOAD_CPU, ROOT, Trouble, cpu_seconds, free_port, resident_mib, row

PROFILE = "sim/printer/profiles/sc-t-24.yaml"
FLEET_PROFILE, FLEET_ROWS = "sim/printer/profiles/sc-p-12.yaml", 1_100
FLEET = 100_000
WINDOW = 256
REQUESTS = {"ours": 200_000, "limit": 200_000, "snmpd": 20_000, "snmpsim": 1_500}
ENGINES = 10_000
GOALS = {
    ("get3", "snmpd"): 5, ("bulk3", "snmpd"): 8,
    ("get", "limit"): 0.9, ("get", "snmpd"): 5, ("get", "snmpsim"): 70,
    ("bulk", "limit"): 0.9, ("bulk", "snmpd"): 10, ("bulk", "snmpsim"): 300,
}
TITLES = {"get": "SNMP GET", "bulk": "SNMP GETBULK of 20 rows"}
TITLES3 = {"get3": f"SNMPv3 authPriv GET, {ENGINES:,} engines",
           "bulk3": f"SNMPv3 authPriv GETBULK of 20 rows, {ENGINES:,} engines"}


class Printers:
    """Ours and the others, on a stage that ends them."""

    def __init__(self, stage):
        self.stage, self.programs, self.folder = stage, stage.programs, stage.folder

    def fleet(self, count, profile=PROFILE, *more):
        port = free_port(SOCK_DGRAM)
        return self.stage.start("fleet", [self.programs / "bench-fleet", port, profile, count, *more], port,
                          says_ready=True)

    def snmprec(self, profile):
        return subprocess.run([self.programs / "bench-fleet", "--snmprec", profile], cwd=ROOT,
                              check=True, capture_output=True).stdout

    def large_profile(self):
        """A profile of ours, filled up to the number of rows that the goal speaks of."""
        lacking = FLEET_ROWS - self.snmprec(FLEET_PROFILE).count(b"\n")
        path = self.folder / "large.yaml"
        path.write_text((ROOT / FLEET_PROFILE).read_text() + "".join(
            f"  - {{ oid: 1.3.6.1.4.1.32473.9.{i + 1}.0, type: int, value: {i} }}\n"
            for i in range(lacking)))
        return path

    def echo(self, size):
        port = free_port(SOCK_DGRAM)
        return self.stage.start("echo", [self.programs / "bench-echo", port, size], port, says_ready=True)

    def snmpd(self):
        port = free_port(SOCK_DGRAM)
        conf = self.folder / "snmpd.conf"
        # The user that ci/bench.d/peers.h asks as.
        conf.write_text("rocommunity public 127.0.0.0/8\n"
                        "createUser bench SHA-256 authentic-1 AES concealed-1\nrouser bench priv\n"
                        "sysServices 72\nsysLocation here\nsysContact nobody\n")
        state = self.folder / "snmpd-state"
        state.mkdir(exist_ok=True)
        os.environ["SNMP_PERSISTENT_DIR"] = str(state)
        program = shutil.which("snmpd", path="/usr/sbin:/usr/bin:/sbin:/bin")
        return self.stage.start("snmpd", [program, "-f", "-Lf", self.folder / "snmpd.log", "-C", "-c", conf,
                                    f"udp:127.0.0.1:{port}"], port)

    def snmpsim(self):
        port = free_port(SOCK_DGRAM)
        data, cache = self.folder / "snmpsim-data", self.folder / "snmpsim-cache"
        data.mkdir()
        cache.mkdir(mode=0o777)
        (data / "public.snmprec").write_bytes(self.snmprec(PROFILE))
        program = shutil.which("snmpsimd") or shutil.which("snmpsim-command-responder")
        command = [program, f"--data-dir={data}", f"--cache-dir={cache}",
                   f"--agent-udpv4-endpoint=127.0.0.1:{port}", "--logging-method=null"]
        if os.geteuid() == 0:  # it refuses to stay root
            command += ["--process-user=nobody", "--process-group=nogroup"]
            for path in (self.folder, data, cache):
                path.chmod(0o755 if path != cache else 0o777)
        return self.stage.start("snmpsim", command, port)

    def load(self, server, kind, requests, first="127.0.0.1", devices=1, window=WINDOW, seconds=60):
        """One run: (CPU seconds for 100,000 requests, requests per second, bytes, lost)."""
        command = ["taskset", "-c", str(LOAD_CPU), self.programs / "bench-load", first, devices,
                   server.port, kind, requests, window, seconds]
        with subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            ready = run.stdout.readline()
            before = cpu_seconds(server.pid)
            try:
                said, wrong = run.communicate("go\n" if ready else "", seconds + 30)
            except subprocess.TimeoutExpired:
                run.kill()
                raise
            after = cpu_seconds(server.pid)
        if run.returncode:
            raise Trouble(f"{server.name} gave no answer to {kind}: {server.said()} {wrong}")
        answered, lost, took, size = said.split()
        return {"cpu": (after - before) / int(answered) * 1e5, "rate": int(answered) / float(took),
                "bytes": float(size), "lost": int(lost), "answered": int(answered)}

    def wait_for(self, server, kind="get"):
        """A peer says nothing when it is ready: ask until it answers."""
        end = time.monotonic() + 30
        while True:
            try:
                return self.load(server, kind, 1, window=1, seconds=1)
            except Trouble:
                if time.monotonic() > end or server.process.poll() is not None:
                    raise


def measure_peers(printers, rounds):
    """{kind: {server: [runs]}}, every server asked in turn in the same rounds."""
    ours = printers.fleet(1)
    others = {"snmpd": printers.snmpd(), "snmpsim": printers.snmpsim()}
    for server in others.values():
        printers.wait_for(server)
    runs = {}
    for kind in TITLES:
        size = printers.load(ours, kind, 1000, "127.1.0.1")["bytes"]
        echo = printers.echo(round(size))
        turn = {"limit": echo, "ours": ours, **others}
        runs[kind] = {name: [] for name in turn}
        for _ in range(rounds):
            for name, server in turn.items():
                first = "127.1.0.1" if name in ("ours", "limit") else "127.0.0.1"
                window = 16 if name == "snmpsim" else 64 if name == "snmpd" else WINDOW
                requests = REQUESTS[name] // (4 if name == "snmpsim" and kind == "bulk" else 1)
                runs[kind][name].append(printers.load(server, kind, requests, first, window=window))
        printers.stage.drop(echo)
    return runs


def measure_engines(printers, rounds):
    """The same with SNMPv3: as many engines as printers here, one there."""
    ours, snmpd = printers.fleet(ENGINES, PROFILE, "v3"), printers.snmpd()
    printers.wait_for(snmpd)
    runs = {}
    for kind in TITLES3:
        size = printers.load(ours, kind, ENGINES, "127.1.0.1", ENGINES)["bytes"]
        echo = printers.echo(round(size))
        runs[kind] = {"limit": [], "ours": [], "snmpd": []}
        for _ in range(rounds):
            # An echo of as many bytes has no engine to speak of: it is asked without.
            runs[kind]["limit"].append(printers.load(echo, "get", REQUESTS["limit"], "127.1.0.1"))
            runs[kind]["ours"].append(printers.load(ours, kind, REQUESTS["ours"], "127.1.0.1", ENGINES))
            runs[kind]["snmpd"].append(printers.load(snmpd, kind, REQUESTS["snmpd"], window=64))
        printers.stage.drop(echo)
    return runs, resident_mib(ours.pid)


def measure_fleet(printers, rounds):
    """A fleet of one, then of many: memory, start, CPU a request, and that all of them answer."""
    profile = printers.large_profile()
    one, many = printers.fleet(1, profile), printers.fleet(FLEET, profile)
    found = {"ready": float(many.ready[1]), "rows": int(many.ready[2])}
    alone = resident_mib(one.pid)
    asked = printers.load(many, "get", FLEET, "127.1.0.1", FLEET)
    found["answering"] = asked["answered"]
    found["resident"] = resident_mib(many.pid)
    found["each"] = (found["resident"] - alone) * 1024 / FLEET
    runs = {"one": [], "many": []}
    for _ in range(rounds):
        runs["one"].append(printers.load(one, "get", REQUESTS["ours"], "127.1.0.1")["cpu"])
        runs["many"].append(printers.load(many, "get", REQUESTS["ours"], "127.1.0.1", FLEET)["cpu"])
    found["cpu one"], found["cpu many"] = (statistics.median(runs[name]) for name in ("one", "many"))
    return found


def peer_rows(titles, runs):
    rows = []
    for kind, title in titles.items():
        middle = {name: {key: statistics.median(run[key] for run in taken) for key in ("cpu", "rate")}
                  for name, taken in runs[kind].items()}
        for peer in [name for name in ("limit", "snmpd", "snmpsim") if name in middle]:
            goal = GOALS.get((kind, peer))
            ours, theirs = middle["ours"], middle[peer]
            rows.append(row(f"{title}: server CPU", peer, "s per 100,000 requests", ours["cpu"],
                            theirs["cpu"], theirs["cpu"] / ours["cpu"], goal))
            rows.append(row(f"{title}: rate", peer, "requests/s on one core", ours["rate"],
                            theirs["rate"], ours["rate"] / theirs["rate"], goal, rate=True))
    return rows


def fleet_rows(found):
    many = f"{FLEET:,} printers of {found['rows']} OIDs"
    return [
        row(f"{many}: memory each", "limit", "KiB", found["each"], 1, 1 / found["each"], 1),
        row(f"{many}: resident", "limit", "MiB", found["resident"], 256, 256 / found["resident"], 1),
        row(f"{many}: ready", "limit", "s", found["ready"], 1, 1 / found["ready"], 1),
        row(f"{many}: that answer", "limit", "printers", found["answering"], FLEET,
            found["answering"] / FLEET, 1),
        row(f"{many}: server CPU against one printer", "one printer", "s per 100,000 requests",
            found["cpu many"], found["cpu one"], found["cpu one"] / found["cpu many"], 0.833),
    ]


def measure_v1(stage, rounds):
    return peer_rows(TITLES, measure_peers(Printers(stage), rounds))


def measure_v3(stage, rounds):
    runs, resident = measure_engines(Printers(stage), rounds)
    return peer_rows(TITLES3, runs) + [
        row(f"{ENGINES:,} engines with keys: resident", "limit", "MiB", resident, 64, 64 / resident, 1)]


def measure_large(stage, rounds):
    return fleet_rows(measure_fleet(Printers(stage), rounds))
