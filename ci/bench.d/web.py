"""HTTPS beside nginx, for ci/bench: wrk asks both in turn, each server alone on its processor.

What is measured is CPU of the server: requests of 2 kB on connections that stay, and new connections with
a full handshake (ECDSA P-256, TLS 1.3, one session ticket given and not used) for one request each. Ours frames and
discards as nginx does; a second server of ours keeps every upload on disk, and is reported without a goal. Both run
without a tap: no journal is written, as nginx writes no access log.
"""
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import time

from stage import LOAD_CPU, Trouble, cpu_seconds, free_port, row

SECONDS, CONNECTIONS = 2, 64
BODY = 2048
TITLES = {"keep-alive": "HTTPS POST of 2 kB, kept connections", "new": "HTTPS, a new connection a request"}
UPLOAD = ('{"agent":{"id":"dc-1","type":"dc","version":"1","collection":"scheduled",'
          '"sent":"2026-11-22T10:15:31.250Z"},"records":[{"record":"%s","acquired":"2026-11-22T10:15:30.123Z",'
          '"serial":"X8G9000415","panel":{%s}}]}')
NGINX = """daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000000;
    client_body_buffer_size 16k;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port} ssl backlog=1024;
        ssl_certificate {folder}/chain.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_conf_command NumTickets 1;
        location / {{ return 200 '{{"upload":"8b0c1d2e3f405162738495a6b7c8d9e0","records":1}}'; }}
    }}
}}
"""


def make_certificate(folder):
    """One that signs itself: ours shows a leaf alone too."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder / "key.pem", "-out", folder / "chain.pem", "-days", "2", "-subj",
                    "/CN=api.ecsp.example", "-addext", "subjectAltName=DNS:api.ecsp.example"],
                   check=True, capture_output=True)


def start_nginx(stage):
    port = free_port()
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if not program or not shutil.which("wrk"):
        raise Trouble("no nginx or no wrk; ci/install bench brings them")
    make_certificate(stage.folder)
    config = stage.folder / "nginx.conf"
    config.write_text(NGINX.format(folder=stage.folder, port=port))
    return stage.start("nginx", [program, "-p", stage.folder, "-e", stage.folder / "nginx.log", "-c", config], port)


def start_ours(stage, *words):
    server = stage.start("https", [stage.programs / "bench-cloud", *words], words[0], says_ready=True)
    server.port = int(server.ready[1])
    return server


def ask(port, request):
    """One request by Python's own TLS; the answer's status."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        with context.wrap_socket(plain, server_hostname="api.ecsp.example") as link:
            link.sendall(request)
            return link.recv(65536).split(b" ")[1]


def wait_for(server, stage):
    end = time.monotonic() + 10
    while True:
        try:
            return ask(server.port, b"GET / HTTP/1.1\r\nHost: api.ecsp.example\r\nConnection: close\r\n\r\n")
        except OSError as error:
            if time.monotonic() > end or server.process.poll() is not None:
                raise Trouble(f"{server.name} gave no answer: {error} {server.said()}") from error


def write_scripts(folder):
    """What wrk asks: in Lua, as it wants it."""
    head = f"wrk.method = 'POST'\nwrk.body = string.rep(' ', {BODY})\nwrk.headers['Host'] = 'api.ecsp.example'\n"
    (folder / "keep-alive.lua").write_text(head)
    (folder / "new.lua").write_text(head + "wrk.body = ''\nwrk.headers['Connection'] = 'close'\n")
    filler = ",".join(f'"setting{i}":"{"x" * 40}"' for i in range(32))
    body = UPLOAD % ("%s", filler)
    (folder / "uploads.lua").write_text(
        "local n = 0\nlocal mark = tostring(os.time()) .. tostring(math.random(1000000000))\n"
        f"local body = [[{body}]]\n"
        "request = function()\n  n = n + 1\n  local name = mark .. '-' .. n\n"
        "  return wrk.format('POST', '/v1/agents/dc-1/records', {\n"
        "    ['Host'] = 'api.ecsp.example', ['Content-Type'] = 'application/json',\n"
        "    ['Authorization'] = 'Basic ZGMtMTpzZWNyZXQ=', ['Idempotency-Key'] = name,\n"
        "  }, string.format(body, name))\nend\n")


def load(stage, server, script):
    """One run of wrk: (CPU seconds for 100,000 requests, requests per second)."""
    before = cpu_seconds(server.pid)
    run = subprocess.run(["taskset", "-c", str(LOAD_CPU), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s",
                          str(stage.folder / script), f"https://127.0.0.1:{server.port}/"],
                         capture_output=True, text=True, timeout=SECONDS + 30)
    after = cpu_seconds(server.pid)
    found = re.search(r"(\d+) requests in ([\d.]+)s", run.stdout)
    # A run that ends cuts the connections that are under way: read and write errors are no refusals.
    if run.returncode or not found or not int(found[1]) or "Non-2xx" in run.stdout:
        raise Trouble(f"{server.name} and wrk: {run.stdout} {run.stderr} {server.said()}")
    count = int(found[1])
    return {"cpu": (after - before) / count * 1e5, "rate": count / float(found[2])}


def middle(runs, key):
    return statistics.median(run[key] for run in runs)


def measure(stage, rounds):
    write_scripts(stage.folder)
    ours, nginx = start_ours(stage, "discard"), start_nginx(stage)
    for server in (ours, nginx):
        wait_for(server, stage)
    rows = []
    for script, title in TITLES.items():
        runs = {"ours": [], "nginx": []}
        for _ in range(rounds):
            runs["ours"].append(load(stage, ours, f"{script}.lua"))
            runs["nginx"].append(load(stage, nginx, f"{script}.lua"))
        for key, unit in (("cpu", "s per 100,000 requests"), ("rate", "requests/s on one core")):
            mine, theirs = middle(runs["ours"], key), middle(runs["nginx"], key)
            ratio = theirs / mine if key == "cpu" else mine / theirs
            rows.append(row(f"{title}: {'server CPU' if key == 'cpu' else key}", "nginx", unit, mine, theirs,
                            ratio, 1, rate=key == "rate"))
    rows.append(measure_uploads(stage, rounds))
    return rows


def measure_uploads(stage, rounds):
    """Uploads that are checked, stored and audited before they are acknowledged."""
    keeper = start_ours(stage, "keep", stage.folder / "store")
    body = b'{"agent":{"id":"dc-1","type":"dc","version":"1"}}'
    status = ask(keeper.port, b"PUT /v1/agents/dc-1 HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                 b"Authorization: Basic ZGMtMTpzZWNyZXQ=\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    if status != b"201":
        raise Trouble(f"the cloud answered a registration with {status}")
    runs = [load(stage, keeper, "uploads.lua") for _ in range(rounds)]
    cpu = middle(runs, "cpu")
    return row("HTTPS uploads of 2 kB, stored: server CPU", "none", "s per 100,000 requests", cpu, cpu, 1, None)
