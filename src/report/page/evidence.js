/* evidence.js: what labelled samples and a map of others say, beside what is mapped. */
const assessed = figures.accuracy || [];
const assessedMap = date => assessed.find(a => a.date === date.label);
const assessedChange = pair => pair && assessed.find(a => a.earlier === pair.earlier && a.later === pair.later && a.growth);
const classNamed = name => classes.find(c => c.name === name);
const labels = a => `${number(a.sample.labelled, 0)} places labelled by eye`;
const between = (f, tell) => f.low_95 === null ? "not known" : `${tell(f.low_95)} to ${tell(f.high_95)}`;
const whole = share => percent(share, share < 1 && share > 0 && (share > .995 || share < .1) ? 1 : 0);

/* Growth of the three classes that changed most, as the sample has it: its own interval, and the maps' figure beside it. */
function sampledGrowth(pair, a) {
	const rows = a.growth.filter(g => g.adjusted_ha.value !== null && g.adjusted_ha.value !== 0)
		.sort((x, y) => Math.abs(y.adjusted_ha.value) - Math.abs(x.adjusted_ha.value)).slice(0, 3);
	return rows.map(g => {
		const f = g.adjusted_ha, mapped = pair.classes.find(c => c.name === g.name), size = { low_95: f.low_95, high_95: f.high_95 };
		const maps = mapped ? ` (The maps alone: ${signed(mapped.area_ha.net)} ${areaUnit.word}.)` : "";
		if (f.low_95 !== null && f.low_95 <= 0 && f.high_95 >= 0)
			return el("li", null, "Whether ", strong(g.name), ` grew or shrank between ${pair.earlier} and ${pair.later} the checked sample cannot tell: ` +
				`its net change is between ${signed(f.low_95)} and ${signed(f.high_95)} ${areaUnit.word}, with 95 % confidence (${labels(a)}).` + maps);
		if (f.value < 0)
			[size.low_95, size.high_95] = [-f.high_95, -f.low_95];
		return el("li", null, strong(g.name), f.value > 0 ? " grew by " : " shrank by ", strong(ha(Math.abs(f.value)) + (f.margin_95 === null ? "" : " ± " + ha(f.margin_95)) + " " + areaUnit.word),
			` between ${pair.earlier} and ${pair.later}, by a checked sample` + (f.low_95 === null ? "" : `: we are 95 % sure that it is between ${ha(size.low_95)} and ${ha(size.high_95)} ${areaUnit.word}`) +
			` (${labels(a)}).` + maps);
	});
}

/* One sentence a map: how much of it is right. */
function accuracyFindings() {
	return assessed.filter(a => a.date).map(a => el("li", null, "Of the map of " + a.date + ", ", strong(whole(a.overall_accuracy.value)),
		` is right, by a checked sample (95 % interval ${between(a.overall_accuracy, whole)}; ${labels(a)}).`));
}

/* What a sample does not speak for. */
function sampleCautions(a) {
	const county = figures.county.area_ha, s = a.sample;
	return [s.not_labelled > 0 ? `${number(s.not_labelled, 0)} of ${number(s.places, 0)} places are not labelled: if they are the hard ones, the figures flatter the map.` : null,
		s.probability_sample ? null : "The places were not drawn at random by a known design: the figures describe them, not the map.",
		a.area_ha && county && Math.abs(a.area_ha / county - 1) > .01 ? `The sample speaks for ${ha(a.area_ha)} of the county's ${ha(county)} ${areaUnit.word}.` : null].filter(Boolean);
}

function accuracyTable(a) {
	const name = c => classNamed(c.name) ? named(classNamed(c.name).value) : c.name, of = a.date ? `Map of ${a.date}` : `Change from ${a.earlier} to ${a.later}`;
	const share = f => f.value === null ? "–" : `${whole(f.value)} (${between(f, whole)})`;
	return table(`${of}: ${labels(a)}; ${whole(a.overall_accuracy.value)} of the area is right (${between(a.overall_accuracy, whole)}). In brackets 95 % intervals. ` +
		"User's accuracy: how much of what is mapped so is so; producer's: how much of what is so is mapped so", [
		{ name: "Class", text: true, cell: name },
		{ name: "Places", cell: c => number(c.map_sample, 0) },
		{ name: "User's accuracy", cell: c => share(c.users_accuracy) },
		{ name: "Producer's accuracy", cell: c => share(c.producers_accuracy) },
		{ name: `Mapped, ${areaUnit.word}`, cell: c => c.mapped_ha === null ? "–" : ha(c.mapped_ha) },
		{ name: `By the sample, ${areaUnit.word}`, cell: c => c.adjusted_ha.value === null ? "–" : `${ha(c.adjusted_ha.value)} (${between(c.adjusted_ha, ha)})` }], a.classes);
}

function growthTable(a) {
	const mapped = (pairs.find(p => p.earlier === a.earlier && p.later === a.later) || { classes: [] }).classes;
	const net = g => (mapped.find(c => c.name === g.name) || { area_ha: { net: null } }).area_ha.net;
	const cell = f => f.value === null ? "–" : `${signed(f.value)} (${between(f, signed)})`;
	return table(`Net change of classes from ${a.earlier} to ${a.later}, in ${areaUnit.name}: by the maps, and by the sample with its 95 % interval`, [
		{ name: "Class", text: true, cell: g => classNamed(g.name) ? named(classNamed(g.name).value) : g.name },
		{ name: "By the maps", cell: g => net(g) === null ? "–" : signed(net(g)) },
		{ name: "By the sample", cell: g => cell(g.adjusted_ha) }], a.growth);
}

