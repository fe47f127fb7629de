"""Lab 06 as course notes write it: one list of members, and a thread for each that sends to all.

It sends under one lock, without queues. So one member that does not read stops the whole room.
"""

import socket
import sys
import threading

members = {}
lock = threading.Lock()


def serve(client):
    with client, client.makefile("rb") as lines:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(b"Enter your name: ")
        name = lines.readline().strip()
        with lock:
            here = b", ".join(members) or b"nobody else"
            client.sendall(b"Welcome, %s. Here: %s\n" % (name, here))
            send_to_others(client, b"%s joined the chat\n" % name)
            members[name] = client
        for line in lines:
            with lock:
                send_to_others(client, b"%s: %s\n" % (name, line.rstrip(b"\r\n")))
        with lock:
            del members[name]
            send_to_others(client, b"%s left the chat\n" % name)


def send_to_others(sender, line):
    for member in members.values():
        if member is not sender:
            try:
                member.sendall(line)
            except OSError:
                pass  # the thread of that member notices it, too


def main():
    host, _, port = sys.argv[sys.argv.index("--listen") + 1].rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=128)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
