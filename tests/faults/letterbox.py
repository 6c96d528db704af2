"""A mail server for tests: takes what is sent, or keeps a sender waiting in the middle of handing over."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message


class Letterbox:
    """Takes mail on a port of its own. While `closed`, a sender who has said everything waits for the receipt."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.waiting = threading.Event()
        self._open = threading.Event()
        self._open.set()
        box = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                box.converse(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Let nobody finish from now on."""
        self.waiting.clear()
        self._open.clear()

    def open(self) -> None:
        """Take mail again."""
        self._open.set()

    def stop(self) -> None:
        """End the server."""
        self.open()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def ids(self) -> list[str]:
        """Return the message ids of all letters taken."""
        return [str(letter["Message-ID"]) for letter in self.letters]

    def converse(self, talk: socketserver.StreamRequestHandler) -> None:
        """Speak SMTP as far as Django's sender needs it."""
        talk.wfile.write(b"220 letterbox\r\n")
        while line := talk.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                talk.wfile.write(b"354 go on\r\n")
                self._take(talk)
            elif word == b"QUIT":
                talk.wfile.write(b"221 bye\r\n")
                return
            else:
                talk.wfile.write(b"250 fine\r\n")

    def _take(self, talk: socketserver.StreamRequestHandler) -> None:
        lines = iter(talk.rfile.readline, b".\r\n")
        letter = message_from_bytes(b"".join(line.removeprefix(b".") for line in lines))
        if not self._open.is_set():
            self.waiting.set()
            self._open.wait(60)
            talk.wfile.write(b"451 closed\r\n")
            return
        self.letters.append(letter)
        talk.wfile.write(b"250 taken\r\n")