/* Areas by the sample in each zone: by its own places where it has enough of them, else by the county's. */
function zoneTable(a) {
	const seen = a.zones[0].classes.map((c, k) => k).filter(k => a.zones.some(z => z.classes[k].adjusted_ha.value));
	const cell = f => f.value === null ? "–" : el("span", null, ha(f.value), el("br"), el("small", null, between(f, ha)));
	const borrowed = a.zones.some(z => z.estimation === "synthetic");
	return table(`Zones in ${a.date} by the sample, in ${areaUnit.name}, with 95 % intervals` + (borrowed ? ". By the county's places: a zone with too few of its own " +
		"has its mapped areas corrected as the county's are; that the map errs there as elsewhere is assumed, and not in the interval" : ""), [
		{ name: "Zone", text: true, sort: z => z.name, cell: z => z.name },
		{ name: "Places", sort: z => z.labelled, cell: z => number(z.labelled, 0) },
		{ name: "By", text: true, cell: z => z.estimation === "synthetic" ? "county" : "itself" },
		...seen.map(k => ({ name: a.zones[0].classes[k].name, sort: z => z.classes[k].adjusted_ha.value || 0, cell: z => cell(z.classes[k].adjusted_ha) }))], a.zones);
}

/* The error matrix: places, rows the map, columns what somebody saw. */
function countsTable(a) {
	const m = a.matrix;
	return el("details", null, el("summary", null, "Error matrix, in places"), table("Rows: the map; columns: what was seen", [
		{ name: "Map \\ seen", text: true, cell: i => m.classes[i] },
		...m.classes.map((c, j) => ({ name: c, cell: i => m.counts[i][j] || "–" }))], m.classes.map((c, i) => i), { class: "heat" }));
}

function accuracy() {
	if (hide("accuracy", assessed.length === 0))
		return;
	byId("accuracy-words").textContent = "Somebody looked at places drawn at random and wrote down what is there. That corrects the maps' areas, and tells how far they may still be " +
		"off, whatever the model thinks of itself.";
	for (const a of assessed) {
		byId("accuracy-tables").append(accuracyTable(a), ...(a.growth ? [growthTable(a)] : []),
			...(a.zones && a.zones.length ? [zoneTable(a)] : []), countsTable(a),
			...sampleCautions(a).map(text => el("p", { class: "warning" }, text)));
	}
}

/* Of the chart of areas: what the sample says of a class at a date. */
function sampledArea(date, value) {
	const a = assessedMap(date), c = a && a.classes.find(x => x.value === value);
	return c && c.adjusted_ha && c.adjusted_ha.value !== null ? c.adjusted_ha : null;
}

function reference() {
	const r = figures.reference;
	if (hide("reference", !r))
		return;
	const left = r.cells_left_out, out = Object.entries({ uncertain: "uncertain on the map", mixed: "of mixed reference", left_out_by_scheme: "of classes that the scheme leaves out",
		unknown_code: "of unknown codes", beyond_reference: "beyond the reference" }).filter(([key]) => left[key] > 0).map(([key, words]) => `${number(left[key], 0)} ${words}`);
	byId("reference-words").replaceChildren(`The map of ${r.date} and ${r.reference} have the same class on `, strong(percent(r.agreement)),
		` of the ${ha(r.compared_ha)} ${areaUnit.word} that are compared (${number(r.compared_cells, 0)} cells; each takes the reference's class that covers most of it). ` +
		"That map has errors of its own, and perhaps another date: this is agreement, not accuracy." + (out.length ? ` Cells left out: ${out.join(", ")}.` : ""));
	const share = value => value === null ? "–" : percent(value);
	byId("reference-tables").append(table(`Areas of both in the compared cells, in ${areaUnit.name}`, [
		{ name: "Class", text: true, cell: c => named(c.value) },
		{ name: "This map", cell: c => ha(c.map_ha) },
		{ name: "Reference", cell: c => ha(c.reference_ha) },
		{ name: "Difference", cell: c => signed(c.map_ha - c.reference_ha) },
		{ name: "Of this map's, agrees", cell: c => share(c.users_agreement) },
		{ name: "Of the reference's, agrees", cell: c => share(c.producers_agreement) }], r.classes));
	const m = r.matrix, most = Math.max(0, ...m.area_ha.flatMap((row, i) => row.filter((v, j) => i !== j)));
	const cross = table(`Areas in ${areaUnit.name}: rows this map, columns the reference; the darker, the more they differ; framed: the same class`, [
		{ name: "Map \\ reference", text: true, cell: i => named(m.values[i]) },
		...m.values.map((v, j) => ({ name: named(v), cell: i => m.area_ha[i][j] > 0 ? ha(m.area_ha[i][j]) : "–",
			style: i => i !== j && m.area_ha[i][j] > 0 ? `background:rgba(217,95,2,${(.08 + .52 * m.area_ha[i][j] / most).toFixed(3)})` : null }))],
		m.values.map((v, i) => i), { class: "heat" });
	cross.querySelectorAll("tbody tr").forEach((row, k) => row.children[k + 1].classList.add("kept"));
	byId("reference-tables").append(cross);
}
