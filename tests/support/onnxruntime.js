// onnxruntime.js: what ONNX Runtime answers: node onnxruntime.js MODEL INPUT.bin OUTPUT.bin
//
// INPUT is raw float32, chips of the size that MODEL takes, run one by one. The first output of each goes to OUTPUT.
// Needs the package onnxruntime-node (NODE_PATH).
const fs = require('fs');
const ort = require('onnxruntime-node');

async function main(model, input, output) {
	const session = await ort.InferenceSession.create(model);
	const bytes = fs.readFileSync(input);
	const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
	const chip = 3 * 224 * 224;
	const answers = [];

	for (let at = 0; at < all.length; at += chip) {
		const tensor = new ort.Tensor('float32', all.slice(at, at + chip), [1, 3, 224, 224]);
		const result = await session.run({[session.inputNames[0]]: tensor});
		answers.push(...result[session.outputNames[0]].data);
	}
	fs.writeFileSync(output, Buffer.from(new Float32Array(answers).buffer));
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(String(error));
	process.exit(1);
});
