"""What every subject of ci/bench shares: servers on their processor, what they used, a row of the table."""
import pathlib
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVER_CPU, LOAD_CPU = 0, 1


class Trouble(Exception):
    """What kept us from measuring."""


def cpu_seconds(pid):
    """Of all threads, from the scheduler: nanoseconds, not ticks."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise Trouble(f"process {pid} has no VmRSS")


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class Server:
    """A process on processor 0 that answers on one port; ended by its own id."""

    def __init__(self, name, command, port, folder, says_ready=False):
        self.name, self.port = name, port
        self.log = open(folder / f"{name}-{port}.log", "w+")
        self.process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CPU), *map(str, command)], cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if says_ready else self.log,
            stderr=self.log, text=True)
        self.ready = self.process.stdout.readline().split() if says_ready else []
        if says_ready and not self.ready:
            self.end()
            raise Trouble(f"{name} did not start: {self.said()}")

    @property
    def pid(self):
        return self.process.pid

    def said(self):
        self.log.seek(0)
        return self.log.read().strip()[-500:]

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Stage:
    """Where a subject's servers run; it ends them."""

    def __init__(self, programs, folder):
        self.programs, self.folder, self.servers = programs, folder, []

    def start(self, *args, **kwargs):
        server = Server(*args, folder=self.folder, **kwargs)
        self.servers.append(server)
        return server

    def end(self):
        while self.servers:
            self.servers.pop().end()

    def drop(self, server):
        self.servers.remove(server)
        server.end()


def row(name, peer, unit, ours, theirs, ratio, goal, rate=False):
    """ratio: above 1 we are better. goal None: reported only. rate: judged only where the machine is quiet."""
    return {"name": name, "peer": peer, "unit": unit, "ours": round(ours, 4),
            "theirs": round(theirs, 4), "ratio": round(ratio, 3), "goal": goal, "rate": rate}
