"""What the environment says to libraries neither redirects an agent nor has it write out its keys; and what
an agent has given up can be seen from outside.

usage: environment_test.py ECSP DC_AGENT ES_AGENT

The agent runs in a world as always, with variables that curl, OpenSSL, paho and net-snmp look for.
A proxy would be seen on the wire as a stranger, a key file as an attempt to write outside its folder.
"""
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile

ECSP, DC, ES = (os.path.abspath(path) for path in sys.argv[1:4])
PROXY = "http://10.16.0.99:3128"
HOSTILE = {
    "https_proxy": PROXY, "HTTPS_PROXY": PROXY, "http_proxy": PROXY, "ALL_PROXY": PROXY,
    "PAHO_C_CLIENT_USE_HTTP_PROXY": "TRUE",
    "SSLKEYLOGFILE": "/etc/keys.log",
    "MQTT_C_CLIENT_TRACE": "ON", "MQTT_C_CLIENT_TRACE_LEVEL": "MAXIMUM",
    "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/etc/nowhere", "CURL_CA_BUNDLE": "/dev/null",
    "OPENSSL_CONF": "/etc/nowhere.cnf", "OPENSSL_MODULES": "/etc/nowhere",
    "SNMPCONFPATH": "/etc/nowhere", "MIBDIRS": "/etc/nowhere", "HOSTALIASES": "/etc/nowhere",
}


def run(kind, agent, *scenarios):
    words = " ".join(f"{name}={value}" for name, value in HOSTILE.items())
    with tempfile.TemporaryDirectory(prefix="ecsp-environment-") as out:
        done = subprocess.run([ECSP, "test", *scenarios, "--out", out, "--agent",
                               f"{kind}=/usr/bin/env {words} {agent}"],
                              capture_output=True, text=True, timeout=120, check=False)
        with open(os.path.join(out, "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        logs = [open(path, encoding="utf-8").read()
                for path in glob.glob(os.path.join(out, "**", "agent.log"), recursive=True)]
    bad = [(scenario["id"], finding["requirement"], finding["reason"])
           for scenario in result["scenarios"] for finding in scenario["findings"]
           if finding["verdict"] not in ("pass", "not applicable")]
    assert done.returncode == 0 and not bad, (done.returncode, bad, done.stderr)
    assert logs and not any("===" in log or "Trace" in log for log in logs), logs


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def look(agent, sandbox):
    """Nobody listens at port 1: it goes on trying, which is all that is needed."""
    with tempfile.TemporaryDirectory(prefix="ecsp-environment-") as folder:
        config = os.path.join(folder, "config.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"api": "https://127.0.0.1:1", "mqtt": "mqtts://127.0.0.1:1", "ca": "/dev/null", "id": "a-1",
                       "state": folder, "targets": ["127.0.0.1"], "community": "a-community",
                       "panel": os.path.join(folder, "panel"), "sandbox": sandbox}, file)
        process = subprocess.Popen([agent, "--config", config], stderr=subprocess.PIPE, text=True,
                                   env={"ECSP_SECRET": "open-sesame"})
        said = []
        while not said or "version" not in said[-1]:
            said.append(process.stderr.readline())
            assert said[-1], said
        status = status_of(process.pid)
        with open(f"/proc/{process.pid}/limits", encoding="utf-8") as file:
            core = next(line.split()[4:6] for line in file if line.startswith("Max core"))
        try:
            with open(f"/proc/{process.pid}/environ", "rb") as file:
                environment = file.read()
        except PermissionError:
            environment = b""
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=30)[1].splitlines()
    assert process.returncode == 0, (process.returncode, said)
    own = int(status_of(os.getpid())["Seccomp_filters"])  # a container has one, too
    assert int(status["Seccomp_filters"]) == own + sandbox, (status, own)
    assert status["NoNewPrivs"] == "1" and core == ["0", "0"], (status, core)
    assert b"sesame" not in environment and not any("sesame" in line for line in said), (environment, said)
    assert sandbox or any("no filter of system calls" in line for line in said), said


for program in (DC, ES):
    look(program, True)
    look(program, False)
run("dc", DC, "dc.items", "dc.command.status", "dc.tls.https-untrusted", "dc.tls.mqtt-untrusted")
run("es", ES, "es.items", "es.command.status", "es.tls.https-untrusted", "es.tls.mqtt-untrusted")
