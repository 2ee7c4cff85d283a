"""A relay between a client and a server: it sees how the client ends the TCP connection, which no frame
says."""

import socket
import threading


class Relay:
    def __init__(self, address):
        host, port = address.split(":")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        # When the client's side has ended. Which of the two it is depends on what the client had not read.
        self.ended = None
        threading.Thread(target=self._run, args=(host, int(port)), daemon=True).start()

    def _run(self, host, port):
        client, _ = self.listener.accept()
        server = socket.create_connection((host, port))
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._copy, args=(server, client), daemon=True).start()
        self._copy(client, server)
        self.ended = "the end of the connection (FIN or RST)"

    @staticmethod
    def _copy(source, target):
        try:
            while data := source.recv(65_536):
                target.sendall(data)
        except OSError:
            pass
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # The other side has gone as well.
            pass
