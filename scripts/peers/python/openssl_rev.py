"""Lab 05 by OpenSSL: `openssl s_server -rev`, which answers each line with the line reversed.

It serves one client at a time. This script translates the command line, and a child of it translates
the first line. Then OpenSSL takes the place of this process, so that its memory is measured.
"""

import os
import sys


def main():
    listen, certs = (sys.argv[sys.argv.index(word) + 1] for word in ("--listen", "--certs"))
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(writer)
        translate(reader)
    os.dup2(writer, sys.stdout.fileno())
    command = ["openssl", "s_server", "-rev", "-accept", listen]
    command += ["-cert", os.path.join(certs, "server.pem"), "-key", os.path.join(certs, "server.key")]
    os.execvp(command[0], command)


def translate(reader):
    line = b""
    while not line.startswith(b"ACCEPT "):
        line = read_line(reader)
    print("listening on", line.split()[1].decode(), flush=True)
    # OpenSSL prints more lines, and a closed pipe would end it.
    os.dup2(reader, sys.stdin.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.execvp("cat", ["cat"])


def read_line(reader):
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(reader, 1)
        if not byte:
            sys.exit(1)
        line += byte
    return line


main()
