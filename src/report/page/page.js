/* page.js: the report from its data: words, tables, charts and the maps, in the page's order. */
const page = JSON.parse(document.getElementById("data").textContent), figures = page.statistics;
areaUnit = areaUnits[figures.county.told_in] || areaUnit;
const byId = id => document.getElementById(id);
const county = figures.county.name || "the county";
const classes = figures.scheme.classes.map(c => ({ ...c,
	colour: ((page.classes || []).find(p => p.value === c.value) || { colour: "#888888" }).colour }));
/* Cells that are sure of no class: on the maps, and in no figure of change. */
const uncertain = figures.scheme.uncertain || { value: -1 };
const classOf = value => classes.find(c => c.value === value) ||
	{ value, name: value === uncertain.value ? uncertain.name : "Class " + value, colour: ((page.classes || []).find(p => p.value === value) || { colour: "#888888" }).colour };
const dates = figures.dates, pairs = figures.pairs;
/* The pair that spans the whole time, else the last one. */
const mainPair = pairs.find(p => p.earlier === dates[0].label && p.later === dates[dates.length - 1].label) || pairs[pairs.length - 1];
const named = value => el("span", null, swatch(classOf(value).colour), classOf(value).name);
const areaOf = (date, value) => (date.classes.find(c => c.value === value) || { area_ha: 0 }).area_ha;
/* The side of a cell from whole cells inside the county, whatever the units of the CRS. */
const cellMetres = Math.sqrt(1e4 * Math.max(0, ...dates.flatMap(d => d.classes.filter(c => c.cells > 0).map(c => c.area_ha / c.cells))));
const hide = (id, when) => { byId(id).hidden = when; return when; };
const caution = (...words) => el("li", { class: "caution" }, ...words);
const strong = text => el("strong", null, text);

function coverage(date) {
	return figures.county.area_ha > 0 ? 1 - date.not_mapped_ha / figures.county.area_ha : NaN;
}

/* What may be expected of the flagged cells, if the model's probabilities hold. */
function flaggedWords(pair) {
	const s = pair.significance;
	if (!s)
		return [pair.no_significance];
	if (s.refused)
		return [`${pair.earlier} and ${pair.later} cannot be told apart from error: even where they agree on the class, their ` +
			`scores are hardly alike (correlation ${number(s.likeness, 2)}, of one place 0.7 or more). Nothing is flagged.`];
	if (s.flagged_cells === 0)
		return [`None of the differences between the maps of ${pair.earlier} and ${pair.later} can be told from error ` +
			`at a false discovery rate of ${percent(s.false_discovery_rate_asked, 0)}.`];
	return ["Of ", strong(ha(pair.difference_ha.total) + " " + areaUnit.word), ` in which the maps of ${pair.earlier} and ${pair.later} differ, `,
		strong(ha(s.flagged_ha) + " " + areaUnit.word), " can be told from error. By the model's own probabilities about ",
		strong(ha(s.expected_true_ha) + " " + areaUnit.word), ` of these really changed (95 % interval ${ha(s.expected_true_low_ha)} to ` +
		`${ha(s.expected_true_high_ha)} ${areaUnit.word}, if errors are as the county's scores let them look; nobody has checked it), and they hold about ` +
		`${percent(Math.floor(100 * s.expected_found_share) / 100, 0)} of all change.`];
}

/* Net change of the three classes that probably changed most, by the model's own probabilities, with their interval. */
function expectedGrowth(pair) {
	const known = ((pair.significance || {}).net_change || []).filter(c => Number.isFinite(c.expected_low_ha) && c.expected_ha !== 0)
		.sort((a, b) => Math.abs(b.expected_ha) - Math.abs(a.expected_ha)).slice(0, 3);
	return known.map(c => {
		const maps = ` By the two maps alone: ${signed(c.maps_ha)} ${areaUnit.word}.`, when = ` between ${pair.earlier} and ${pair.later}`;
		if (c.expected_low_ha <= 0 && c.expected_high_ha >= 0)
			return el("li", null, "Whether ", strong(c.name), ` grew or shrank${when} the model cannot tell: by its own probabilities, not checked, the net ` +
				`change is between ${signed(c.expected_low_ha)} and ${signed(c.expected_high_ha)} ${areaUnit.word} (95 % interval).` + maps);
		const ends = [c.expected_low_ha, c.expected_high_ha].map(Math.abs).sort((a, b) => a - b);
		return el("li", null, strong(c.name), c.expected_ha > 0 ? " grew by " : " shrank by ", strong(ha(Math.abs(c.expected_ha)) + " " + areaUnit.word),
			when + ` (95 % interval ${ha(ends[0])} to ${ha(ends[1])}, by the model's own probabilities, not checked).` + maps);
	});
}

