#!/usr/bin/env python3
"""HTTP/1.1 as bytes, for web_test.c: raw_client.py PORT CA-FILE. Prints what differs; exit code 1 if anything does."""
import socket
import ssl
import sys

PORT, CA = int(sys.argv[1]), sys.argv[2]
HOST = "Host: api.ecsp.example\r\n"
GET = "GET /v1/certificate HTTP/1.1\r\n" + HOST


def connect():
    context = ssl.create_default_context(cafile=CA)
    plain = socket.create_connection(("127.0.0.1", PORT), timeout=5)
    return context.wrap_socket(plain, server_hostname="api.ecsp.example")


def say(*pieces, until=None):
    """Sends pieces one by one, each as a record of its own; returns all that is answered until the text
    `until` came, or the end."""
    with connect() as link:
        for piece in pieces:
            link.sendall(piece.encode("latin-1"))
        got = b""
        while not until or until.encode() not in got:
            try:
                data = link.recv(65536)
            except (ConnectionResetError, ssl.SSLEOFError):
                break
            if not data:
                break
            got += data
        return got.decode("latin-1")


def statuses(text):
    return [part.split(" ", 1)[0] for part in text.split("HTTP/1.1 ")[1:]]


def upload(*headers, body=""):
    return ("POST /v1/agents/dc-0001/records HTTP/1.1\r\n" + HOST + "Connection: close\r\n"
            + "".join(f"{header}\r\n" for header in headers) + "\r\n" + body)


CLOSE = "Connection: close\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"
LOGIN = "Authorization: Basic ZGMtMDAwMTpzZWNyZXQ="  # dc-0001:secret
JSON = "Content-Type: application/json"
REGISTRATION = '{"agent":{"id":"dc-0001","type":"dc","version":"1"}}'


def put(*headers, body=REGISTRATION):
    return ("PUT /v1/agents/dc-0001 HTTP/1.1\r\n" + HOST + LOGIN + "\r\n" + JSON + "\r\nConnection: close\r\n"
            + "".join(f"{header}\r\n" for header in headers) + "\r\n" + body)


LENGTH = f"Content-Length: {len(REGISTRATION)}"
HALF = len(REGISTRATION) // 2
CHUNKS = f"{HALF:x};a=b\r\n{REGISTRATION[:HALF]}\r\n{len(REGISTRATION) - HALF:X}\r\n{REGISTRATION[HALF:]}\r\n0\r\n"

# name, pieces, statuses expected, texts that must be there
ROWS = [
    ("keep-alive, then close", [GET + "\r\n", GET + CLOSE], ["200", "200"], []),
    ("pipelined in one record", [(GET + "\r\n") * 3 + GET + CLOSE], ["200"] * 4, []),
    ("byte for byte", list(GET + CLOSE), ["200"], []),
    ("HTTP/1.0 ends by itself", ["GET /v1/certificate HTTP/1.0\r\n\r\n"], ["200"], ["Connection: close"]),
    ("headers of every answer", [GET + CLOSE], ["200"],
     ["Strict-Transport-Security: max-age=", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
      "Date: ", " GMT\r\n"]),
    ("absolute form", ["GET https://api.ecsp.example/v1/certificate HTTP/1.1\r\n" + HOST + CLOSE], ["200"], []),
    ("a query is no other resource", [GET.replace("certificate", "certificate?x=1") + CLOSE], ["200"], []),
    ("HEAD has a length and no body", [GET.replace("GET", "HEAD") + CLOSE], ["200"], ["Content-Length: 1"]),
    ("what is allowed", [GET.replace("GET", "DELETE") + CLOSE], ["405"], ["Allow: GET, HEAD\r\n"]),
    ("chunks", [put(CHUNKED, body=CHUNKS + "\r\n")], ["201"], []),
    ("chunks one by one", list(put(CHUNKED, body=CHUNKS + "\r\n")), ["200"], []),
    ("a trailer is no header", [upload(CHUNKED, JSON, body="0\r\n" + LOGIN + "\r\n\r\n")], ["401"], []),
    ("100 when it is waited for", [put(LENGTH, "Expect: 100-continue", body=""), REGISTRATION], ["100", "200"], []),
    ("no 100 for a refusal", [upload("Content-Length: 2000000", "Expect: 100-continue")], ["413"], []),
    ("another expectation", [put(LENGTH, "Expect: the-unexpected")], ["417"], []),
    ("no length", [upload(LOGIN, JSON, "Idempotency-Key: k")], ["411"], []),
    ("a long path", ["GET /" + "a" * 3000 + " HTTP/1.1\r\n" + HOST + CLOSE], ["414"], []),
    ("a long header", [GET + "X-A: " + "a" * 20000 + "\r\n" + CLOSE], ["431"], []),
    ("many headers", [GET + "X-A: 1\r\n" * 100 + CLOSE], ["431"], []),
    ("many trailers", [put(CHUNKED, body=CHUNKS + "X-A: 1\r\n" * 100 + "\r\n")], ["431"], []),
    ("no host", ["GET / HTTP/1.1\r\n" + CLOSE], ["400"], []),
    ("two hosts", [GET + HOST + CLOSE], ["400"], []),
    ("two lengths", [put(LENGTH, "Content-Length: 7")], ["400"], []),
    ("a length and chunks", [put(LENGTH, CHUNKED, body="0\r\n\r\n")], ["400"], []),
    ("an unknown coding", [put("Transfer-Encoding: sorted", body="")], ["400"], []),
    ("a signed length", [put("Content-Length: +52")], ["400"], []),
    ("a chunk that is no number", [put(CHUNKED, body="xyz\r\n")], ["400"], []),
    ("a folded header", [GET + "X-A: 1\r\n 2\r\n" + CLOSE], ["400"], []),
    ("a space before the colon", [GET + "X-A : 1\r\n" + CLOSE], ["400"], []),
    ("a zero in a header", [GET + "X-A: \0\r\n" + CLOSE], ["400"], []),
    ("no HTTP", ["EHLO example\r\n\r\n"], ["400"], []),
    ("HTTP/2 without asking", ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], ["400"], []),
    ("a request that stays half", ["GET /v1/cert"], ["408"], ["Connection: close"]),
]


def main():
    wrong = []
    for name, pieces, expected, texts in ROWS:
        got = say(*pieces)
        found = statuses(got)
        lacking = [text for text in texts if text not in got]
        if found != expected or lacking:
            wrong.append(f"{name}: found {found}, expected {expected}; lacking {lacking}")
    if "BEGIN" in say(GET.replace("GET", "HEAD") + CLOSE):
        wrong.append("HEAD was answered with a body")
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
