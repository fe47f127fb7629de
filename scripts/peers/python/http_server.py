"""Lab 10 by Python's http.server: a thread for each connection, which stays open."""

import functools
import http.server
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def main():
    listen, root = (sys.argv[sys.argv.index(word) + 1] for word in ("--listen", "--root"))
    host, port = listen.rsplit(":", 1)
    handler = functools.partial(Handler, directory=root)
    with http.server.ThreadingHTTPServer((host, int(port)), handler) as server:
        print("listening on {}:{}".format(*server.server_address), flush=True)
        server.serve_forever()


main()
