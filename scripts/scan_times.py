#!/usr/bin/env python3
"""Measures a scan of all ports of 127.0.0.1 by lab 11, by nmap, and by a loop in Python.

    cargo build --release -p solution11
    scripts/scan_times.py target/release/solution11 [ROUNDS]

The programs take turns. For each, the script prints the median of the wall-clock times and of the CPU
times. `unshare -rn scripts/scan_times.py ...` measures in a network in
which no other program listens.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time

LOOP = """
import socket
for port in range(1, 65536):
    with socket.socket() as s:
        if s.connect_ex(("127.0.0.1", port)) == 0:
            print(port)
"""


def commands(program):
    yield "lab 11", [program, "scan", "127.0.0.1", "--ports", "1-65535"]
    yield "lab 11, one at a time", [program, "scan", "127.0.0.1", "--ports", "1-65535", "--parallel", "1"]
    if shutil.which("nmap"):
        yield "nmap -sT", ["nmap", "-sT", "-n", "-p-", "127.0.0.1"]
    yield "Python loop", [sys.executable, "-S", "-c", LOOP]


def measure(command):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    return wall, usage.ru_utime + usage.ru_stime


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    figures = {}
    for _ in range(rounds):
        for name, command in commands(program):
            figures.setdefault(name, []).append(measure(command))
    print(f"{'program':24} {'seconds':>8} {'CPU s':>8}")
    for name, measured in figures.items():
        wall, cpu = (statistics.median(column) for column in zip(*measured))
        print(f"{name:24} {wall:8.2f} {cpu:8.2f}")


main()
