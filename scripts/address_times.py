#!/usr/bin/env python3
"""Measures the filters of lab 08 beside Python's ipaddress, and `connect` beside curl.

    cargo build --release -p solution08
    scripts/address_times.py target/release/solution08 [ROUNDS]

Programs that are compared take turns, and the script prints medians. A peak is the last VmHWM of
/proc/PID/status, which the script reads every 10 ms. `connect` and curl get a name with two addresses,
of which the first never answers, and for comparison a name without this address. They run in a mount
namespace with a hosts file for both names.
"""

import os
import random
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

SHOW = """
import ipaddress, sys
KINDS = ["unspecified", "loopback", "link_local", "multicast", "reserved", "private"]
for line in sys.stdin:
    ip = ipaddress.ip_address(line.rstrip())
    bits = ".".join(f"{octet:08b}" for octet in ip.packed) if ip.version == 4 else ip.exploded
    kind = next((kind for kind in KINDS if getattr(ip, "is_" + kind)), "public")
    print(ip, f"ipv{ip.version}", bits, kind, flush=True)
"""

ENTER = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'


def run(command, stdin=None):
    """The seconds, the CPU seconds and the peak memory in KiB of `command`."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while True:
        pid, _, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, peak
        with open(f"/proc/{process.pid}/status") as status:
            peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
        time.sleep(0.01 if time.monotonic() - begun > 1 else 0.001)


def filtered(command, path):
    with open(path) as questions:
        return run(command, questions)


def address(versions):
    if random.choice(versions) == 4:
        return socket.inet_ntop(socket.AF_INET, random.randbytes(4))
    return socket.inet_ntop(socket.AF_INET6, random.randbytes(16))


def packet():
    fields = struct.pack("!BBHHHBBH", 0x45, 0, 28, random.randrange(65536), 0, 64, 17, 0) + random.randbytes(8)
    total = sum(struct.unpack("!10H", fields))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return (fields[:10] + struct.pack("!H", total ^ 0xFFFF) + fields[12:] + bytes(8)).hex()


def write_lines(folder, name, lines):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.writelines(line + "\n" for line in lines)
    return path


def compare_show(program, folder, rounds, count=100_000):
    for versions in ([4], [6], [4, 6]):
        path = write_lines(folder, "addresses", (address(versions) for _ in range(count)))
        pairs = [(filtered([program, "show"], path), filtered([sys.executable, "-c", SHOW], path)) for _ in range(rounds)]
        ours, theirs = (statistics.median(cpu for _, cpu, _ in column) for column in zip(*pairs))
        ratio = statistics.median(theirs[0] / ours[0] for ours, theirs in pairs)
        print(f"show, IPv{versions}: {count / ours:,.0f} lines for each second of CPU, ipaddress {count / theirs:,.0f}")
        print(f"    {theirs / ours:.1f} times as many, and {ratio:.1f} times in a second of the clock")


def measure_memory(program, folder, count=1_000_000):
    addresses = [address([4, 6]) for _ in range(1000)]
    prefixes = [f"{ip}/{random.randrange(33)}" for ip in addresses]
    packets = [packet() for _ in range(1000)]
    filters = [("show", addresses), ("net", prefixes), ("in 10.0.0.0/8", addresses)]
    filters += [("header parse", packets), ("header forward", packets)]
    for words, questions in filters:
        path = write_lines(folder, "questions", (questions[number % 1000] for number in range(count)))
        _, cpu, peak = filtered([program, *words.split()], path)
        print(f"{words}: peak {peak:,} KiB for {count:,} lines, {cpu:.1f} s of CPU")


def measure_split(program, rounds):
    figures = [run([program, "split", "10.0.0.0/8", "24"]) for _ in range(rounds * 5)]
    wall, cpu, _ = (statistics.median(column) for column in zip(*figures))
    print(f"split 10.0.0.0/8 24: {wall * 1000:.0f} ms, {cpu * 1000:.0f} ms of CPU")


def serve(listener):
    while True:
        client, _ = listener.accept()
        client.recv(4096)
        client.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        client.close()


def silent_and_live():
    """A port that never answers at ::1 and answers at 127.0.0.1, and the sockets that keep it so."""
    hole = socket.socket(socket.AF_INET6)
    hole.bind(("::1", 0))
    hole.listen(0)
    port = hole.getsockname()[1]
    live = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=serve, args=[live], daemon=True).start()
    waiting = [socket.socket(socket.AF_INET6) for _ in range(2)]
    for client in waiting:
        client.setblocking(False)
        client.connect_ex(("::1", port))
    return port, [hole, live, waiting]


def compare_connect(program, folder, rounds):
    hosts = write_lines(folder, "hosts", ["::1 two.test", "127.0.0.1 two.test one.test"])
    port, _sockets = silent_and_live()
    enter = ["unshare", "-rm", "sh", "-c", ENTER, "sh", hosts]
    connect = [program, "connect", "--delay", "0.25"]
    curl = ["curl", "-s", "--noproxy", "*", "--happy-eyeballs-timeout-ms", "250"]
    columns = [[], [], [], []]
    for _ in range(rounds * 5):
        for index, name in enumerate(["one.test", "two.test"]):
            columns[index].append(run(enter + connect + [f"{name}:{port}", "GET / HTTP/1.0", ""])[0])
            columns[2 + index].append(run(enter + curl + [f"http://{name}:{port}/"])[0])
    medians = [statistics.median(column) * 1000 for column in columns]
    for client, one, two in zip(["connect", "curl"], medians[::2], medians[1::2]):
        print(f"{client} with a delay of 250 ms: {two:.0f} ms, {two - one:.0f} ms more than without a silent address")


def main():
    program, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    random.seed(8)
    with tempfile.TemporaryDirectory() as folder:
        compare_show(program, folder, rounds)
        measure_split(program, rounds)
        measure_memory(program, folder)
        if shutil.which("curl"):
            compare_connect(program, folder, rounds)


main()
