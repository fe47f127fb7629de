"""An echo server in Python, for the suite of lab 01 to judge:

    LAB_SUBJECT="python3 -u docs/examples/echo_server.py" cargo test -p lab01 step2

It knows only `serve --listen HOST:PORT`, so the steps `client` and `variations` fail. Of step
`serve` one test fails, and rightly: Ctrl-C raises KeyboardInterrupt wherever Python stands,
and cuts off the client that is being served.
"""

import argparse
import os
import socket
import sys


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    commands.add_parser("serve").add_argument("--listen", type=address, default="127.0.0.1:7001")
    host, port = parser.parse_args().listen
    try:
        listener = listen(host, port)
    except OSError as error:
        sys.exit(f"error: cannot listen on {shown(host, port)}: {os.strerror(error.errno).lower()}")
    print(f"listening on {shown(*listener.getsockname()[:2])}", flush=True)
    try:
        serve(listener)
    except KeyboardInterrupt:
        print("stopped")


def address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def shown(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=256)


def serve(listener):
    while True:
        client, peer = listener.accept()
        try:
            echo(client)
        except OSError as error:
            print(f"{shown(*peer[:2])}: {os.strerror(error.errno).lower()}", file=sys.stderr)


def echo(client):
    with client:
        while received := client.recv(4096):
            client.sendall(received)


if __name__ == "__main__":
    main()
