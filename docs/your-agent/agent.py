#!/usr/bin/python3
"""A small DC Agent: reads a few items by SNMP and uploads them. See ../your-agent.md."""
import base64
import datetime
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

MODEL = "1.3.6.1.4.1.1248.1.2.2.1.1.1.2.1"
SERIAL = "1.3.6.1.4.1.1248.1.2.2.1.1.1.5.1"
REGION = "1.3.6.1.4.1.32473.1.1.1.0"
COUNTRY = "1.3.6.1.4.1.32473.1.1.2.0"
SECONDS = "1.3.6.1.4.1.32473.1.1.3.0"
AREA = "1.3.6.1.4.1.32473.1.1.4.0"
VERSION = "1.0"


def now():
    stamp = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")


def snmp_get(printer, community, oids):
    """Values of the OIDs, or None when the printer does not answer."""
    command = ["snmpget", "-v2c", "-c", community, "-Oqv", "-t", "1", "-r", "1", printer, *oids]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        return None
    return [line.strip('"') for line in answer.stdout.splitlines()]


class Server:
    """The ECSP server by HTTPS: TLS 1.2 at least, the given authority and nothing else."""

    def __init__(self, config):
        self.base = config["api"]
        login = f"{config['id']}:{config['secret']}".encode()
        self.login = "Basic " + base64.b64encode(login).decode()
        self.tls = ssl.create_default_context(cafile=config["ca"])
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2

    def send(self, method, path, body, key=None):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), method=method)
        request.add_header("Authorization", self.login)
        request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Idempotency-Key", key)
        with urllib.request.urlopen(request, timeout=5, context=self.tls) as answer:
            return answer.status


def read_record(printer, community):
    acquired = now()
    values = snmp_get(printer, community, [MODEL, SERIAL, REGION, COUNTRY, SECONDS, AREA])
    if values is None:
        return None
    model, serial, region, country, seconds, area = values
    return {
        "record": str(uuid.uuid4()),
        "acquired": acquired,
        "manufacturer": "EPSON",
        "model": model,
        "serial": serial,
        "region": region,
        "country": country,
        "printingSeconds": int(seconds),
        "printedSquareCm": int(area),
    }


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open(os.environ["ECSP_CONFIG"], encoding="utf-8") as file:
        config = json.load(file)
    server = Server(config)
    me = {"id": config["id"], "type": "dc", "version": VERSION}
    registered = False
    while True:
        try:
            if not registered:
                server.send("PUT", f"/v1/agents/{config['id']}", {"agent": me})
                registered = True
            for printer in config["targets"]:
                record = read_record(printer, config["community"])
                if record:
                    upload = {"agent": {**me, "collection": "scheduled", "sent": now()}, "records": [record]}
                    server.send("POST", f"/v1/agents/{config['id']}/records", upload, str(uuid.uuid4()))
        except (urllib.error.URLError, OSError) as error:
            print(f"{now()} {error}", file=sys.stderr)
        time.sleep(config.get("intervalMs", 60000) / 1000)


if __name__ == "__main__":
    main()
