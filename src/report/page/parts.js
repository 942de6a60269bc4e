/* parts.js: elements, numbers and tables, and figures to be saved. Names come from data and go into text nodes alone, never into HTML. */
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
	const value = Math.abs(hectares * areaUnit.per) < .0005 ? 0 : hectares * areaUnit.per, size = Math.abs(value);
	return number(value, size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

function signed(value) {
	return (value * areaUnit.per >= .0005 ? "+" : "") + ha(value);
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
	const result = el("table", attributes, el("caption", null, el("span", null, caption)), el("thead", null, head), body);
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

/* A round step for about 'count' lines up to 'most'. */
function roundStep(most, count) {
	const rough = most / count, power = 10 ** Math.floor(Math.log10(rough));
	return power * [1, 2, 5, 10].find(f => f * power >= rough);
}

function download(name, source) {
	el("a", { href: source, download: name }).click();
}

/* Under each figure: take it along as it is, or as pixels, three for each of its own. */
function offerFigures() {
	for (const figure of document.querySelectorAll("figure.chart")) {
		const drawing = figure.querySelector("svg"), name = figure.dataset.file.replace(/^.*\//, "").replace(/\.svg$/, "");
		const source = () => "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(drawing));
		const asDrawing = el("button", { type: "button" }, "SVG"), asPicture = el("button", { type: "button" }, "PNG");
		asDrawing.addEventListener("click", () => download(name + ".svg", source()));
		asPicture.addEventListener("click", () => {
			const image = new Image(), box = drawing.viewBox.baseVal;
			image.onload = () => {
				const canvas = el("canvas", { width: 3 * box.width, height: 3 * box.height });
				canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
				download(name + ".png", canvas.toDataURL("image/png"));
			};
			image.src = source();
		});
		figure.append(el("p", { class: "offer" }, "Save this figure: ", asDrawing, " ", asPicture));
	}
}
