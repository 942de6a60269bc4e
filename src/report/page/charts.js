/* charts.js: elements, numbers, tables and drawings. Names come from data and go into text nodes alone, never into HTML. */
"use strict";

/* An element with attributes; children are nodes or texts. */
function el(tag, attributes, ...children) {
	const node = document.createElement(tag);
	for (const [key, value] of Object.entries(attributes || {}))
		if (value !== undefined && value !== null && value !== false)
			node.setAttribute(key, value === true ? "" : value);
	node.append(...children.filter(child => child !== null && child !== undefined));
	return node;
}

function svg(tag, attributes, ...children) {
	const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [key, value] of Object.entries(attributes || {}))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

function number(value, digits) {
	if (value === null || value === undefined || !isFinite(value))
		return "–";
	const [whole, part] = Math.abs(value).toFixed(digits).split(".");
	const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
	return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text;
}

/* The unit of all areas that are told; data has hectares. */
const areaUnits = { hectares: { word: "ha", name: "hectares", per: 1 }, acres: { word: "acres", name: "acres", per: 1e4 / 4046.8564224 },
	square_miles: { word: "sq mi", name: "square miles", per: 1e4 / 2589988.110336 } };
let areaUnit = areaUnits.hectares;

/* Hectares in that unit, with three figures or so. */
function ha(hectares) {
	const value = hectares * areaUnit.per, size = Math.abs(value);
	return number(value, size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

function signed(value) {
	return (value > 0 ? "+" : "") + ha(value);
}

function percent(share, digits) {
	return number(share * 100, digits === undefined ? 1 : digits) + " %";
}

function swatch(colour) {
	return el("span", { class: "swatch", style: "background:" + colour, "aria-hidden": "true" });
}

/* 'columns' are {name, text: left-aligned, sort: row => value, cell: row => a text or a node}. */
function table(caption, columns, rows, attributes) {
	const head = el("tr"), body = el("tbody");
	const result = el("table", attributes, el("caption", null, caption), el("thead", null, head), body);
	const fill = list => body.replaceChildren(...list.map(row => el("tr", null, ...columns.map((column, i) => {
		const content = column.cell(row);
		return el(i === 0 ? "th" : "td", { class: column.text ? "text" : null, scope: i === 0 ? "row" : null,
			style: column.style ? column.style(row) : null }, content);
	}))));
	for (const column of columns) {
		const cell = el("th", { scope: "col", class: column.text ? "text" : null });
		if (column.sort) {
			const button = el("button", { type: "button" }, column.name);
			button.addEventListener("click", () => {
				const down = cell.getAttribute("aria-sort") === (column.text ? "ascending" : "descending");
				const up = column.text ? !down : down;
				for (const other of head.children)
					other.removeAttribute("aria-sort");
				cell.setAttribute("aria-sort", up ? "ascending" : "descending");
				fill([...rows].sort((a, b) => {
					const x = column.sort(a), y = column.sort(b);
					const order = typeof x === "string" ? x.localeCompare(y) : x - y;
					return up ? order : -order;
				}));
			});
			cell.append(button);
		} else {
			cell.append(column.name);
		}
		head.append(cell);
	}
	fill(rows);
	return result;
}

/* Marks that tell lines apart without their colour. */
const MARKS = [
	(x, y) => svg("circle", { cx: x, cy: y, r: 4.5 }),
	(x, y) => svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8 }),
	(x, y) => svg("path", { d: `M${x} ${y - 5.5}l5.5 9.5h-11z` }),
	(x, y) => svg("path", { d: `M${x} ${y - 6}l6 6l-6 6l-6-6z` }),
	(x, y) => svg("path", { d: `M${x} ${y + 5.5}l5.5-9.5h-11z` }),
];

/* Labels that would lie on each other are moved apart, downwards and then up again from the end. */
function spread(places, least, low, high) {
	const order = places.map((y, i) => i).sort((a, b) => places[a] - places[b]);
	const out = [...places];
	order.forEach((i, k) => { out[i] = Math.max(out[i], k ? out[order[k - 1]] + least : low); });
	for (let k = order.length - 1, limit = high; k >= 0; k--, limit -= least)
		out[order[k]] = Math.min(out[order[k]], limit);
	return out;
}

/* A round step for about 'count' lines up to 'most'. */
function roundStep(most, count) {
	const rough = most / count, power = 10 ** Math.floor(Math.log10(rough));
	return power * [1, 2, 5, 10].find(f => f * power >= rough);
}

