/* map.js: the maps: pictures taken apart into cells, coloured, compared by swiping or fading; and as still figures. */

/* The cells of a picture: three values each; null where there is none. */
function readPicture(source) {
	return new Promise((resolve, reject) => {
		if (!source)
			return resolve(null);
		const image = new Image();
		image.onload = () => {
			const canvas = el("canvas", { width: image.width, height: image.height });
			const context = canvas.getContext("2d");
			context.drawImage(image, 0, 0);
			resolve({ width: image.width, height: image.height,
				data: context.getImageData(0, 0, image.width, image.height).data });
		};
		image.onerror = () => reject(new Error("a picture of this page cannot be read"));
		image.src = source;
	});
}

/* A canvas in which 'colour' (cell => [r, g, b, a] or null) says what each cell looks like. */
function paint(cells, colour) {
	const canvas = el("canvas", { width: cells.width, height: cells.height });
	const context = canvas.getContext("2d"), image = context.createImageData(cells.width, cells.height);
	for (let i = 0; i < cells.width * cells.height; i++) {
		const rgba = colour(i);
		if (rgba)
			image.data.set(rgba, 4 * i);
	}
	context.putImageData(image, 0, 0);
	return canvas;
}

function rgb(hex, alpha) {
	return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).concat(alpha === undefined ? 255 : alpha);
}

/* Draw outlines into a still figure. */
function strokeRings(canvas, shapes, colour) {
	const scale = Math.max(1, Math.round(600 / canvas.width)), big = el("canvas", { width: canvas.width * scale, height: canvas.height * scale });
	const context = big.getContext("2d");
	context.imageSmoothingEnabled = false;
	context.drawImage(canvas, 0, 0, big.width, big.height);
	context.strokeStyle = colour;
	context.lineWidth = 1.5;
	for (const ring of shapes.flatMap(shape => shape.rings)) {
		context.beginPath();
		for (let i = 0; i + 1 < ring.length; i += 2)
			context.lineTo(ring[i] * scale, ring[i + 1] * scale);
		context.closePath();
		context.stroke();
	}
	return big;
}

/* So many places have their number on the maps: those of the table. */
const NUMBERED = 50;

/* Numbers of places on a still figure. */
function drawNumbers(canvas, cells, items) {
	const scale = canvas.width / cells.width, context = canvas.getContext("2d"), size = Math.max(11, Math.round(canvas.width / 45));
	context.font = `bold ${size}px sans-serif`;
	context.textAlign = "center";
	context.textBaseline = "middle";
	context.lineWidth = size / 4;
	for (const item of items) {
		const [x, y] = item.middle.map(v => v * scale);
		context.strokeStyle = "#fff";
		context.strokeText(item.number, x, y);
		context.fillStyle = "#000";
		context.fillText(item.number, x, y);
	}
}

/* Still figures: one a date, and the significant changes. */
function stillFigures(state) {
	const box = document.getElementById("figures");
	for (const date of state.dates.filter(d => d.cells)) {
		const canvas = strokeRings(paint(date.cells, date.colour), state.boundary, "#000");
		canvas.setAttribute("role", "img");
		canvas.setAttribute("aria-label", "Map of land use, " + date.label);
		box.append(el("figure", null, canvas, el("figcaption", null, "Land use " + date.label)));
	}
	for (const pair of state.pairs.filter(p => p.cells && p === state.main)) {
		const canvas = strokeRings(paint(pair.cells, pair.flagged), state.boundary, "#000");
		canvas.setAttribute("role", "img");
		canvas.setAttribute("aria-label", `Map of significant change, ${pair.earlier} to ${pair.later}`);
		drawNumbers(canvas, pair.cells, state.candidates.filter(item => item.number <= NUMBERED && item.earlier === pair.earlier && item.later === pair.later));
		box.append(el("figure", null, canvas, el("figcaption", null,
			`Significant change ${pair.earlier} to ${pair.later}, in the colour of what the land became`)));
	}
}