function findings() {
	const list = byId("findings-list"), last = dates[dates.length - 1];
	byId("lede").textContent = `${ha(figures.county.area_ha)} ${areaUnit.word}, mapped from imagery of ${dates.map(d => d.label).join(", ")}` +
		(figures.model.name ? ` by the model ${figures.model.name}` : "") + ".";
	const largest = [...last.classes].sort((a, b) => b.area_ha - a.area_ha).filter(c => c.area_ha > 0).slice(0, 3);
	list.append(el("li", null, `In ${last.label}, as mapped: `, ...largest.flatMap((c, i) => [i ? ", " : "", strong(c.name),
		` ${ha(c.area_ha)} ${areaUnit.word}` + (figures.county.area_ha > 0 ? ` (${percent(c.area_ha / figures.county.area_ha)} of the county)` : "")]), "."));
	list.append(...accuracyFindings());
	if (mainPair) {
		const sampled = assessedChange(mainPair);
		if (sampled)
			list.append(...sampledGrowth(mainPair, sampled));
		list.append(el("li", null, ...flaggedWords(mainPair)));
		const expected = sampled ? [] : expectedGrowth(mainPair);
		list.append(...expected);
		const moved = sampled || expected.length ? [] : [...mainPair.classes].filter(c => c.area_ha.net !== 0)
			.sort((a, b) => Math.abs(b.area_ha.net) - Math.abs(a.area_ha.net)).slice(0, 3);
		for (const c of moved)
			list.append(el("li", null, strong(c.name), `, as mapped, ${c.area_ha.net > 0 ? "grew" : "shrank"} by `,
				strong(ha(Math.abs(c.area_ha.net)) + " " + areaUnit.word), ` between ${mainPair.earlier} and ${mainPair.later}, from ` +
				`${ha(c.area_ha.earlier)} to ${ha(c.area_ha.later)} ${areaUnit.word}: ${ha(c.area_ha.gain)} ${areaUnit.word} gained, ${ha(c.area_ha.loss)} ${areaUnit.word} lost.`));
		list.append(caution("A difference of two maps holds the errors of both. Figures “as mapped” have no interval" + (sampled ? ": those “by a checked sample” have one " +
			"that does not rest on the model. Other intervals on this page are the model's own: " : ": only an assessed " +
			"sample gives one that does not rest on the model (landuse sample, then accuracy: in the job). Intervals on this page are the model's own: ") +
			"they hold if its probabilities do, and take one cell's error to tell nothing of the next."));
	}
	/* Dates that lack as much are told together. */
	const lacking = new Map();
	for (const d of dates.filter(d => coverage(d) < .98)) {
		const words = `${percent(1 - coverage(d))} (${ha(d.not_mapped_ha)} ${areaUnit.word}) is not mapped in `;
		lacking.set(words, [...(lacking.get(words) || []), d.label]);
	}
	for (const [words, labels] of lacking)
		list.append(caution(`Of ${county}, ${words}${labels.join(", ")}.`));
}

function areas() {
	const occurring = classes.filter(c => dates.some(d => areaOf(d, c.value) > 0));
	const rows = [...occurring.map(c => ({ name: named(c.value), ha: dates.map(d => areaOf(d, c.value)), sampled: dates.map(d => sampledArea(d, c.value)) })),
		...(uncertain.name ? [{ name: named(uncertain.value), ha: dates.map(d => d.uncertain_ha || 0) }] : []),
		{ name: "Not mapped", ha: dates.map(d => d.not_mapped_ha) }];
	const total = figures.county.area_ha;
	byId("areas-table").append(table(`Areas of every class as mapped, in ${areaUnit.name}, and their share of the county` + (assessed.some(a => a.date) ? "; by the checked sample, with its 95 % interval" : ""), [
		{ name: "Class", text: true, cell: row => row.name },
		...dates.flatMap((d, i) => [{ name: d.label, cell: row => ha(row.ha[i]) },
			{ name: "share", cell: row => total > 0 ? percent(row.ha[i] / total) : "–" },
			...(assessedMap(d) ? [{ name: d.label + " by the sample", cell: row => row.sampled && row.sampled[i] ? `${ha(row.sampled[i].value)} (${between(row.sampled[i], ha)})` : "–" }] : [])])], rows));
}

