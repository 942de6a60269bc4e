#!/usr/bin/python3
"""How fast are the networks that people bring, beside PyTorch and ONNX Runtime, in one sitting?

usage: networks.py [--threads N] [--seconds S] [--rounds R] [--cpu] [--build DIR] [--nets DIR] [NAME...]

Each network of tests/support/make_torch_nets.py that the table names is exported with random weights and run in turn by bench_nn at
its own batch, by PyTorch at the best of several, and by ONNX Runtime likewise where NODE_PATH has onnxruntime-node
(npm install --ignore-scripts --prefix DIR onnxruntime-node; NODE_PATH=DIR/node_modules). Rounds alternate, and the best of each counts: what else runs
on the machine slows all three, and the ratios say more than the figures. --cpu counts seconds of processor time, for a machine that
others use. --nets keeps the exported files in DIR, and takes those that are there. A NAME that is a
file is a network of its own, beside ONNX Runtime alone. Prints a Markdown table.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

# What the better of the peers is to be beaten by.
ASKED = {"vit_s16": 1.0, "vit_b16": 1.0, "deit_t16": 1.0, "swin_tiny": 1.0, "convnext_tiny": 1.3, "regnet_y_400mf": 1.3,
         "efficientnet_b0": 1.3, "resnet50": 1.4, "resnet18": 1.9, "mobilenet_v2_035": 2.5}
BATCHES = (1, 2, 4, 8, 16, 32)


def ours(path, args):
    out = subprocess.run([f"{args.build}/bin/bench_nn", path, "--threads", str(args.threads), "--seconds", str(args.seconds)],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def of_torch(net, shape, batch, args):
    import torch
    x = torch.randn(batch, *shape)
    with torch.inference_mode():
        net(x)
        start, before, chips = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - start < args.seconds:
            net(x)
            chips += batch
    return chips / (time.process_time() - before if args.cpu else time.perf_counter() - start)


def of_runtime(path, shape, batches, args):
    command = ["node", f"{HERE}/networks.js", path, "x".join(map(str, shape)), str(args.threads), str(args.seconds), *map(str, batches)]
    out = subprocess.run(command, capture_output=True, text=True, check=False)
    if out.returncode != 0:
        return {}
    return {int(line.split()[0]): float(line.split()[2 if args.cpu else 1]) for line in out.stdout.splitlines()}


def measure(name, folder, args):
    """Rounds in turn; the first tries every batch, later ones the best of it alone."""
    import torch
    import make_torch_nets as nets
    path, net = name, None
    if os.path.exists(path):
        import onnx
        sizes = onnx.load(path, load_external_data=False).graph.input[0].type.tensor_type.shape.dim
        shape = tuple(d.dim_value for d in sizes)[1:]
    else:
        path = f"{folder}/{name}.onnx"
        if not os.path.exists(path):
            nets.write(name, folder)
        torch.manual_seed(224)
        net = nets.NETS[name]().eval()
        shape = getattr(net, "shape", (3, nets.PIXELS, nets.PIXELS))
    best, torch_batches, runtime_batches = {"ours": 0, "torch": 0, "runtime": 0}, BATCHES, BATCHES
    for _ in range(args.rounds):
        facts = ours(path, args)
        best["ours"] = max(best["ours"], facts["chips_per_cpu_s" if args.cpu else "chips_per_s"])
        if net is not None:
            rates = {batch: of_torch(net, shape, batch, args) for batch in torch_batches}
            torch_batches = (max(rates, key=rates.get),)
            best["torch"] = max(best["torch"], *rates.values())
        rates = of_runtime(path, shape, runtime_batches, args)
        if rates:
            runtime_batches = (max(rates, key=rates.get),)
            best["runtime"] = max(best["runtime"], *rates.values())
    peer = max(best["torch"], best["runtime"])
    asked = ASKED.get(name, 2.5 if net is None else None)
    print(f"| {name} | {best['ours']:.1f} ({facts['batch']}) | {facts['peak_share']:.2f} | {best['torch']:.1f} ({torch_batches[0]}) | "
          + (f"{best['runtime']:.1f} ({runtime_batches[0]})" if best["runtime"] else "-")
          + f" | {best['ours'] / peer:.2f} | {asked if asked else '-'}{' (!)' if asked and best['ours'] < asked * peer else ''} |",
          flush=True)
    if net is not None and not args.nets:
        os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--build", default="build")
    parser.add_argument("--nets")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    warnings.filterwarnings("ignore")
    import torch
    torch.set_num_threads(args.threads)
    print("| network | landuse, chips a second (batch) | share of peak | PyTorch | ONNX Runtime | ratio to the better | asked |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in args.names or ASKED:
            measure(name, args.nets or folder, args)


if __name__ == "__main__":
    main()
