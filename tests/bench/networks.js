// networks.js: chips a second of ONNX Runtime: node networks.js MODEL 3x224x224 THREADS SECONDS BATCH...
//
// Prints a line a batch: batch, chips a second, chips a second of processor time. Needs the package onnxruntime-node (NODE_PATH).
const ort = require('onnxruntime-node');

async function rate(session, shape, batch, seconds) {
	const dims = [batch, ...shape];
	const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).map((_, i) => ((i * 37) % 256) / 127.5 - 1);
	const feed = {[session.inputNames[0]]: new ort.Tensor('float32', data, dims)};
	const outputs = [session.outputNames[0]];

	await session.run(feed, outputs);
	const start = process.hrtime.bigint(), before = process.cpuUsage();
	let chips = 0, elapsed = 0;
	while (elapsed < seconds) {
		await session.run(feed, outputs);
		chips += batch;
		elapsed = Number(process.hrtime.bigint() - start) * 1e-9;
	}
	const used = process.cpuUsage(before);
	return `${chips / elapsed} ${chips / (used.user + used.system) * 1e6}`;
}

async function main(model, shape, threads, seconds, ...batches) {
	const session = await ort.InferenceSession.create(model, {
		intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: 'all'});

	for (const batch of batches)
		console.log(batch, await rate(session, shape.split('x').map(Number), Number(batch), Number(seconds)));
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(String(error));
	process.exit(1);
});
