"""Lab 02 as course notes write it: a thread for each client, and a line is a message."""

import socket
import sys
import threading


def serve(client):
    with client, client.makefile("rb") as lines:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for line in lines:
            if line.strip().lower() == b"close":
                client.sendall(b"closed\n")
                return
            client.sendall(b"accepted\n")


def main():
    host, _, port = sys.argv[sys.argv.index("--listen") + 1].rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=128)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
