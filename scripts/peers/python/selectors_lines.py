"""Lab 09 as course notes write it: selectors, non-blocking sockets, a buffer for each client."""

import selectors
import socket
import sys


def answer(line):
    return line[5:] if line.startswith(b"echo ") else b"ERROR expected echo\n"


def converse(selector, key):
    client, state = key.fileobj, key.data
    try:
        part = client.recv(4096)
    except BlockingIOError:
        return
    except ConnectionError:
        part = b""
    if not part:
        selector.unregister(client)
        client.close()
        return
    *lines, state["rest"] = (state["rest"] + part).split(b"\n")
    # Such notes hope that the kernel takes all of it.
    client.send(b"".join(answer(line + b"\n") for line in lines))


def main():
    host, _, port = sys.argv[sys.argv.index("--listen") + 1].rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=128)
    listener.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                client, _ = listener.accept()
                client.setblocking(False)
                selector.register(client, selectors.EVENT_READ, {"rest": b""})
            else:
                converse(selector, key)


main()
