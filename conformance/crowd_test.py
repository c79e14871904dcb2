"""Many agents in one process, as a load engineer has them: a fleet with panels, the file that ecsp up
writes, and three instances that cannot work, which must hinder nobody.

usage: crowd_test.py ECSP AGENT [unittest arguments]
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ECSP, AGENT = (os.path.abspath(path) for path in sys.argv[1:3])
COUNT, WITHIN_S = 50, 60
FLEET = f"""format: ecsp-fleet/1
printers:
  - {{ name: one, profile: sc-t-24, address: 10.16.0.1, count: {COUNT - 10}, serial: XT24, panel: true }}
  - {{ name: other, profile: cw-label, address: 10.17.0.1, count: 10, serial: CW65, panel: true }}
  - {{ name: plain, profile: sc-p-12, address: 10.18.0.1 }}
agents:
  - {{ id: es-deaf, secret: not-so-secret, type: es }}
  - {{ id: es-disk, secret: not-so-secret, type: es }}
"""
# No panel; no such login; no folder that can be made.
BROKEN = [{"id": "es-deaf", "secret": "not-so-secret", "panel": "/nowhere.sock"},
          {"id": "es-nobody", "secret": "wrong", "panel": "/nowhere.sock"},
          {"id": "es-disk", "secret": "not-so-secret", "panel": "/nowhere.sock", "state": "/proc/nowhere"}]


def cloud():
    said = subprocess.run([ECSP, "state", "cloud"], capture_output=True, text=True, timeout=30, check=True)
    return json.loads(said.stdout)


def until(true, process):
    """Asks again and again: what is waited for is seen, not slept for."""
    end = time.monotonic() + WITHIN_S
    while not true(state := cloud()):
        if time.monotonic() > end or process.poll() is not None:
            raise AssertionError(f"not so within {WITHIN_S} s: {state}, exit code {process.poll()}")


def journal():
    with open(os.environ["ECSP_JOURNAL"], encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def has_result(_):
    return any(line["kind"] == "command.result" and line["outcome"] == "done" for line in journal())


class Crowd(unittest.TestCase):
    def test_all_that_can_report_and_end_together(self):
        with open(os.environ["ECSP_AGENTS"], encoding="utf-8") as file:
            config = json.load(file)
        config["instances"] += BROKEN
        config["startOverMs"] = 1000
        with open("agents.json", "w", encoding="utf-8") as file:
            json.dump(config, file)
        environment = {name: value for name, value in os.environ.items() if name not in ("ECSP_ID", "ECSP_SECRET")}
        with open("agent.log", "wb") as log:
            process = subprocess.Popen([AGENT, "--config", "agents.json"], env=environment, stderr=log)
        try:
            until(lambda state: state["reporting"] == COUNT and state["connected"] == COUNT + 1, process)
            self.assertEqual(sorted(cloud()["silent"]), ["es-deaf", "es-disk"])
            subprocess.run([ECSP, "do", "cloud", "command", "agent=es-one-7", "serial=XT2400007"], check=True,
                           timeout=30, stdout=subprocess.DEVNULL)
            until(has_result, process)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(5)
        self.assertEqual(code, 0)
        with open("agent.log", encoding="utf-8") as log:
            lines = log.read()
        for line in (" es-one-7 upload: 1 records stored", " es-nobody registration: HTTP 401", " es-disk agent: cannot start"):
            self.assertIn(line, lines)
        self.assertEqual(cloud()["connected"], 0)

    def test_a_file_with_a_mistake_is_refused_with_its_place(self):
        with open("wrong.json", "w", encoding="utf-8") as file:
            json.dump({"api": "https://a", "mqtt": "mqtts://a", "ca": "/dev/null", "secret": "s", "state": "state",
                       "instances": [{"id": "a", "panel": "/p"}, {"id": "b"}]}, file)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ECSP_")}
        said = subprocess.run([AGENT, "--config", "wrong.json"], env=environment, capture_output=True, text=True,
                              timeout=30, check=False)
        self.assertEqual(said.returncode, 2)
        self.assertIn("instances[1]: panel is missing", said.stderr)


def outside():
    with tempfile.TemporaryDirectory(prefix="ecsp-crowd-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        with open(f"{folder}/fleet.yaml", "w", encoding="utf-8") as file:
            file.write(FLEET)
        environment = {**os.environ, "ECSP_CROWD": "inside"}
        said = subprocess.run([ECSP, "up", "fleet.yaml", "--control", f"{folder}/c.sock", "--journal",
                               f"{folder}/journal.jsonl", "--", sys.executable, os.path.abspath(__file__), ECSP, AGENT, *sys.argv[3:]],
                              cwd=folder, env=environment, timeout=WITHIN_S * 4, check=False)
        left = [name for name in os.listdir(folder) if name.endswith((".sock", "-ca.pem"))]
        if os.path.isdir(f"{folder}/c-agents"):
            left += [name for name in os.listdir(f"{folder}/c-agents") if name != "state"]
        if said.returncode and os.path.exists(f"{folder}/agent.log"):
            with open(f"{folder}/agent.log", encoding="utf-8", errors="replace") as log:
                print("".join(log.readlines()[-40:]))
    if left:
        print(f"left behind: {left}")
    return said.returncode or int(bool(left))


if __name__ == "__main__":
    if os.environ.get("ECSP_CROWD") != "inside":
        sys.exit(outside())
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
