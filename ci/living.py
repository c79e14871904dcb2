"""What the scripts of this folder share that arm faults in a living world and look at them from outside.

Who has seen a fault says so with sighting(): what was armed, and by whom it was seen. If ECSP_SEEN names a folder, all
sightings of a script that came to its end are written there, one JSON object a line; ci/check-faults --seen compares them
with what the program knows."""
import contextlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WITHIN_S, MISSING = 10, 77
SIGHTINGS = []


class Wrong(Exception):
    """Something else was seen."""


def check(condition, what):
    if not condition:
        raise Wrong(what)


# ---- sightings ----

def sighting(client, name, /, **parameters):
    SIGHTINGS.append({"fault": name, "parameters": parameters, "client": client})


def forget_sightings(script):
    if os.environ.get("ECSP_SEEN"):
        pathlib.Path(os.environ["ECSP_SEEN"], f"{script}.jsonl").unlink(missing_ok=True)


def write_sightings(script):
    folder = os.environ.get("ECSP_SEEN")
    if folder:
        os.makedirs(folder, exist_ok=True)
        text = "".join(json.dumps(row) + "\n" for row in SIGHTINGS)
        pathlib.Path(folder, f"{script}.jsonl").write_text(text, "utf-8")


# ---- the world ----

def ask(**request):
    """By the control socket of the living world."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(WITHIN_S)
        link.connect(os.environ["ECSP_CONTROL"])
        link.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(link.makefile("rb").readline())
    check("error" not in answer, f"{request}: {answer}")
    return answer["printers"]


@contextlib.contextmanager
def fault(name, client, /, **parameters):
    """Armed as long as the body runs. A body that comes to its end has seen it."""
    ask(ask="fault", name="cloud", fault=name, parameters=parameters)
    try:
        yield
    except Exception as wrong:
        raise Wrong(f"{name} {parameters}, {client}: {type(wrong).__name__}: {wrong}") from wrong
    finally:
        ask(ask="clear", name="cloud", fault=name)
    sighting(client, name, **parameters)


def ecsp(*words):
    return subprocess.run([os.environ["ECSP_PROGRAM"], *words], check=True, capture_output=True, text=True).stdout


def known(where):
    """The faults that the program has there, and their parameters, by name."""
    return {row["id"]: {parameter["name"]: parameter for parameter in row["parameters"]}
            for row in json.loads(ecsp("list", "faults", "--json")) if row["where"] == where}


def names_of(name, parameter):
    """Every value of a parameter that takes one of some words."""
    return known("cloud")[name][parameter]["names"]


def journal(kind, **fields):
    lines = [json.loads(line) for line in pathlib.Path(os.environ["ECSP_JOURNAL"]).read_text("utf-8").splitlines()]
    return [line for line in lines if line["kind"] == kind and fields.items() <= line.items()]


# ---- TLS ----

class Secured:
    """A TLS connection whose bytes go through here, both ways. end: close_notify, fin (that alone), reset, or None while it
    is there; error: why ssl gave up; plain: what was read."""

    def __init__(self, host, context):
        self.coming, self.going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.coming, self.going, server_hostname=host)
        self.socket = socket.create_connection((host, 443), WITHIN_S)
        self.sent, self.got, self.pieces, self.plain = b"", b"", [], b""
        self.end, self.error = None, ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        data = self.going.read()
        self.sent += data
        try:
            if data:
                self.socket.sendall(data)
        except (ConnectionResetError, BrokenPipeError):
            self.end = "reset"

    def receive(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            self.end = "reset"
            return False
        if not data:
            self.end = self.end or "fin"
            return False
        self.got += data
        self.pieces.append(len(data))
        self.coming.write(data)
        return True

    def step(self, call):
        """Calls until it is through; False: it cannot be."""
        while True:
            try:
                call()
                self.flush()
                return True
            except ssl.SSLWantReadError:
                self.flush()
                if not self.receive():
                    return False
            except ssl.SSLZeroReturnError:
                self.end = "close_notify"
                return False
            except ssl.SSLError as error:
                self.error = error.reason or str(error)
                self.flush()
                return False

    def read(self):
        data = self.tls.read(65536)
        if not data:
            raise ssl.SSLZeroReturnError
        self.plain += data


# ---- running ----

def run_inside(tool, fleet, script, within, interpreter=sys.executable):
    """The script once more, in a world of its own."""
    with tempfile.TemporaryDirectory(prefix="ecsp-faults-") as folder:
        words = [tool, "up", fleet, "--control", f"{folder}/ecsp.sock", "--journal", f"{folder}/journal.jsonl", "--",
                 interpreter, script, "--inside"]
        environment = {**os.environ, "ECSP_PROGRAM": tool, "HOME": folder}
        world = subprocess.run([str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True,
                               timeout=within, check=False)
    print(world.stdout if world.returncode in (0, MISSING) else world.stdout + world.stderr, end="")
    return world.returncode
