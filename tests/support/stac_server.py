"""stac_server.py FOLDER PORT_FILE: a STAC API and its assets over HTTP on the loopback, of the catalogue that make_stac.py wrote.

/get/      the search by GET, one item a page, and each first answer 503; /post/ by POST alone, its pages by "merge";
/closed/   403 to everybody
/query/, /bearer/   search and assets for those who show the number in FOLDER/current, as ?sig=N or a bearer token; the number is
           another one after some answers
/ok/FILE   an asset, in ranges; /gone/FILE 404, /shut/FILE 403, /dead/FILE 503
"""
import http.server
import json
import os
import re
import sys
import threading
import urllib.parse

folder, port_file = sys.argv[1:]
lock = threading.Lock()
counts = {}
ANSWERS = 7  # that a token is good for


def shows_token(way, query, headers):
    with lock:
        number = counts.get("token", 0) // ANSWERS
        shown = query.split("sig=")[-1] if way == "query" else headers.get("Authorization", "").replace("Bearer ", "")
        good = shown == str(number)
        counts["token"] = counts.get("token", 0) + good
        with open(f"{folder}/current", "w", encoding="utf-8") as f:
            f.write(f"{counts['token'] // ANSWERS}\n")
        return good



def items(way, root):
    for number in range(5):
        with open(f"{folder}/naip/{number}.json", encoding="utf-8") as f:
            item = json.load(f)
        place = "ok" if way in ("get", "post") else way
        name = os.path.basename(item["assets"]["image"]["href"])
        item["assets"]["image"]["href"] = f"{root}/{place}/{name}"
        yield item


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_HEAD(self):
        self.answer(None)

    def do_GET(self):
        self.answer(None)

    def do_POST(self):
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, posted):
        path, _, query = self.path.partition("?")
        way, _, name = path.lstrip("/").partition("/")
        root = f"http://127.0.0.1:{self.server.server_address[1]}"
        with lock:
            counts[self.path] = counts.get(self.path, 0) + 1
            first = counts[self.path] == 1
        if way in ("query", "bearer") and not shows_token(way, query, self.headers):
            return self.send(403 if way == "query" else 401, b"")
        query = re.sub("&?sig=.*", "", query)
        if name.endswith(".tif"):
            return self.send_file(way, name)
        if way == "closed" or way == "get" and first:
            return self.send(403 if way == "closed" else 503, b"no")
        if name == "":
            method = "POST" if way == "post" else "GET"
            return self.send_json({"type": "Catalog", "id": "api", "description": "test", "stac_version": "1.0.0", "links": [
                {"rel": "search", "href": f"/{way}/search", "method": method}, {"rel": "child", "href": "/nowhere"}]})
        asked = posted if posted is not None else dict(urllib.parse.parse_qsl(query))
        if name != "search" or (way == "post") != (posted is not None):
            return self.send(404, b"no")
        names = asked.get("collections")
        box = asked.get("bbox")
        box = [float(x) for x in box.split(",")] if isinstance(box, str) else box
        if names not in ("naip", ["naip"]) or len(box) != 4 or not -71.51 < box[0] < box[2] < -71.49 or \
                asked.get("datetime") != "2009-01-01T00:00:00Z/2009-12-31T23:59:59Z":
            return self.send(400, b"what?")
        page = int(asked.get("page", 0))
        all_items = list(items(way, root))
        links = []
        if page + 1 < len(all_items) and posted is not None:
            links = [{"rel": "next", "method": "POST", "href": f"/{way}/search", "body": {"page": page + 1}, "merge": True}]
        elif page + 1 < len(all_items):
            links = [{"rel": "next", "href": f"?{re.sub('&page=.*', '', query)}&page={page + 1}"}]
        return self.send_json({"type": "FeatureCollection", "features": [all_items[page]], "links": links})

    def send_file(self, way, name):
        path = os.path.join(folder, name)
        code = {"gone": 404, "shut": 403, "dead": 503}.get(way)
        if code is not None or not os.path.isfile(path):
            return self.send(code or 404, b"")
        size = os.path.getsize(path)
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = (int(asked[1]), min(int(asked[2]), size - 1)) if asked else (0, size - 1)
        with open(path, "rb") as f:
            f.seek(first)
            data = f.read(last - first + 1)
        headers = {"Content-Range": f"bytes {first}-{last}/{size}"} if asked else {}
        return self.send(206 if asked else 200, data, headers)

    def send_json(self, value):
        return self.send(200, json.dumps(value).encode())

    def send(self, code, data, headers=()):
        self.send_response(code)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data)))
        for key, value in dict(headers).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
