"""Lab 03 as course notes write it: recvfrom and sendto in a loop."""

import socket
import sys


def main():
    host, _, port = sys.argv[sys.argv.index("--listen") + 1].rpartition(":")
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((host, int(port)))
    print("listening on %s:%d" % server.getsockname(), flush=True)
    while True:
        datagram, peer = server.recvfrom(65536)
        server.sendto(datagram, peer)


main()
