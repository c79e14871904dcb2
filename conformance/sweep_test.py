"""ecsp sweep with few points: the bundled agent survives them, agents with a careless queue do not.

usage: sweep_test.py ECSP BIN_FAULTY
"""
import json
import subprocess
import sys
import tempfile

ECSP, FAULTY = sys.argv[1:3]
FAULTS = ["kill", "cut", "enospc", "eio", "ack"]


def sweep(*options, scenario="dc.crash"):
    with tempfile.TemporaryDirectory(prefix="ecsp-sweep-") as out:
        command = [ECSP, "sweep", scenario, "--json", "--jobs", "3", "--out", out, *options]
        run = subprocess.run(command, capture_output=True, text=True, timeout=280)
    rows = json.loads(run.stdout) if run.stdout.startswith("[") else []
    return run.returncode, rows, run.stderr


def test_good(fault, scenario):
    code, rows, said = sweep("--points", "3", "--fault", fault, scenario=scenario)
    bad = [row for row in rows if row["verdict"] not in ("pass", "not reached")]
    assert code == 0 and not bad, (code, bad, said)
    assert len(rows) == 3 and any(row["verdict"] == "pass" for row in rows), rows


def test_careless(name, fault):
    code, rows, said = sweep("--points", "8", "--fault", fault, "--agent",
                             f"{FAULTY}/ecsp-dc-agent-faulty-{name}")
    lost = [row for row in rows if row["verdict"] == "fail" and "on the agent's disk" in row["reason"]]
    assert code == 1 and lost, (code, rows, said)
    assert all(row["folder"] for row in lost), lost


def test_usage():
    code, _, said = sweep("--fault", "flood")
    assert code == 2 and "kill, cut" in said, (code, said)
    run = subprocess.run([ECSP, "sweep", "dc.outage"], capture_output=True, text=True, timeout=60,
                         cwd=tempfile.mkdtemp(prefix="ecsp-sweep-"))
    assert run.returncode == 2 and "on a line of its own" in run.stderr, run.stderr


test_usage()
test_careless("never-syncs", "cut")
test_careless("truncates-queue", "cut")
for number, each in enumerate(FAULTS):
    test_good(each, ("dc.crash", "es.crash")[number % 2])
