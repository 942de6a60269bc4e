"""A report.html in a real browser: it draws without an error or a request, can be worked, and shows the figures of statistics.json.

usage: page_look.py BROWSER FOLDER [NAME...]    NAMEs must be seen as text
"""
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

browser, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
SCRIPT = """<script>
(async () => {
	const result = { errors: [] }, wait = ms => new Promise(done => setTimeout(done, ms));
	for (let i = 0; i < 100 && !document.body.hasAttribute("data-ready"); i++)
		await wait(50);
	const map = document.getElementById("map"), box = map.getBoundingClientRect();
	const mouse = (target, type) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, view: window,
		clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
	const text = id => document.getElementById(id).innerText;
	result.leaflet = Boolean(window.L);
	if (window.L) {
		const swipe = document.getElementById("swipe"), clip = () => document.querySelector(".leaflet-right-pane").style.clip;
		result.before = clip();
		swipe.value = 20;
		swipe.dispatchEvent(new Event("input"));
		result.after = clip();
		mouse(map, "mousemove");
		result.cell = text("cell");
		const place = document.querySelector("path.leaflet-interactive");
		if (place) {
			mouse(place, "mouseover");
			result.tip = document.querySelector(".leaflet-tooltip:not(.leaflet-tooltip-center)").innerText;
		}
	}
	result.figures = document.querySelectorAll("#figures canvas").length;
	result.heads = [...document.querySelectorAll("#areas-table thead th")].map(cell => cell.innerText.trim());
	result.areas = [...document.querySelectorAll("#areas-table tbody tr")].map(row => [...row.children].map(cell => cell.innerText.trim()));
	result.net = [...document.querySelectorAll("#gains tbody tr")].map(row => [row.children[0].innerText.trim(), row.children[3].innerText]);
	result.drawn = [...document.querySelectorAll("figure.chart")].map(f => [f.dataset.file, f.offsetHeight > 0]);
	result.offered = document.querySelectorAll("figure.chart .offer button").length;
	result.sure = [...document.querySelectorAll("#confidence-table table:first-child tbody tr")].map(row => [...row.children].map(cell => cell.innerText.trim()));
	result.text = document.body.innerText;
	result.numbers = [...document.querySelectorAll("#map .number")].map(n => n.textContent);
	result.places = [...document.querySelectorAll("#candidates-table tbody tr")].map(row => row.innerText);
	result.options = [...document.querySelectorAll("option")].map(o => o.textContent);
	result.scripts = document.querySelectorAll("script").length;
	result.requests = performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith("data:"));
	result.wide = document.documentElement.scrollWidth - window.innerWidth;
	result.errors = window.seen;
	const out = document.createElement("script");
	out.type = "text/plain";
	out.id = "result";
	out.textContent = encodeURIComponent(JSON.stringify(result));
	document.body.append(out);
})();
</script></body>"""
FIRST = """<script>window.seen = [];
addEventListener("error", e => seen.push(e.message));
addEventListener("unhandledrejection", e => seen.push(String(e.reason)));
addEventListener("securitypolicyviolation", e => seen.push(e.blockedURI));</script>"""


def number(value):
    """As the page writes hectares."""
    value = value if abs(value) >= .0005 else 0
    size = abs(value)
    digits = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{size:,.{digits}f}"
    return ("−" if value < 0 and re.search("[1-9]", text) else "") + text


text = (folder / "report.html").read_text()
with tempfile.TemporaryDirectory() as home:
    copy = pathlib.Path(home) / "page.html"
    copy.write_text(text.replace("<style>", FIRST + "<style>", 1).replace("</body>", SCRIPT))
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={home}/profile",
         "--window-size=1400,1000", "--virtual-time-budget=20000", "--dump-dom", copy.as_uri()],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=240, check=True)