function fillSelect(select, entries, chosen) {
	select.append(...entries.map(([value, name]) => el("option", { value }, name)));
	select.value = chosen;
	select.closest("label").hidden = entries.length < 2;
}

/* The map to move about in; without Leaflet the still figures stay. */
function movingMap(state) {
	const grid = state.grid, box = document.getElementById("map-box");
	box.hidden = false;
	document.getElementById("figures").classList.add("printed");
	const place = (x, y) => L.latLng(-y, x), bounds = L.latLngBounds(place(0, grid.height), place(grid.width, 0));
	const map = L.map("map", { crs: L.CRS.Simple, zoomSnap: .25, minZoom: -6, maxZoom: 7, attributionControl: false,
		maxBounds: bounds.pad(.5) });
	map.fitBounds(bounds);
	map.setMinZoom(map.getZoom() - 1);
	/* A window that changes its size shows the county whole, until somebody has moved the map. */
	let untouched = true;
	for (const kind of ["pointerdown", "wheel", "keydown"])
		map.getContainer().addEventListener(kind, () => { untouched = false; });
	map.on("resize", () => untouched && map.setMinZoom(-6).fitBounds(bounds, { animate: false }).setMinZoom(map.getZoom() - 1));
	for (const [name, order] of [["left", 210], ["right", 220], ["top", 230]])
		map.createPane(name).style.zIndex = order;
	const layers = {};
	const show = (pane, key, draw, opacity) => {
		if (layers[pane])
			layers[pane].remove();
		layers[pane] = draw ? L.imageOverlay(state.images[key] || (state.images[key] = draw().toDataURL()), bounds,
			{ pane, className: "pixels", opacity }).addTo(map) : null;
	};
	const control = id => document.getElementById(id);
	const dates = state.dates.map((date, i) => [String(i), date.label]).filter(([i]) => state.dates[i].cells);
	const overlays = [["", "nothing"]];
	state.pairs.forEach((pair, i) => {
		const earlier = state.dates.find(d => d.label === pair.earlier), later = state.dates.find(d => d.label === pair.later);
		pair.dates = [earlier, later];
		if (pair.cells)
			overlays.push(["f" + i, `significant change ${pair.earlier} to ${pair.later}`],
				["p" + i, `probability of change ${pair.earlier} to ${pair.later}`]);
		if (earlier.cells && later.cells)
			overlays.push(["d" + i, `every difference ${pair.earlier} to ${pair.later}`]);
	});
	fillSelect(control("left-date"), dates, dates[0][0]);
	fillSelect(control("right-date"), dates, dates[dates.length - 1][0]);
	const main = state.pairs.indexOf(state.main);
	fillSelect(control("overlay"), overlays, main >= 0 && state.main.cells ? "f" + main : "");
	const single = dates.length < 2, divider = el("div", { class: "divider" });
	map.getContainer().append(divider);
	control("swipe").closest("label").hidden = single;
	control("mode").closest("label").hidden = single;

	const compare = () => {
		const share = control("swipe").value / 100, fade = control("mode").value === "fade", still = single || fade;
		const low = map.containerPointToLayerPoint([0, 0]), high = map.containerPointToLayerPoint(map.getSize());
		const x = low.x + (high.x - low.x) * share, clip = (from, to) => `rect(${low.y}px, ${to}px, ${high.y}px, ${from}px)`;
		map.getPane("left").style.clip = clip(low.x, still ? high.x : x);
		map.getPane("right").style.clip = clip(still ? low.x : x, high.x);
		map.getPane("right").style.opacity = single ? 0 : fade ? share : 1;
		divider.style.left = 100 * share + "%";
		divider.hidden = still;
		control("swipe-label").textContent = fade ? "Fade between the dates" : "Swipe between the dates";
	};
	const redraw = () => {
		const overlay = control("overlay").value, dim = overlay ? .35 : 1, pair = state.pairs[overlay.slice(1)];
		for (const side of ["left", "right"]) {
			const date = state.dates[control(side + "-date").value];
			show(side, "date" + date.label, () => paint(date.cells, date.colour), dim);
		}
		const draw = { f: p => paint(p.cells, p.flagged), p: p => paint(p.cells, p.probability),
			d: p => paint(p.dates[1].cells, i => state.difference(p, i)) }[overlay.charAt(0)];
		show("top", overlay, draw ? () => draw(pair) : null, 1);
		compare();
	};
	for (const id of ["left-date", "right-date", "overlay"])
		control(id).addEventListener("change", redraw);
	for (const id of ["swipe", "mode"])
		control(id).addEventListener("input", compare);
	map.on("move zoom resize", compare);
	redraw();

	const lines = rings => rings.map(ring => {
		const points = [];
		for (let i = 0; i + 1 < ring.length; i += 2)
			points.push(place(ring[i], ring[i + 1]));
		return points;
	});
	const groups = { zones: L.layerGroup(), candidates: L.layerGroup() };
	for (const shape of state.boundary)
		L.polygon(lines(shape.rings), { color: "#000", weight: 2, fill: false, smoothFactor: 0, interactive: false }).addTo(map);
	for (const zone of state.zones)
		L.polygon(lines(zone.rings), { color: "#222", weight: 1.5, dashArray: "5 4", fill: false, smoothFactor: 0, interactive: false })
			.bindTooltip(el("span", null, zone.name || ""), { permanent: state.zones.length <= 12, direction: "center", className: "tip", opacity: .75 })
			.addTo(groups.zones);
	for (const item of state.candidates) {
		const outline = lines(item.rings);
		L.polygon(outline, { color: "#fff", weight: 5, fill: false, interactive: false }).addTo(groups.candidates);
		item.drawn = L.polygon(outline, { color: "#000", weight: 2.5, fillOpacity: 0 })
			.bindTooltip(() => state.candidateTip(item), { className: "tip", sticky: true }).addTo(groups.candidates);
		if (item.number <= NUMBERED)
			L.marker(place(...item.middle), { interactive: false, zIndexOffset: -10 * item.number, keyboard: false, icon: L.divIcon({ className: "number", html: String(item.number), iconSize: [24, 20] }) })
				.addTo(groups.candidates);
	}
	for (const [name, group] of Object.entries(groups)) {
		const check = control("show-" + name), all = group.getLayers().length;
		check.closest("label").hidden = all === 0;
		const toggle = () => check.checked ? group.addTo(map) : group.remove();
		check.addEventListener("change", toggle);
		toggle();
	}
	state.showOnMap = item => {
		control("map").scrollIntoView({ block: "center" });
		map.fitBounds(item.drawn.getBounds().pad(2));
		item.drawn.openTooltip();
	};

	const tell = at => {
		const x = Math.floor(at.lng), y = Math.floor(-at.lat);
		const inside = x >= 0 && y >= 0 && x < grid.width && y < grid.height;
		control("cell").textContent = inside ? state.tellCell(x, y) : "";
	};
	map.on("mousemove click", event => tell(event.latlng));
	map.on("moveend", () => { if (document.activeElement === control("map")) tell(map.getCenter()); });
	addScale(map, state.cellMetres * grid.step);
}

/* A bar of a round number of metres. */
function addScale(map, metres) {
	if (!(metres > 0))
		return;
	const bar = el("div", { class: "scale" }), Scale = L.Control.extend({ onAdd: () => bar });
	const update = () => {
		const perPixel = metres / map.getZoomScale(map.getZoom(), 0), step = roundStep(perPixel * 100, 1);
		bar.style.width = step / perPixel + "px";
		bar.textContent = step >= 1000 ? number(step / 1000, 0) + " km" : number(step, step < 1 ? 1 : 0) + " m";
	};
	new Scale({ position: "bottomleft" }).addTo(map);
	map.on("zoomend", update);
	update();
}