function gains(pair) {
	const rows = pair.classes.filter(c => c.area_ha.gain > 0 || c.area_ha.loss > 0);
	byId("gains").replaceChildren(table(`Areas lost and gained, in ${areaUnit.name}, ${pair.earlier} to ${pair.later}, as mapped`, [
		{ name: "Class", text: true, cell: c => named(c.value) },
		{ name: "Lost", cell: c => signed(-c.area_ha.loss) },
		{ name: "Gained", cell: c => signed(c.area_ha.gain) },
		{ name: "Net", cell: c => signed(c.area_ha.net) },
		{ name: "Kept", cell: c => ha(c.area_ha.persistence) }], rows));
}

function matrix(pair) {
	const t = pair.transition, area = t.area_ha;
	const used = t.values.map((v, i) => i).filter(i => t.values[i] > 0 && t.values[i] !== uncertain.value && area.some((row, j) => row[i] > 0 || area[i][j] > 0));
	const most = Math.max(0, ...used.flatMap(i => used.filter(j => j !== i).map(j => area[i][j])));
	byId("matrix").replaceChildren(table(`Areas in ${areaUnit.name}, from (rows, ${pair.earlier}) to (columns, ${pair.later}), as mapped; the darker, the more; framed: unchanged`, [
		{ name: pair.earlier + " \\ " + pair.later, text: true, cell: i => named(t.values[i]) },
		...used.map(j => ({ name: named(t.values[j]), cell: i => area[i][j] > 0 ? ha(area[i][j]) : "–",
			style: i => i !== j && area[i][j] > 0 ? `background:rgba(217,95,2,${(.08 + .52 * area[i][j] / most).toFixed(3)})` : null })),
		{ name: "All of " + pair.earlier, cell: i => ha(used.reduce((sum, j) => sum + area[i][j], 0)) }], used, { class: "heat" }));
	byId("matrix").querySelectorAll("tbody tr").forEach((row, k) => row.children[k + 1].classList.add("kept"));
}

function change() {
	if (hide("change", pairs.length === 0))
		return;
	const select = byId("pair");
	fillSelect(select, pairs.map((p, i) => [String(i), `${p.earlier} and ${p.later}`]), String(pairs.indexOf(mainPair)));
	const draw = () => {
		const pair = pairs[select.value];
		byId("change-words").replaceChildren(...flaggedWords(pair));
		gains(pair);
		matrix(pair);
		for (const figure of document.querySelectorAll("#change figure.chart"))
			figure.hidden = figure.dataset.pair !== select.value;
	};
	select.addEventListener("change", draw);
	draw();
}

/* Nothing is certain, whatever a number rounds to. */
const likely = item => Number(item.probability) >= .995 ? "over 99 %" : Number(item.probability) < .005 ? "below 1 %" : percent(Number(item.probability), 0);
const describe = item => `${item.number}. ${item.from_name} to ${item.to_name}, ${ha(Number(item.area_ha))} ${areaUnit.word}`;
const degrees = (value, plus, minus) => number(Math.abs(value), 5) + "° " + (value < 0 ? minus : plus);
const whereabouts = item => item.lon === undefined ? "–" : `${degrees(item.lat, "N", "S")}, ${degrees(item.lon, "E", "W")}`;
const changedBy = item => `changed with a probability of ${likely(item)}, by the model, not checked`;

