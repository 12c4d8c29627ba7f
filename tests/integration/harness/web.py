"""Web servers on hosts of a Network: the web probe's, and whatever may stand in its place."""

import contextlib
import http.server
import socket
import threading

HTTP_PORT = 80


def page(status=200, body="ok\n", **headers):
    """An answer to every request: status, body, and headers, whose names have "_" for "-"."""

    def answer(request):
        octets = body.encode()
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(octets)))
        request.end_headers()
        request.wfile.write(octets)

    return answer


class Web:
    """Python's own HTTP server. answer: a function that is given each request, as http.server has it."""

    def __init__(self, host, answer=None, address=None, port=HTTP_PORT):
        requests = self.requests = []  # (path, Host)
        answer = answer or page()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                requests.append((self.path, self.headers["Host"]))
                answer(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128  # as many as may come at once
            daemon_threads = True

        with host.namespace.entered():
            self._server = Server((address or host.address, port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class Listener:
    """Takes connections and does with each what a script says: for what is no HTTP."""

    def __init__(self, host, script, address=None, port=HTTP_PORT):
        self._script = script
        with host.namespace.entered():
            self._listener = socket.create_server((address or host.address, port))

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            self._script(connection)
