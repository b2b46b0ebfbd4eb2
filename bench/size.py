#!/usr/bin/env python3
"""Start, memory and idle connections of the sandbox. Needs Linux and Python 3. Usage: bench/size.py

Prints, each in one line: the time from the start of the process to its first answer; resident memory with 5,000 children;
start, memory and growth with 100,000 children over 10,000 pages; memory with 10,000 idle connections, and that they are
served again.
"""
import http.client
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "mms-cli"], check=True)

LIST = "/api/v2/organizations/11/managed-organizations"
HEADERS = {"Authorization": "Token many"}


class Sandbox:
    """A sandbox of its own, from its start to its first answer and to its end."""

    def __init__(self, port, *arguments):
        self.port = port
        started = time.perf_counter()
        command = ["target/release/mms", "sandbox", "serve", "--quiet", "--listen", f"127.0.0.1:{port}", "--set", "limiter=off"]
        self.process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL)
        while True:
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", port)
                self.get("/openapi.json")
                break
            except ConnectionRefusedError:
                time.sleep(0.001)
        self.start = time.perf_counter() - started

    def get(self, path):
        self.connection.request("GET", path, headers=HEADERS)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body)
        return body

    def resident(self):
        """Resident memory in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def page(offset):
    return f"{LIST}?pg%5Blimit%5D=100&pg%5Boffset%5D={offset}"


with tempfile.TemporaryDirectory() as work:
    sandbox = Sandbox(8821)
    sandbox.stop()
    starts = []
    for _ in range(10):
        sandbox = Sandbox(8821)
        starts.append(sandbox.start)
        sandbox.stop()
    print(f"first answer: {sorted(starts)[len(starts) // 2] * 1000:.0f} ms after the start (median of 10)")

    sandbox = Sandbox(8822, "--seed", "bench/seed-5000.yaml")
    for offset in range(0, 5000, 100):
        sandbox.get(page(offset))
    print(f"5,000 children: {sandbox.resident():.1f} MiB resident after every page was read")
    sandbox.stop()

    data = os.path.join(work, "many.db")
    sandbox = Sandbox(8823, "--seed", "bench/seed-100000.yaml", "--data", data)
    print(f"100,000 children: {sandbox.start * 1000:.0f} ms to the first answer where they are planted")
    sandbox.stop()
    for name, arguments in [("in a file", ("--data", data)), ("in memory", ("--seed", "bench/seed-100000.yaml"))]:
        sandbox = Sandbox(8824, *arguments)
        # The log of requests is full after 10,000, the kept answers much sooner.
        resident = []
        for pages in (10_000, 10_000):
            for number in range(pages):
                sandbox.get(page(number * 100 % 100_000))
            resident.append(sandbox.resident())
        print(
            f"100,000 children {name}: {sandbox.start * 1000:.0f} ms to the first answer, "
            f"{resident[0]:.1f} MiB after 10,000 pages, {resident[1]:.1f} MiB after 20,000"
        )
        sandbox.stop()

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < 10_100:
        sys.exit(f"the limit of open files is {hard}: 10,000 connections do not fit")
    sandbox = Sandbox(8825, "--seed", "bench/seed-5000.yaml")
    request = f"GET {page(0)} HTTP/1.1\r\nHost: 127.0.0.1:8825\r\nAuthorization: Token many\r\n\r\n".encode()

    def served(connection):
        connection.sendall(request)
        received = b""
        while not received.endswith(b"}}"):
            received += connection.recv(65536)
        assert received.startswith(b"HTTP/1.1 200"), received[:200]

    idle = [socket.create_connection(("127.0.0.1", 8825)) for _ in range(10_000)]
    for connection in idle:
        served(connection)
    resting = sandbox.resident()
    for connection in idle:
        served(connection)
    print(f"10,000 idle connections: {resting:.1f} MiB resident, and all of them served again")
    sandbox.stop()
