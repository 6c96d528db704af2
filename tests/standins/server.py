"""A small web server in a thread of the test, on a free port."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, str]  # status and body


class Server:
    """Serves `answer(method, path, headers, body)` until `stop`; the next calls may be lost on purpose."""

    content_type = "application/json"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.lose: dict[str, int] = {}  # part of "METHOD path" -> how many answers get lost, after the act
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                with outer.lock:
                    outer.calls.append(f"{self.command} {self.path}")
                    status, text = outer.answer(self.command, self.path, dict(self.headers), body)
                    if outer.loses(f"{self.command} {self.path}"):
                        self.close_connection = True
                        self.connection.close()
                        return
                content = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", outer.content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = do_PATCH = _serve  # noqa: N815 - the names are inherited

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def loses(self, call: str) -> bool:
        part = next((part for part, left in self.lose.items() if part in call and left), None)
        if part is None:
            return False
        self.lose[part] -= 1
        return True

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> Answer:
        raise NotImplementedError


Change = Callable[[dict[str, Any]], None]
