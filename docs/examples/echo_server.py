"""An echo server in Python, for the suite of lab 01 to judge.

    LAB_SUBJECT="python3 -u docs/examples/echo_server.py" cargo test -p lab01 step2

It serves one client after another, and knows only `serve --listen HOST:PORT`.
"""

import argparse
import signal
import socket
import sys


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    serve_command = commands.add_parser("serve")
    serve_command.add_argument("--listen", type=address, default="127.0.0.1:7001")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C
    serve(*parser.parse_args().listen)


def address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def serve(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        sys.exit(f"error: cannot listen on {host}:{port}: {error.strerror.lower()}")
    try:
        print(f"listening on {host}:{listener.getsockname()[1]}", flush=True)
        while True:
            client, peer = listener.accept()
            try:
                echo(client)
            except OSError as error:
                print(f"{peer[0]}:{peer[1]}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped")


def echo(client):
    with client:
        while received := client.recv(4096):
            client.sendall(received)


main()