/* Lines through time: 'series' are {name, colour, values}; places of the dates are by their years where all tell one. */
function timeChart(labels, years, series, unit) {
	const width = 860, height = 380, left = 70, right = 200, top = 36, bottom = 36;
	const ranges = s => s.ranges || [];
	const most = Math.max(1e-9, ...series.flatMap(s => [...s.values, ...ranges(s).filter(Boolean).map(r => r[2])]));
	const step = roundStep(most, 5), ceiling = Math.ceil(most / step) * step;
	const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	const first = Math.min(...years), last = Math.max(...years);
	const x = i => left + (width - left - right) * (last > first ? (years[i] - first) / (last - first) : .5);
	const y = v => height - bottom - (height - top - bottom) * v / ceiling;
	const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img",
		"aria-label": `${unit} of every class at ${labels.join(", ")}; the table below has the figures` });
	for (let v = 0; v <= ceiling * 1.0001; v += step)
		chart.append(svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: "#d5dae1" }),
			svg("text", { x: left - 8, y: y(v) + 4, "text-anchor": "end" }, number(v, digits)));
	chart.append(svg("text", { x: 4, y: 14 }, unit));
	labels.forEach((label, i) => chart.append(svg("text", { x: x(i), y: height - 12, "text-anchor": "middle" }, label)));
	const ends = spread(series.map(s => y(s.values[s.values.length - 1])), 16, top, height - bottom);
	series.forEach((s, k) => {
		const points = s.values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
		const group = svg("g", { stroke: s.colour, fill: s.colour });
		group.append(svg("polyline", { points, fill: "none", stroke: "#333", "stroke-width": 4 }),
			svg("polyline", { points, fill: "none", "stroke-width": 2.5 }));
		s.values.forEach((v, i) => {
			const mark = MARKS[k % MARKS.length](x(i), y(v));
			mark.setAttribute("stroke", "#333");
			group.append(mark);
		});
		/* Beside the point, each class a little further: whiskers of several would lie on each other. */
		ranges(s).forEach((r, i) => {
			if (!r)
				return;
			const side = last > first && years[i] === last ? -1 : 1, at = x(i) + side * (10 + 7 * k), cap = v => `M${at - 3} ${y(v).toFixed(1)}h6`;
			const path = `M${at} ${y(r[0]).toFixed(1)}V${y(r[2]).toFixed(1)}${cap(r[0])}${cap(r[2])}`;
			group.append(svg("path", { class: "range", d: path, fill: "none", stroke: "#333", "stroke-width": 3 }), svg("path", { d: path, fill: "none", "stroke-width": 1.5 }),
				svg("circle", { cx: at, cy: y(r[1]), r: 2.5, stroke: "#333" }));
		});
		const mark = MARKS[k % MARKS.length](width - right + 18, ends[k]);
		mark.setAttribute("stroke", "#333");
		group.append(mark);
		chart.append(group, svg("text", { x: width - right + 30, y: ends[k] + 4 },
			s.name.length > 24 ? s.name.slice(0, 23) + "…" : s.name));
	});
	return chart;
}

/* Loss to the left, gain to the right of the middle; loss is hatched. */
function gainBar(loss, gain, most, colour) {
	const id = "hatch" + colour.slice(1), half = 100;
	const l = most > 0 ? half * loss / most : 0, g = most > 0 ? half * gain / most : 0;
	return svg("svg", { viewBox: "0 0 200 20", preserveAspectRatio: "none", "aria-hidden": "true" },
		svg("defs", null, svg("pattern", { id, width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
			svg("rect", { width: 4, height: 4, fill: "#fff" }), svg("rect", { width: 2, height: 4, fill: colour }))),
		svg("rect", { x: half - l, y: 3, width: l, height: 14, fill: `url(#${id})`, stroke: "#333", "stroke-width": .5 }),
		svg("rect", { x: half, y: 3, width: g, height: 14, fill: colour, stroke: "#333", "stroke-width": .5 }),
		svg("line", { x1: half, x2: half, y1: 0, y2: 20, stroke: "#333" }));
}

/* What changed hands: 'flows' are {from, to, ha} with classes that have a name and a colour. */
function flowChart(flows, from, to, label) {
	const width = 860, gap = 10, bar = 16, left = 170, right = 690;
	const total = flows.reduce((sum, f) => sum + f.ha, 0);
	const height = Math.max(160, 34 * Math.max(from.length, to.length)) + 30;
	const scale = (height - 30 - gap * Math.max(from.length, to.length)) / total;
	const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
	const ends = (classes, key, x, anchor, at) => {
		let y = 20;
		return new Map(classes.map(c => {
			const size = flows.filter(f => f[key] === c).reduce((sum, f) => sum + f.ha, 0) * scale;
			const place = { start: y, next: y };
			chart.append(svg("rect", { x, y, width: bar, height: Math.max(size, 1), fill: c.colour, stroke: "#333" }),
				svg("text", { x: at, y: y + size / 2 + 4, "text-anchor": anchor },
					(c.name.length > 18 ? c.name.slice(0, 17) + "…" : c.name) + " " + ha(size / scale)));
			y += size + gap;
			return [c, place];
		}));
	};
	const starts = ends(from, "from", left, "end", left - 6), stops = ends(to, "to", right, "start", right + bar + 6);
	for (const f of flows) {
		const a = starts.get(f.from), b = stops.get(f.to), size = f.ha * scale, x0 = left + bar, middle = (x0 + right) / 2;
		chart.append(svg("path", { fill: f.to.colour, "fill-opacity": .6, stroke: "#555", "stroke-width": .4,
			d: `M${x0} ${a.next}C${middle} ${a.next} ${middle} ${b.next} ${right} ${b.next}v${size}` +
				`C${middle} ${b.next + size} ${middle} ${a.next + size} ${x0} ${a.next + size}z` },
			svg("title", null, `${f.from.name} to ${f.to.name}: ${ha(f.ha)} ${areaUnit.word}`)));
		a.next += size;
		b.next += size;
	}
	return chart;
}