/* The middle of an outline's box, in cells of the maps. */
function middleOf(item) {
	const ring = item.rings[0] || [], xs = ring.filter((v, i) => i % 2 === 0), ys = ring.filter((v, i) => i % 2 === 1);
	return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/* Is a point inside the rings? Even and odd. */
function isInside(rings, [x, y]) {
	let inside = false;
	for (const ring of rings)
		for (let i = 0, j = ring.length - 2; i + 1 < ring.length; j = i, i += 2)
			if (ring[i + 1] > y !== ring[j + 1] > y && x < (ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) + ring[i])
				inside = !inside;
	return inside;
}

/*
 * The places of all layers, numbered as page and map show them: those of the pair that the page shows first; of a layer the most
 * probable first, and of those alike the largest.
 */
function listPlaces() {
	const alike = item => Math.round(100 * Number(item.probability));
	const shown = mainPair ? `${mainPair.earlier}_${mainPair.later}` : "", isShown = layer => layer.pair === shown ? 0 : 1;
	const all = [...(page.layers || [])].sort((a, b) => isShown(a) - isShown(b)).flatMap(layer => layer.items.map(item => ({ ...item, layer: layer.name }))
		.sort((a, b) => alike(b) - alike(a) || Number(b.area_ha) - Number(a.area_ha)));
	all.forEach((item, i) => {
		item.number = i + 1;
		item.middle = middleOf(item);
		item.zone = ((page.zones || []).find(zone => isInside(zone.rings, item.middle)) || {}).name;
	});
	return all;
}

function photos(item) {
	return ["before", "after"].filter(key => item[key]).map(key => el("div", null,
		el("img", { src: item[key], alt: `Aerial imagery ${key} (${key === "before" ? item.earlier : item.later}), the place outlined` }),
		key === "before" ? item.earlier : item.later));
}

function candidates(state) {
	const all = state.candidates;
	if (hide("candidates", all.length === 0))
		return;
	byId("candidates-words").textContent = "Flagged cells that touch, joined to places, the most probable first; the numbers are those on the map. They are the model's: " +
		"look at the imagery before acting on one. QGIS keeps what a reviewer finds (in county.qgz or the GeoPackages).";
	byId("gallery").append(...all.filter(item => item.before || item.after).map(item => {
		const figure = el("figure", null, el("div", { class: "pictures" }, ...photos(item)),
			el("figcaption", null, `${describe(item)}; ${changedBy(item)}. ${whereabouts(item)}` + (item.zone ? `, ${item.zone}` : "")));
		if (window.L && state.grid) {
			const button = el("button", { type: "button" }, "Show on the map");
			button.addEventListener("click", () => state.showOnMap(item));
			figure.append(button);
		}
		return figure;
	}));
	const shown = all.slice(0, 50);
	byId("candidates-table").append(table(`The first ${shown.length} of ${all.length} places on this page; all of them are in the GeoPackages`, [
		{ name: "Place", text: true, sort: i => i.number, cell: i => `${i.number}. ${i.layer.replaceAll("_", " ")}, patch ${i.patch}` },
		{ name: "Dates", text: true, sort: i => i.earlier + i.later, cell: i => `${i.earlier}–${i.later}` },
		{ name: "From", text: true, sort: i => i.from_name, cell: i => i.from_name },
		{ name: "To", text: true, sort: i => i.to_name, cell: i => i.to_name },
		{ name: areaUnit.name, sort: i => Number(i.area_ha), cell: i => ha(Number(i.area_ha)) },
		{ name: "Probability, by the model", sort: i => Number(i.probability), cell: likely },
		{ name: "Where", text: true, cell: whereabouts },
		...(all.some(i => i.zone) ? [{ name: "Zone", text: true, sort: i => i.zone || "", cell: i => i.zone || "–" }] : [])], shown));
}

function zones() {
	const of = figures.zones;
	if (hide("zones", !of || of.zones.length === 0))
		return;
	const at = mainPair ? pairs.indexOf(mainPair) : -1, last = dates.length - 1;
	byId("zones-words").textContent = `Areas in ${areaUnit.name} of every class in ${dates[last].label}` +
		(mainPair ? `, and its net change since ${mainPair.earlier} in brackets` : "") + ", as mapped. A click on a heading sorts." +
		/* Less than a millionth is rounding. */
		(of.in_no_zone_ha > 1e-6 * figures.county.area_ha ? ` ${ha(of.in_no_zone_ha)} ${areaUnit.word} of the county lie in no zone.` : "");
	const used = classes.filter(c => of.zones.some(z => z.dates.some(d => areaOf(d, c.value) > 0)));
	const net = (zone, value) => at < 0 ? 0 : zone.pairs[at].classes.find(c => c.value === value).area_ha.net;
	byId("zones-table").append(table("Zones, cut to the county", [
		{ name: "Zone", text: true, sort: z => z.name, cell: z => z.name },
		{ name: `Area, ${areaUnit.word}`, sort: z => z.area_ha, cell: z => ha(z.area_ha) },
		...(at >= 0 ? [{ name: `Differs, ${areaUnit.word}`, sort: z => z.pairs[at].difference_ha.total, cell: z => ha(z.pairs[at].difference_ha.total) }] : []),
		...used.map(c => ({ name: c.name, sort: z => areaOf(z.dates[last], c.value),
			cell: z => at < 0 ? ha(areaOf(z.dates[last], c.value)) : el("span", null, ha(areaOf(z.dates[last], c.value)), el("br"), el("small", null, ` (${signed(net(z, c.value))})`)) }))], of.zones));
}

function methods() {
	const made = page.dates || [], item = text => el("li", null, text);
	byId("inputs").append(table("What each map was made from", [
		{ name: "Date", text: true, cell: d => d.label },
		{ name: "Imagery", text: true, cell: d => d.made.imagery || "–" },
		{ name: "Size", text: true, cell: d => (d.made.size || "–").replace(/^1 files/, "1 file") },
		{ name: "Precision", text: true, cell: d => d.made.precision || "–" },
		{ name: "Mapped", cell: d => percent(coverage(d), 2) },
		...(uncertain.name ? [{ name: `Uncertain, ${areaUnit.word}`, cell: d => ha(d.uncertain_ha || 0) }] : []),
		{ name: `Not mapped, ${areaUnit.word}`, cell: d => ha(d.not_mapped_ha) },
		{ name: "Mean confidence", cell: d => d.mean_confidence_percent === null ? "–" : number(d.mean_confidence_percent, 1) + " %" }],
		dates.map(d => ({ ...d, made: made.find(m => m.label === d.label) || {} }))));
	byId("caveats").append(...[
		"Each cell has one class: what is smaller than a cell, or mixed in it, is not told.",
		"Confidence and probability of change are the model's own words for how sure it is, not measured accuracy.",
		"Areas are geodesic, weighted by the part of each cell inside the county; classes and “not mapped” add up to the county.",
		uncertain.name ? "Uncertain cells are those of which the model gives no class the probability that the job asks for: they are in no class, and not compared." : null,
		page.grid && page.grid.step > 1 ? `Maps on this page show every ${page.grid.step}th cell along a side; the GeoTIFFs beside it have all of them. Figures are of all cells.` : null,
	].filter(Boolean).map(item));
	const g = figures.grid, m = figures.model;
	byId("method").append(...[
		`Grid: ${g.columns} × ${g.rows} cells` + (cellMetres > 0 ? `, about ${number(cellMetres, 1)} m a side on the ground` : "") + `, ${g.crs}` +
			(g.chip_px ? `; a chip of ${g.chip_px} px every ${g.stride_px} px` : "") + ".",
		m.name ? `Model: ${m.name}, SHA-256 ${m.sha256}.` : null,
		figures.scheme.name ? `Class scheme: ${figures.scheme.name}, version ${figures.scheme.version}: ${classes.map(c => c.name).join(", ")}.` : null,
		...made.filter(d => d.normalised).map(d => `${d.label}: radiometrically normalised ${d.normalised}.`),
		...made.filter(d => d.smoothed).map(d => `${d.label}: smoothed after classification, ${d.smoothed}.`),
		...pairs.filter(p => p.significance && p.significance.refused).map(p => `${p.earlier} to ${p.later}: change was not estimated, since these dates cannot be told apart from error.`),
		...pairs.filter(p => p.significance && !p.significance.refused).map(p => `${p.earlier} to ${p.later}: a false discovery rate of ` +
			`${percent(p.significance.false_discovery_rate_asked, 0)} was asked for; ${percent(p.significance.expected_false_share)} of the flagged cells are expected to be false, which a random check can certify (landuse sample --flags).`),
	].filter(Boolean).map(item));
	/* The pictures of a pair are one entry together. */
	const listed = new Map();
	for (const file of page.files) {
		const name = file.replace(/\/pictures\/.*$/, "/pictures/");
		listed.set(name, (listed.get(name) || 0) + 1);
	}
	byId("files").append(...[...listed].map(([name, count]) => item(name.endsWith("/") ? `${name} (${count})` : name)));
	byId("foot").textContent = `Made by landuse ${page.version}` + (figures.software.version !== page.version ? ` from figures of ${figures.software.version}` : "") +
		". All figures are in statistics.json." + (window.L ? " The map is moved by Leaflet " + L.version + " (BSD-2-Clause, © Volodymyr Agafonkin)." : "");
}

/* What the maps are drawn from. */
async function readMaps() {
	const state = { grid: page.grid, boundary: page.boundary || [], zones: page.zones || [], images: {}, candidates: listPlaces(), cellMetres };
	state.dates = await Promise.all((page.dates || []).map(async d => ({ label: d.label, cells: await readPicture(d.picture) })));
	state.pairs = await Promise.all((page.pairs || []).map(async p => ({ ...p, cells: await readPicture(p.picture) })));
	state.main = mainPair && state.pairs.find(p => p.earlier === mainPair.earlier && p.later === mainPair.later);
	const colours = new Map((page.classes || []).map(c => [c.value, rgb(c.colour)]));
	for (const d of state.dates)
		d.colour = i => colours.get(d.cells.data[4 * i]);
	for (const p of state.pairs) {
		p.flagged = i => colours.get(p.cells.data[4 * i + 1]);
		p.probability = i => { const v = p.cells.data[4 * i + 2]; return [122, 1, 119, Math.round(2.4 * v)]; };
	}
	state.difference = (p, i) => {
		const a = p.dates[0].cells.data[4 * i], b = p.dates[1].cells.data[4 * i];
		return a && b && a !== b && a !== uncertain.value && b !== uncertain.value ? colours.get(b) : null;
	};
	state.tellCell = (x, y) => {
		const i = 4 * (y * page.grid.width + x);
		const history = state.dates.filter(d => d.cells).map(d => {
			const value = d.cells.data[i], sure = d.cells.data[i + 1];
			return `${d.label}: ${value ? classOf(value).name + (sure ? ` (${sure} %)` : "") : "not mapped"}`;
		});
		const changed = state.pairs.filter(p => p.cells && p.cells.data[i + 2] > 0).map(p => `${p.earlier}–${p.later} changed: ` +
			`${p.cells.data[i + 2]} %${p.cells.data[i] ? `, flagged ${classOf(p.cells.data[i]).name} to ${classOf(p.cells.data[i + 1]).name}` : ""}`);
		return [...history, ...changed].join(" · ");
	};
	state.candidateTip = item => el("div", null, el("strong", null, describe(item)), ` ${changedBy(item)}`, el("div", null,
		...["before", "after"].filter(key => item[key]).map(key => el("img", { src: item[key], alt: key }))));
	return state;
}

async function maps() {
	const state = await readMaps();
	candidates(state);
	if (hide("maps", !state.grid || !state.dates.some(d => d.cells)))
		return;
	const seen = new Set(state.dates.filter(d => d.cells).flatMap(d => dates.find(x => x.label === d.label).classes.filter(c => c.cells > 0).map(c => c.value)));
	byId("legend").append(...classes.filter(c => seen.has(c.value)).map(c => el("li", null, named(c.value))),
		...(dates.some(d => d.uncertain_cells > 0) ? [el("li", null, named(uncertain.value))] : []));
	stillFigures(state);
	if (window.L)
		movingMap(state);
}

/* How sure the model is of what is mapped: in words, and all figures of the histograms. */
function confidence() {
	const known = dates.filter(d => d.confidence);
	if (hide("confidence", known.length === 0))
		return;
	const amount = bin => bin.area_ha === undefined ? bin.cells : bin.area_ha;
	const share = (d, low, high) => d.confidence.filter(b => b.from_percent >= low && b.to_percent <= high).reduce((sum, b) => sum + amount(b), 0) /
		d.confidence.reduce((sum, b) => sum + amount(b), 0);
	byId("confidence-words").textContent = "The model gives each cell's class a probability. It is its own word, not measured accuracy; where it is low, look before you rely on the map. " +
		"Confidence in the project for QGIS shows where that is.";
	const parts = [[0, 50], [50, 70], [70, 90], [90, 100]];
	byId("confidence-table").append(table("Share of the mapped area by the probability of its class", [
		{ name: "Date", text: true, cell: d => d.label },
		...parts.map(([low, high]) => ({ name: low === 0 ? `below ${high} %` : high === 100 ? `${low} % or more` : `${low} to ${high} %`, cell: d => percent(share(d, low, high)) })),
		{ name: "Mean", cell: d => number(d.mean_confidence_percent, 1) + " %" }], known));
	byId("confidence-table").append(el("details", null, el("summary", null, "Every bin, in " + areaUnit.name), table("Areas by probability", [
		{ name: "Probability", text: true, cell: i => `${known[0].confidence[i].from_percent} to ${known[0].confidence[i].to_percent} %` },
		...known.map(d => ({ name: d.label, cell: i => d.confidence[i].cells > 0 ? ha(amount(d.confidence[i])) : "–" }))], known[0].confidence.map((b, i) => i))));
}

function draw() {
	findings();
	areas();
	confidence();
	accuracy();
	change();
	zones();
	reference();
	methods();
	offerFigures();
	maps().catch(error => byId("maps").append(el("p", { class: "warning" }, "The maps cannot be drawn here: " + error.message)))
		.finally(() => document.body.setAttribute("data-ready", ""));
}
