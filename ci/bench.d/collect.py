#!/usr/bin/env python3
"""The DC Agent beside fusioninventory-netinventory, for ci/bench: printers of one living world, read over SNMP by
each in turn.

Ours reads all items of 1,000 printers, keeps each record on the disk of the temporary folder, synced, and the simulated
cloud acknowledges each; the time is from the start of the program to the last acknowledgement. The peer, on
as many printers as it can do in a few seconds, reads less of each and keeps nothing but its output; the better of
one thread and four counts.
"""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

from stage import LOAD_CPU, SERVER_CPU, Trouble, row

PRINTERS, ASKED, WITHIN_S = 1_000, 40, 120
FIRST = (10 << 24 | 16 << 16) + 10
FLEET = f"""format: ecsp-fleet/1
seed: 1
printers:
  - {{name: office, profile: sc-t-24, address: 10.16.0.10, count: {PRINTERS}}}
cloud: true
agents:
  - {{id: dc-0001, secret: not-so-secret, type: dc}}
"""
PEER = "fusioninventory-netinventory"


def addresses(count):
    return [".".join(str(FIRST + i >> shift & 255) for shift in (24, 16, 8, 0)) for i in range(count)]


def on_load_cpu(*words):
    return ["taskset", "-c", str(LOAD_CPU), *map(str, words)]


# ---- inside the world ----

def configure(folder):
    folder.mkdir()
    (folder / "state").mkdir()
    config = {"api": os.environ["ECSP_API"], "mqtt": os.environ["ECSP_MQTT"], "ca": os.environ["ECSP_CA"],
              "id": os.environ["ECSP_ID"], "secret": os.environ["ECSP_SECRET"], "community": "public",
              "targets": addresses(PRINTERS), "state": str(folder / "state"), "intervalMs": 3_600_000,
              "pollMs": 3_600_000}
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    return path


def collect(agent, folder):
    """Printers a second of ours."""
    config, stored, said = configure(folder), 0, ""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ECSP_")}
    began = time.monotonic()
    with subprocess.Popen(on_load_cpu(agent), env={**own, "ECSP_CONFIG": str(config)}, text=True,
                          stderr=subprocess.PIPE) as run:
        while stored < PRINTERS and (line := run.stderr.readline()) and time.monotonic() - began < WITHIN_S:
            said = line if " warn " in line or " error " in line else said
            if found := re.search(r"upload: (\d+) records stored", line):
                stored += int(found[1])
        took = time.monotonic() - began
        run.terminate()
        run.stderr.read()
    if stored < PRINTERS:
        raise Trouble(f"the agent had {stored} of {PRINTERS} records stored: {said}")
    return PRINTERS / took


def inventory(threads):
    """Printers a second of the peer."""
    hosts = [word for address in addresses(ASKED) for word in ("--host", address)]
    began = time.monotonic()
    run = subprocess.run(on_load_cpu(PEER, *hosts, "--threads", threads, "--community", "public", "--type", "PRINTER"),
                         capture_output=True, text=True, timeout=WITHIN_S, check=False)
    took = time.monotonic() - began
    read = run.stdout.count("<CARTRIDGES>")
    if run.returncode or read < ASKED:
        raise Trouble(f"{PEER} read {read} of {ASKED} printers: {run.stderr[-300:]}")
    return ASKED / took


def inside(agent, rounds):
    runs = []
    for i in range(rounds):
        ours = collect(agent, pathlib.Path(f"round-{i}"))
        runs.append((ours, max(inventory(1), inventory(4))))
    print(json.dumps(runs))


# ---- outside ----

def measure(stage, rounds):
    if not shutil.which(PEER):
        raise Trouble(f"no {PEER}; ci/install all brings it")
    programs = stage.programs.parent / "bin"
    fleet = stage.folder / "fleet.yaml"
    fleet.write_text(FLEET)
    words = ["taskset", "-c", SERVER_CPU, programs / "ecsp", "up", fleet, "--control", stage.folder / "ecsp.sock",
             "--ca", stage.folder / "ca.pem", "--", sys.executable, __file__, programs / "ecsp-dc-agent", rounds]
    run = subprocess.run([str(word) for word in words], cwd=stage.folder, capture_output=True, text=True,
                         env={**os.environ, "HOME": str(stage.folder)}, timeout=rounds * 3 * WITHIN_S, check=False)
    if run.returncode:
        raise Trouble(f"collecting failed: {run.stdout[-300:]} {run.stderr[-500:]}")
    runs = json.loads(run.stdout.splitlines()[-1])
    ours, theirs = (statistics.median(column) for column in zip(*runs))
    return [row(f"{PRINTERS:,} printers collected, kept on disk, acknowledged", "fusioninventory", "printers/s", ours,
                theirs, ours / theirs, 20, rate=True)]


if __name__ == "__main__":
    try:
        inside(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
    except Trouble as error:
        sys.exit(str(error))
