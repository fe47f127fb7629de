#!/usr/bin/env python3
"""The time from a save to the verdict on the screen: `cargo lab watch` beside `rustlings watch`.

    scripts/watch_times.py 01
    scripts/watch_times.py 01 --rustlings ~/rustlings [--exercise 00_intro/intro1] [--saves 20]

Each program runs in a terminal of its own. A save adds a comment to a source. The verdict is on the
screen at the last output before QUIET seconds of silence. The saves of the two programs take turns,
so both meet the same machine. No other program should run at the same time. The folder of rustlings
is the one that `rustlings init` makes; its watch mode must show the exercise. (Linux and macOS.)
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import termios
import time
from pathlib import Path

QUIET = 2.0
LONGEST = 120.0


class Watcher:
    """A program in a terminal of 80 columns that judges `source` after each save."""

    def __init__(self, name, command, folder, source):
        self.name, self.source, self.times = name, source, []
        self.kept = source.read_bytes()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.chdir(folder)
            os.execvp(command[0], command)
        self.last_output()

    def last_output(self):
        """Waits for silence after some output. Returns when the last output came."""
        last, end, shown = None, time.monotonic() + LONGEST, b""
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], QUIET)
            if ready:
                try:
                    shown += os.read(self.terminal, 65536)
                except OSError:
                    raise SystemExit(f"{self.name} has ended: {shown.decode()}")
                last = time.monotonic()
            elif last:
                return last
        raise SystemExit(f"{self.name} shows nothing, or does not stop")

    def save(self, number):
        begun = time.monotonic()
        self.source.write_bytes(self.kept + f"// save {number}\n".encode())
        self.times.append((self.last_output() - begun) * 1000)

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        while True:  # so that the last words do not block it
            try:
                if not os.read(self.terminal, 65536):
                    break
            except OSError:
                break
        os.waitpid(self.pid, 0)
        self.source.write_bytes(self.kept)

    def row(self):
        times = sorted(self.times)
        return f"{self.name}: median {statistics.median(times):.0f} ms of {len(times)}, from {times[0]:.0f} to {times[-1]:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("lab")
    parser.add_argument("--rustlings", type=Path, metavar="FOLDER")
    parser.add_argument("--exercise", default="00_intro/intro1")
    parser.add_argument("--saves", type=int, default=20)
    line = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    [source] = root.glob(f"labs/{line.lab}-*/src/main.rs")
    watchers = [Watcher(f"lab {line.lab}", ["cargo", "lab", "watch", line.lab], root, source)]
    if line.rustlings:
        exercise = line.rustlings / "exercises" / f"{line.exercise}.rs"
        watchers.append(Watcher("rustlings", ["rustlings"], line.rustlings, exercise))
    try:
        for number in range(line.saves + 1):
            for watcher in watchers:
                watcher.save(number)
    finally:
        for watcher in watchers:
            watcher.end()
    for watcher in watchers:
        del watcher.times[0]  # it finds cold caches
        print(watcher.row())


if __name__ == "__main__":
    main()
