#!/usr/bin/env python3
"""Measures the DNS server of lab 11 and dnsmasq by dnsperf: 10,000 names, each asked for by turns.

    cargo build --release -p solution11
    scripts/dns_times.py target/release/solution11 [ROUNDS]

Both servers run all the time, and take turns. For each, the script prints the median of the
queries in a second with its range, the CPU time of a query, lost queries, and the most memory.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

NAMES = 10_000
CLIENTS = 16
SECONDS = 3


def free_port():
    """A port below those that the kernel gives to clients."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def start(program, folder):
    """The name, the port and the process of each server."""
    names = [(f"n{number}.a.test", f"10.0.{number // 256}.{number % 256}") for number in range(NAMES)]
    write = lambda name, lines: open(os.path.join(folder, name), "w").write("".join(lines))
    soa = "a.test. 3600 SOA ns.a.test. admin.a.test. 1 3600 600 86400 300\n"
    write("zone", [soa] + [f"{name}. 60 A {address}\n" for name, address in names])
    write("hosts", [f"{address} {name}\n" for name, address in names])
    write("queries", [f"{name} A\n" for name, _ in names])
    zone, hosts, port = os.path.join(folder, "zone"), os.path.join(folder, "hosts"), free_port()
    lab = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", "--zone", zone],
                           stdout=subprocess.PIPE, text=True)
    yield "lab 11", int(lab.stdout.readline().rsplit(":", 1)[1]), lab
    yield "dnsmasq", port, subprocess.Popen(
        ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
         f"--addn-hosts={hosts}", "--local=/a.test/", "--user=", "--pid-file=", "--bind-interfaces",
         "--listen-address=127.0.0.1", f"--port={port}", "--cache-size=10000"])


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mebibytes(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


def measure(port, pid, queries):
    command = ["dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", queries, "-l", str(SECONDS),
               "-c", str(CLIENTS), "-q", str(CLIENTS)]
    before = cpu_seconds(pid)
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = cpu_seconds(pid) - before
    number = lambda pattern: float(re.search(pattern, text)[1])
    completed = number(r"Queries completed:\s+(\d+)")
    return number(r"Queries per second:\s+([\d.]+)"), used / completed * 1e6, number(r"Queries lost:\s+(\d+)")


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        servers = list(start(program, folder))
        try:
            time.sleep(2)
            queries, figures = os.path.join(folder, "queries"), {name: [] for name, *_ in servers}
            for _ in range(rounds):
                for name, port, process in servers:
                    figures[name].append(measure(port, process.pid, queries))
            print(f"{'server':10} {'queries/s':>10} {'range':>20} {'CPU µs':>7} {'lost':>5} {'MiB':>5}")
            for name, _, process in servers:
                rates, cpu, lost = zip(*figures[name])
                span = f"{min(rates):,.0f} to {max(rates):,.0f}"
                print(f"{name:10} {statistics.median(rates):10,.0f} {span:>20} {statistics.median(cpu):7.2f} "
                      f"{sum(lost):5.0f} {peak_mebibytes(process.pid):5.1f}")
        finally:
            for _, _, process in servers:
                process.terminate()
                process.wait()


main()