from urllib.parse import unquote # the browser is done
found = re.search(r'id="result">(.*?)</script>', done.stdout.decode(), re.S)
assert found, "the page's script did not end"
result = json.loads(unquote(html.unescape(found[1])))
data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
figures = json.loads((folder / "statistics.json").read_text())
assert result["errors"] == [], result["errors"]
assert result["requests"] == [], result["requests"]
scripts = len(re.findall(r"<script", text))
assert result["scripts"] == scripts + 2, "a name became a script"
assert result["wide"] <= 0, f"the page is {result['wide']} px too wide"
dates = figures["dates"]
assert result["figures"] >= len(dates), result["figures"]
columns = [result["heads"].index(d["label"]) for d in dates]
shown = {row[0]: [row[i] for i in columns] for row in result["areas"]}
for c in figures["scheme"]["classes"]:
    values = [next(k["area_ha"] for k in d["classes"] if k["value"] == c["value"]) for d in dates]
    if any(values):
        assert shown[" ".join(c["name"].split())] == [number(v) for v in values], (c, values, shown)
pair = next(p for p in figures["pairs"] if p["earlier"] == dates[0]["label"] and p["later"] == dates[-1]["label"])
for c in pair["classes"]:
    if c["area_ha"]["gain"] or c["area_ha"]["loss"]:
        net = c["area_ha"]["net"]
        assert [" ".join(c["name"].split()), ("+" if net >= .0005 else "") + number(net)] in result["net"], (c, result["net"])
assert result["drawn"] == [[f"charts/{name}.svg", True] for name in
                          ("class_areas", "confidence", *(f"{n}_{p['earlier']}_{p['later']}" for n in ("gains", "flows") for p in figures["pairs"]))], result["drawn"]
assert result["offered"] == 2 * len(result["drawn"])
for d, row in zip(dates, result["sure"]):
    parts = [sum(b["area_ha"] for b in d["confidence"] if low <= b["from_percent"] < high) for low, high in ((0, 50), (50, 70), (70, 90), (90, 101))]
    assert row == [d["label"], *(f"{100 * p / sum(parts):.1f} %" for p in parts), f"{d['mean_confidence_percent']:.1f} %"], (row, parts)
if not any("growth" in a for a in figures.get("accuracy", [])):
    moved = sorted((c for c in pair["significance"]["net_change"] if c["expected_ha"]), key=lambda c: -abs(c["expected_ha"]))
    for c in moved[:3]:
        assert number(abs(c["expected_low_ha"])) in result["text"] and number(abs(c["expected_high_ha"])) in result["text"], c
# Each place has its number, where it is, and no certainty.
places = [item for layer in data["layers"] for item in layer["items"]]
assert result["numbers"] == [str(i + 1) for i in range(min(50, len(places)))], result["numbers"]
assert len(result["places"]) == len(result["numbers"]) and all(re.search(r"°.*°", row) and "100 %" not in row for row in result["places"]), result["places"]
if "expected_true_ha" in pair["significance"]:
    assert number(pair["significance"]["expected_true_low_ha"]) in result["text"]
for a in figures.get("accuracy", []):
    rows = [c["adjusted_ha"] for c in a["classes"] + a.get("growth", [])]
    for f in rows:
        if f["value"] is not None and f["low_95"] is not None:
            assert number(f["low_95"]) in result["text"] and number(f["high_95"]) in result["text"], (a, f)
if "reference" in figures:
    assert f'{100 * figures["reference"]["agreement"]:.1f} %' in result["text"]
if result["leaflet"]:
    assert result["before"] != result["after"], "swiping alters nothing"
    assert dates[0]["label"] in result["cell"] and "%" in result["cell"], result["cell"]
    if any(layer["items"] for layer in data["layers"]):
        assert "%" in result["tip"], result["tip"]
for name in names:
    assert " ".join(name.split()) in " ".join(result["text"].split()), f"{name!r} is not to be read on the page"
print("leaflet" if result["leaflet"] else "no leaflet", "| cell:", result.get("cell"), "| tip:", result.get("tip"))
