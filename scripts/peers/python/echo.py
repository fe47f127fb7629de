"""Lab 01 as course notes write it: a thread for each client, recv and sendall."""

import socket
import sys
import threading


def serve(client):
    with client:
        while received := client.recv(4096):
            client.sendall(received)


def main():
    host, _, port = sys.argv[sys.argv.index("--listen") + 1].rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=128)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
