"""flaky_server.py FOLDER PORT_FILE: serves ranges of files over HTTP on the loopback, and fails as its paths ask.

/ok/FILE            as it should be
/busy/FILE          every answer but each third one is 503
/cut/FILE           the body of each fifth answer ends too early
/slow/FILE          each fifth answer never comes
/late/FILE          the first answers to HEAD and to GET never come; and /mute/FILE: none ever does
/dead/FILE          whatever lies beyond the first 16 KiB: 503; and /torn/FILE: ends too early
"""
import http.server
import os
import re
import sys
import threading
import time

folder, port_file = sys.argv[1:]
lock = threading.Lock()
counts = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, body):
        way, _, name = self.path.lstrip("/").partition("/")
        path = os.path.join(folder, name)
        if "/" in name or not os.path.isfile(path):
            return self.send(404, b"", {}, body)
        size = os.path.getsize(path)
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = (int(asked[1]), min(int(asked[2]), size - 1)) if asked else (0, size - 1)
        with lock:
            number = counts[way] = counts.get(way, 0) + 1
            if os.environ.get("TELL"):
                print(number, self.command, self.path, self.headers.get("Range"), time.time(), file=sys.stderr, flush=True)
        if way == "busy" and number % 3 != 0 or way == "dead" and body and last >= 16384:
            return self.send(503, b"busy", {}, body)
        if way == "slow" and number % 5 == 4 or way == "late" and number in (1, 3) or way == "mute":
            time.sleep(8)
            self.close_connection = True
            return None
        with open(path, "rb") as f:
            f.seek(first)
            data = f.read(last - first + 1)
        cut = way == "cut" and number % 5 == 4 or way == "torn" and last >= 16384
        headers = {"Content-Range": f"bytes {first}-{last}/{size}"} if asked else {}
        return self.send(206 if asked else 200, data, headers, body, len(data) // 2 if cut and body else None)

    def send(self, code, data, headers, body, upto=None):
        self.send_response(code)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data)))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(data[:upto])
        if upto is not None:
            self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
