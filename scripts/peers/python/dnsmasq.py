"""Lab 11 by dnsmasq(8): the addresses of a zone file, each as a host record."""

import os
import socket
import sys


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


def free_port(host):
    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()[1]


def main():
    host, _, port = option("--listen").rpartition(":")
    port = int(port) or free_port(host)
    command = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
               "--user=", "--pid-file=", "--bind-interfaces", "--listen-address=" + host,
               "--port=%d" % port, "--local-ttl=60"]
    with open(option("--zone")) as zone:
        for line in zone:
            name, ttl, kind, value = line.split(maxsplit=3)
            if kind == "A":
                command.append("--host-record=%s,%s,%s" % (name.rstrip("."), value.strip(), ttl))
    print("listening on %s:%d" % (host, port), flush=True)
    os.execvp(command[0], command)


main()
