"""Lab 10 by nginx with one worker, in the foreground and without a log of requests.

nginx takes no port 0, so this script finds a free one. Then nginx takes the place of this process,
so that its memory is measured.
"""

import os
import socket
import sys
import tempfile
import time

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000000;
    default_type text/plain;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen {address}; root {root}; }}
}}
"""


def main():
    listen, root = (sys.argv[sys.argv.index(word) + 1] for word in ("--listen", "--root"))
    host, port = listen.rsplit(":", 1)
    with socket.socket() as probe:
        probe.bind((host, int(port)))
        address = "{}:{}".format(*probe.getsockname())
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as file:
        file.write(CONFIGURATION.format(folder=folder, address=address, root=root))
    if os.fork() == 0:
        announce(address)
    # The error log opens before the configuration is read, and its usual place is not ours.
    os.execvp("nginx", ["nginx", "-e", "stderr", "-p", folder, "-c", path])


def announce(address):
    host, port = address.rsplit(":", 1)
    while True:
        try:
            socket.create_connection((host, int(port))).close()
            break
        except ConnectionRefusedError:
            if os.getppid() == 1:
                sys.exit("nginx did not start")
            # Not at once: this process would take the time of a core that nginx needs to start.
            time.sleep(0.01)
    print("listening on", address, flush=True)
    os._exit(0)


main()
