#!/usr/bin/python3
"""train_backbone.py: make the shipped scene classifier, its model.json and its card.

The recipe, in one line: fine-tune every layer of an ImageNet MobileNetV2 (ONNX, no head) with a new
Linear + softmax on labelled aerial chips, under augmentations that imitate what differs between
flights (scale, sharpness, light, colour, compression), and validate on blocks of chips that the
network has not seen.

Stages, each resumable (a checkpoint per epoch in --work; run the same command again after a kill):

  fold K   train without block K of every class, then measure on block K, clean and disturbed
  fifth    train without a fifth of every class drawn by chance, then measure on that fifth
  full     train on all chips with the same recipe; this is the network that ships
  export   fit the temperature on the held-out blocks, fold BatchNormalization into the convolutions
           and the temperature into the last layer, write model.onnx, model.json and README.md

Why blocks: chips of one class were cut from few scenes, and neighbouring file numbers show the same
street or field. A random split would test on ground it trained on. Block K holds file numbers
20K .. 20K+19 of every class, and the chips within GUARD numbers of it are used for neither. The
fifth drawn by chance is what is told beside it: it predicts other chips of the same scenes.

Same seed, data, thread count and library versions give the same network to within the order in
which threads add; chips are visited, and disturbed, in an order that depends on the seed alone.

The architecture is read from --base; where its weights begin is --start: as they are in the file
(default), anew ("scratch"), or from a PyTorch checkpoint. A GPU is used where torch finds one.

Needs Debian's python3-torch, python3-onnx, python3-numpy, python3-pil, python3-yaml.
"""
import argparse
import hashlib
import io
import json
import math
import os
import re
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
import yaml
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

CHIP = 224          # px, what the network sees
STORE = 256         # px, what is kept in memory; the margin gives room for shifted crops
SCALE = 127.5       # input = value / 127.5 - 1, as the ImageNet weights expect
GSD_M = 0.3
BLOCK = 20          # file numbers per validation block
GUARD = 2           # file numbers left unused on either side of the held-out block
NEIGHBOUR = 28      # px, how far a neighbouring cell may reach into a chip
BINS = 15           # of the expected calibration error
FEATURES = "aerial-features"


# ---------------------------------------------------------------- chips

def chip_number(name):
    """The last run of digits before the extension: forest07.jpg -> 7, 012.png -> 12."""
    digits = re.findall(r"\d+", os.path.splitext(name)[0])
    if not digits:
        sys.exit(f"{name}: chip name has no number; blocks are formed from file numbers")
    return int(digits[-1])


def load_chip(path):
    """One RGB chip as uint8 [3, STORE, STORE]; a chip a few pixels off is cropped or mirrored out."""
    rgb = np.asarray(Image.open(path).convert("RGB"))
    for axis in (0, 1):
        size = rgb.shape[axis]
        if size > STORE:
            start = (size - STORE) // 2
            rgb = np.take(rgb, range(start, start + STORE), axis=axis)
        elif size < STORE:
            before = (STORE - size) // 2
            pad = [(0, 0)] * 3
            pad[axis] = (before, STORE - size - before)
            rgb = np.pad(rgb, pad, mode="symmetric")
    return np.ascontiguousarray(rgb.transpose(2, 0, 1))


def load_folder(root, names):
    """All chips of ROOT/CLASS/*: images uint8 [N,3,S,S], labels int64, file numbers, SHA-256 of the files."""
    images, labels, numbers, hashes = [], [], [], []
    for label, name in enumerate(names):
        folder = os.path.join(root, name)
        if not os.path.isdir(folder):
            continue
        for entry in sorted(os.listdir(folder)):
            if entry.lower().endswith((".jpg", ".jpeg", ".png", ".tif")):
                images.append(load_chip(os.path.join(folder, entry)))
                labels.append(label)
                numbers.append(chip_number(entry))
                with open(os.path.join(folder, entry), "rb") as file:
                    hashes.append(hashlib.sha256(file.read()).hexdigest())
    if not images:
        sys.exit(f"{root}: no chips found; expected {root}/CLASS/*.jpg or *.png")
    return torch.from_numpy(np.stack(images)), torch.tensor(labels), np.array(numbers), hashes


def with_more(images, labels, root, names):
    """(images, labels, indices of the added ones) with the chips of another folder behind."""
    more, more_labels, _, _ = load_folder(root, names)
    return (torch.cat([images, more]), torch.cat([labels, more_labels]),
            torch.arange(len(images), len(images) + len(more)))


def block_split(numbers, fold):
    """(train, test) index arrays for one held-out block."""
    first, last = fold * BLOCK, fold * BLOCK + BLOCK - 1
    test = (numbers >= first) & (numbers <= last)
    near = (numbers >= first - GUARD) & (numbers <= last + GUARD)
    return np.flatnonzero(~near), np.flatnonzero(test)


def chance_split(labels, seed):
    """(train, test) index arrays: a fifth of every class, drawn by chance, is held out."""
    draw = np.random.default_rng(seed)
    test = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        test[draw.permutation(members)[:len(members) // 5]] = True
    return np.flatnonzero(~test), np.flatnonzero(test)


# ---------------------------------------------------------------- network

class Network(nn.Module):
    """An ONNX graph of the few operators a MobileNet needs, as trainable torch modules.

    Executes the nodes in file order. Convolutions with unequal pads (TensorFlow's "SAME" at stride
    2 pads right and bottom only) are padded explicitly, because torch knows equal pads only. With
    'classes' a new Linear is put behind the graph's output; without, the graph runs as it is, which
    is how an exported file is checked.
    """

    def __init__(self, model, classes=None, generator=None):
        super().__init__()
        values = {t.name: torch.tensor(numpy_helper.to_array(t)) for t in model.graph.initializer}
        self.parts = nn.ModuleDict()
        self.steps = []
        for node in model.graph.node:
            attr = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            key = node.output[0].replace(".", "_")
            pads = None
            if node.op_type == "Conv":
                self.parts[key], pads = conv_from(attr, [values[n] for n in node.input[1:]])
            elif node.op_type == "BatchNormalization":
                self.parts[key] = norm_from(attr, [values[n] for n in node.input[1:]])
            elif node.op_type == "Gemm":
                self.parts[key] = linear_from(attr, [values[n] for n in node.input[1:]])
            elif node.op_type == "Clip":
                low, high = (float(values[n]) for n in node.input[1:3])
                assert (low, high) == (0.0, 6.0), "only ReLU6 is expected"
            elif node.op_type not in ("Add", "GlobalAveragePool", "Flatten", "Softmax"):
                sys.exit(f"{node.op_type}: operator not known to this importer")
            data = [n for n in node.input if n not in values]
            self.steps.append((node.op_type, key, pads, data, node.output[0]))
        self.head = None
        if classes:
            self.head = nn.Linear(self.features(), classes)
            # Small and seeded: every class starts out almost equally likely.
            self.head.weight.data.normal_(0, 0.01, generator=generator)
            nn.init.zeros_(self.head.bias)

    def features(self):
        """Channels of the last convolution, which the pooling hands to the head."""
        convs = [p for p in self.parts.values() if isinstance(p, nn.Conv2d)]
        return convs[-1].out_channels

    def forward(self, x):
        value = self.run(x, 0, len(self.steps))
        return self.head(value) if self.head is not None else value

    def run(self, value, first, last):
        """What steps 'first' to 'last' - 1 make of 'value', the only one that they take from before them."""
        at = {self.steps[first][3][0]: value}
        for kind, key, pads, data, out in self.steps[first:last]:
            value = at[data[0]]
            if kind == "Conv":
                value = self.parts[key](F.pad(value, pads) if pads else value)
            elif kind in ("BatchNormalization", "Gemm"):
                value = self.parts[key](value)
            elif kind == "Clip":
                value = F.hardtanh(value, 0.0, 6.0)
            elif kind == "Add":
                value = value + at[data[1]]
            elif kind == "GlobalAveragePool":
                value = value.mean((2, 3), keepdim=True)
            elif kind == "Flatten":
                value = value.flatten(1)
            elif kind == "Softmax":
                value = value.softmax(1)
            at[out] = value
        return value


def conv_from(attr, tensors):
    """(module, explicit pads or None). ONNX pads are top, left, bottom, right."""
    weight = tensors[0]
    group = attr.get("group", 1)
    top, left, bottom, right = attr.get("pads", [0, 0, 0, 0])
    equal = top == bottom and left == right
    conv = nn.Conv2d(weight.shape[1] * group, weight.shape[0], tuple(weight.shape[2:]),
                     stride=tuple(attr.get("strides", [1, 1])), groups=group,
                     padding=(top, left) if equal else 0, bias=len(tensors) > 1)
    conv.weight.data.copy_(weight)
    if len(tensors) > 1:
        conv.bias.data.copy_(tensors[1])
    return conv, None if equal else (left, right, top, bottom)


def norm_from(attr, tensors):
    scale, bias, mean, var = tensors
    norm = nn.BatchNorm2d(len(scale), eps=attr.get("epsilon", 1e-5), momentum=0.1)
    norm.weight.data.copy_(scale)
    norm.bias.data.copy_(bias)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(var)
    return norm


def linear_from(attr, tensors):
    weight, bias = tensors
    assert attr.get("transB", 0) == 1, "written by this script with transB"
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    linear.weight.data.copy_(weight)
    linear.bias.data.copy_(bias)
    return linear


# ---------------------------------------------------------------- disturbances
# All take and give float [N,3,H,W] in 0..255. Training draws their strengths, validation fixes them.

def blur_to(images, factor):
    """Area-average down by 'factor' and interpolate back: what a coarser sensor would have kept."""
    height, width = images.shape[2:]
    small = F.interpolate(images, size=(round(height / factor), round(width / factor)), mode="area")
    return F.interpolate(small, size=(height, width), mode="bilinear", align_corners=False)


def jpeg(images, quality):
    """Recompress each chip; 'quality' is one number or one per chip."""
    out = torch.empty_like(images)
    for i, image in enumerate(images.round().clamp(0, 255).to(torch.uint8)):
        buffer = io.BytesIO()
        q = int(quality if np.isscalar(quality) else quality[i])
        Image.fromarray(image.permute(1, 2, 0).numpy()).save(buffer, "JPEG", quality=q)
        out[i] = torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1)
    return out


def zoom(images, factor):
    """The centre, enlarged: smaller ground pixels."""
    size = round(CHIP / factor)
    start = (CHIP - size) // 2
    part = images[:, :, start:start + size, start:start + size]
    return F.interpolate(part, size=(CHIP, CHIP), mode="bilinear", align_corners=False)


def contrast(images, gain):
    mean = images.mean((1, 2, 3), keepdim=True)
    return (images - mean) * gain + mean


def tint(images, gains, offsets=(0, 0, 0)):
    gains = torch.tensor(gains, dtype=torch.float32).view(1, 3, 1, 1)
    offsets = torch.tensor(offsets, dtype=torch.float32).view(1, 3, 1, 1)
    return images * gains + offsets


# Name -> function, for the robustness table. Every result is clamped and rounded to whole values
# afterwards, as it would be in a file.
DISTURBANCES = [
    ("none", lambda x: x),
    ("blurred to 0.6 m", lambda x: blur_to(x, 2)),
    ("blurred to 1.0 m", lambda x: blur_to(x, 1.0 / GSD_M)),
    ("ground pixel 0.2 m", lambda x: zoom(x, 1.5)),
    ("ground pixel 0.6 m, edges mirrored", lambda x: F.interpolate(
        F.pad(x, (CHIP // 2,) * 4, mode="reflect"), size=(CHIP, CHIP), mode="area")),
    ("brightness -20 %", lambda x: x * 0.8),
    ("brightness +20 %", lambda x: x * 1.2),
    ("contrast -20 %", lambda x: contrast(x, 0.8)),
    ("contrast +20 %", lambda x: contrast(x, 1.2)),
    ("warm cast (R +12 %, B -12 %)", lambda x: tint(x, (1.12, 1.0, 0.88))),
    ("cold cast (R -12 %, B +12 %)", lambda x: tint(x, (0.88, 1.0, 1.12))),
    ("haze (x 0.85 + 30, blue + 10)", lambda x: tint(x, (0.85,) * 3, (30, 30, 40))),
    ("JPEG quality 50", lambda x: jpeg(x, 50)),
    ("turned by 90 degrees", lambda x: torch.rot90(x, 1, (2, 3))),
    ("turned by 180 degrees", lambda x: torch.rot90(x, 2, (2, 3))),
    ("turned by 270 degrees", lambda x: torch.rot90(x, 3, (2, 3))),
]


def uniform(low, high, shape, gen):
    return torch.rand(shape, generator=gen) * (high - low) + low


def warp(images, gen, chip=CHIP, low=0.6, high=1.6):
    """Random window, size, quarter turn and mirror, all in one resampling to 'chip' px.

    The window's side is 'low' to 'high' chips: ground from 0.18 to 0.48 m per pixel. Beyond the stored
    chip's edge the picture is mirrored, which is why it stops there. Half the chips keep their native
    size, because the common case at work is imagery at the model's own resolution.
    """
    count = len(images)
    side = torch.exp(uniform(math.log(low), math.log(high), (count,), gen))
    side = torch.where(torch.rand(count, generator=gen) < 0.5, torch.ones(count), side)
    half = side * chip / images.shape[2]                  # in units of half a stored chip
    aspect = torch.exp(uniform(-0.1, 0.1, (count,), gen))
    room = (1 - half).clamp(min=0.05)
    shift = uniform(-1, 1, (count, 2), gen) * room[:, None]
    turn = torch.randint(0, 4, (count,), generator=gen)
    cos, sin = torch.tensor([1., 0., -1., 0.])[turn], torch.tensor([0., 1., 0., -1.])[turn]
    mirror = torch.randint(0, 2, (count,), generator=gen) * 2.0 - 1
    wide, high = half * aspect, half / aspect
    theta = torch.stack([
        torch.stack([wide * cos * mirror, -wide * sin, shift[:, 0]], 1),
        torch.stack([high * sin * mirror, high * cos, shift[:, 1]], 1)], 1)
    grid = F.affine_grid(theta, (count, 3, chip, chip), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="reflection",
                         align_corners=False)


def relight(images, gen):
    """Gamma, contrast, brightness, a gain and an offset per channel; then, for a few, less colour."""
    count = len(images)
    some = (torch.rand(count, generator=gen) < 0.85).float().view(-1, 1, 1, 1)
    gamma = torch.exp(uniform(-0.35, 0.35, (count, 1, 1, 1), gen) * some)
    images = 255.0 * (images.clamp(0, 255) / 255.0 + 1e-4) ** gamma
    images = contrast(images, torch.exp(uniform(-0.4, 0.35, (count, 1, 1, 1), gen) * some))
    gain = torch.exp((uniform(-0.25, 0.25, (count, 1, 1, 1), gen)
                      + uniform(-0.2, 0.2, (count, 3, 1, 1), gen)) * some)
    offset = (uniform(-20, 20, (count, 1, 1, 1), gen) + uniform(-12, 12, (count, 3, 1, 1), gen)) * some
    images = images * gain + offset
    grey = images.mean(1, keepdim=True)
    keep = torch.where(torch.rand(count, generator=gen) < 0.25,
                       uniform(0.2, 1.4, (count,), gen), torch.ones(count)).view(-1, 1, 1, 1)
    return grey + (images - grey) * keep


def soften(images, gen):
    """A third of the batch loses resolution, down to what 1 m pixels would keep."""
    count = len(images) // 3
    factor = float(torch.exp(uniform(math.log(1.3), math.log(3.5), (1,), gen)))
    images[:count] = blur_to(images[:count], factor)
    return images


def roughen(images, gen):
    """Sensor noise on a third, JPEG artefacts on a quarter (the costly one)."""
    third, quarter = len(images) // 3, len(images) // 4
    sigma = uniform(1, 8, (third, 1, 1, 1), gen)
    images[-third:] += torch.randn(images[-third:].shape, generator=gen) * sigma
    quality = torch.randint(40, 95, (quarter,), generator=gen)
    pick = torch.randperm(len(images), generator=gen)[:quarter]
    images[pick] = jpeg(images[pick], quality)
    return images


def gaussian(images, sigma):
    """A lens out of focus by 'sigma' pixels."""
    reach = max(1, math.ceil(3 * sigma))
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1.0) / max(sigma, 1e-3)) ** 2)
    kernel = (kernel / kernel.sum()).repeat(3, 1, 1)
    images = F.conv2d(F.pad(images, (reach, reach, 0, 0), mode="reflect"), kernel[:, :, None, :], groups=3)
    return F.conv2d(F.pad(images, (0, 0, reach, reach), mode="reflect"), kernel[:, :, :, None], groups=3)


def intrude(images, gen):
    """Every other chip shows up to NEIGHBOUR px of another one along two sides, as a map cell shows its
    neighbours when two flights' georeferences disagree."""
    other = images[torch.randperm(len(images), generator=gen)]
    for i in range(0, len(images), 2):
        top, left = torch.randint(0, NEIGHBOUR + 1, (2,), generator=gen).tolist()
        from_end = torch.randint(0, 2, (2,), generator=gen)
        rows = slice(CHIP - top, CHIP) if from_end[0] else slice(0, top)
        cols = slice(CHIP - left, CHIP) if from_end[1] else slice(0, left)
        images[i, :, rows] = other[i, :, rows]
        images[i, :, :, cols] = other[i, :, :, cols]
    return images


def fly(images, gen):
    """Another camera on another day, one after the other as it happens there: the lens, the light, the
    sensor's noise, the file's compression. Each chip gets its own; the lens is one to an eighth of them."""
    parts = []
    for part in images.split(max(1, len(images) // 8)):
        parts.append(gaussian(part, float(uniform(0.3, 2.0, (1,), gen))))
    images = torch.cat(parts)
    count = len(images)
    images = images * uniform(0.85, 1.15, (count, 3, 1, 1), gen) + uniform(-10, 10, (count, 3, 1, 1), gen)
    images = images + torch.randn(images.shape, generator=gen) * uniform(0, 6, (count, 1, 1, 1), gen)
    return jpeg(images, torch.randint(50, 95, (count,), generator=gen))


def normalise(images):
    images = images.clamp(0, 255).round() / SCALE - 1
    return images.contiguous(memory_format=torch.channels_last)


def augment(stored, gen, flights=False):
    """uint8 [N,3,STORE,STORE] -> network input. The batch is in random order, so 'the first third'
    is a random third. Every third chip keeps its light and sharpness, as most chips at work do; with
    'flights' the others differ as flights of one county do, and otherwise as cameras of the world do."""
    images = warp(stored.float(), gen)
    if flights:
        images = intrude(images, gen)
        plain = images[::3].clone()
        images = fly(images, gen)
        images[::3] = plain
        return normalise(images)
    plain = images[::3].clone()
    images = soften(images, gen)
    images = relight(images, gen)
    images = roughen(images.clamp(0, 255), gen)
    images[::3] = plain
    return normalise(images)


def centre(stored):
    margin = (STORE - CHIP) // 2
    return stored[:, :, margin:margin + CHIP, margin:margin + CHIP].float()


# ---------------------------------------------------------------- training

class Average:
    """Exponential moving average of weights and BatchNormalization statistics; it is what ships.

    The last epochs' noise averages out, worth about an epoch or two of training for nothing."""

    def __init__(self, net, decay):
        self.decay = decay
        self.steps = 0
        self.state = {k: v.detach().clone() for k, v in net.state_dict().items()}

    def update(self, net):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for key, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)


def optimiser_for(net, args):
    """AdamW; no decay on biases and normalisation, a higher rate for the new head."""
    decayed, plain, head = [], [], []
    for name, param in net.named_parameters():
        if name.startswith("head."):
            head.append(param)
        else:
            (decayed if param.ndim > 1 else plain).append(param)
    return torch.optim.AdamW([
        {"params": decayed, "weight_decay": args.weight_decay, "peak": args.lr},
        {"params": plain, "weight_decay": 0.0, "peak": args.lr},
        {"params": head, "weight_decay": args.weight_decay, "peak": args.lr * 3},
    ], lr=args.lr)


def rate(at, args):
    """Share of the peak rate at 'at' epochs: one epoch of linear warm-up, a cosine to zero; then, in
    the finishing epochs and again in the flight epochs, a lower cosine to zero."""
    if at < 1:
        return at
    if at <= args.epochs:
        return 0.5 * (1 + math.cos(math.pi * (at - 1) / max(1, args.epochs - 1)))
    at -= args.epochs
    if at <= args.finish:
        return 0.5 * args.finish_rate * (1 + math.cos(math.pi * at / args.finish))
    return 0.5 * args.finish_rate * (1 + math.cos(math.pi * (at - args.finish) / args.flights))


def epoch_order(real, extra, flown, epoch, args, gen):
    """This epoch's chips, shuffled: every real one, in the last epochs with a draw of the extra ones, in
    the finishing epochs with all of them, and in the flight epochs with a draw of those for flights.

    The extra chips come late: they are drawings, and must not teach the early layers what the world
    looks like."""
    order = real[torch.randperm(len(real), generator=gen)]
    if epoch >= args.epochs + args.finish:
        order = torch.cat([order, flown[torch.randperm(len(flown), generator=gen)[:args.flown_per_epoch]]])
    elif len(extra) and epoch >= args.epochs - args.extra_last:
        count = min(args.extra_per_epoch, len(extra)) if epoch < args.epochs else len(extra)
        order = torch.cat([order, extra[torch.randperm(len(extra), generator=gen)[:count]]])
    order = order[torch.randperm(len(order), generator=gen)]
    # Whole batches only: BatchNormalization dislikes a last batch of three.
    return order[:len(order) // args.batch * args.batch]


def start_anew(net, gen):
    """Weights as if never trained: He et al. 2015 for convolutions, normalisation at rest."""
    for part in net.parts.values():
        if isinstance(part, nn.Conv2d):
            fan_out = part.out_channels // part.groups * part.kernel_size[0] * part.kernel_size[1]
            part.weight.data.normal_(0, math.sqrt(2 / max(1, fan_out)), generator=gen)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.BatchNorm2d):
            part.reset_parameters()
            part.reset_running_stats()


def start_from(net, path):
    """Weights of a PyTorch file: a checkpoint of this script, or any state dict whose tensors come in the
    same order and shapes (torchvision's MobileNetV2 of the same width does). Its last layer is left out."""
    saved = torch.load(path, map_location="cpu")
    saved = saved.get("average", saved.get("state_dict", saved))
    theirs = [(k, v) for k, v in saved.items() if v.dtype.is_floating_point and not k.startswith(("head.", "classifier."))]
    ours = [(k, v) for k, v in net.state_dict().items() if v.dtype.is_floating_point and not k.startswith("head.")]
    for (name, value), (other, taken) in zip(ours, theirs):
        if value.shape != taken.shape:
            sys.exit(f"{path}: '{other}' is {tuple(taken.shape)}, the network of --base has {tuple(value.shape)} there ({name})")
        value.copy_(taken)
    if len(ours) != len(theirs):
        sys.exit(f"{path}: {len(theirs)} tensors, the network of --base has {len(ours)}")


def train(stage, images, labels, real, extra, flown, base, classes, args):
    """Train one network; returns the averaged one on the CPU, ready to be measured. Resumes by itself."""
    path = os.path.join(args.work, f"{stage}.pt")
    seed = args.seed * 1000 + sum(map(ord, stage))
    gen = torch.Generator().manual_seed(seed)
    net = Network(base, classes, gen)
    if args.start == "scratch":
        start_anew(net, gen)
    elif args.start != "base":
        start_from(net, args.start)
    net = net.to(args.device, memory_format=torch.channels_last)
    optimiser = optimiser_for(net, args)
    average = Average(net, args.ema)
    done = 0
    if os.path.exists(path):
        saved = torch.load(path, map_location=args.device)
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        average.state, average.steps = saved["average"], saved["steps"]
        done = saved["epoch"]
        print(f"{stage}: resuming after epoch {done}", file=sys.stderr)

    loss_of = nn.CrossEntropyLoss(label_smoothing=args.smoothing)
    epochs = args.epochs + args.finish + args.flights
    for epoch in range(done, epochs):
        # Everything random in an epoch comes from its own generator: a resumed run draws the same.
        gen = torch.Generator().manual_seed(seed * 1000 + epoch)
        order = epoch_order(real, extra, flown, epoch, args, gen)
        batches = order.split(args.batch)
        start, loss_sum, right = time.time(), 0.0, 0
        net.train()
        for number, batch in enumerate(batches):
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * rate(epoch + (number + 1) / len(batches), args)
            wanted = labels[batch].to(args.device)
            logits = net(augment(images[batch], gen, epoch >= args.epochs + args.finish).to(args.device))
            loss = loss_of(logits, wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            average.update(net)
            loss_sum += float(loss) * len(batch)
            right += int((logits.argmax(1) == wanted).sum())
        save_whole(path, {"net": net.state_dict(), "optimiser": optimiser.state_dict(),
                          "average": average.state, "steps": average.steps, "epoch": epoch + 1})
        print(f"{stage}: epoch {epoch + 1}/{epochs} loss {loss_sum / len(order):.4f} "
              f"training accuracy {right / len(order):.4f} {time.time() - start:.0f} s",
              file=sys.stderr, flush=True)
    net.load_state_dict(average.state)
    return net.cpu().eval()


def save_whole(path, value):
    torch.save(value, path + ".tmp")
    os.replace(path + ".tmp", path)


@torch.no_grad()
def logits_of(net, stored, disturb=lambda x: x):
    out = [net(normalise(disturb(centre(part)).clamp(0, 255))) for part in stored.split(64)]
    return torch.cat(out)


# ---------------------------------------------------------------- figures

def regrouped(probabilities, scheme, names):
    """Sum the model's probabilities over each map class: [N, classes of the scheme]."""
    columns = [[names.index(n) for n in c["from"]] for c in scheme["classes"]]
    return torch.stack([probabilities[:, c].sum(1) for c in columns if c], 1)


def regrouped_labels(labels, scheme, names):
    table = torch.full((len(names),), -1)
    for value, entry in enumerate(c for c in scheme["classes"] if c["from"]):
        for name in entry["from"]:
            table[names.index(name)] = value
    return table[labels]


def accuracy(probabilities, labels):
    return float((probabilities.argmax(1) == labels).float().mean())


def calibration_error(probabilities, labels):
    """Expected calibration error: |accuracy - confidence| over equal bins of confidence, weighted."""
    confidence, guess = probabilities.max(1)
    right = (guess == labels).float()
    bins = (confidence * BINS).long().clamp(max=BINS - 1)
    error = 0.0
    for i in range(BINS):
        inside = bins == i
        if inside.any():
            error += float(inside.float().mean()
                           * (right[inside].mean() - confidence[inside].mean()).abs())
    return error


def calibration_error_by_chance(probabilities, draws=200):
    """The mean error that as many chips would show if every probability meant what it says: what no network gets below."""
    confidence = probabilities.max(1).values
    classes = torch.tensor([[1.0, 0.0]]).repeat(len(confidence), 1) * confidence[:, None]
    gen, error = torch.Generator().manual_seed(1), 0.0
    for _ in range(draws):
        wrong = (torch.rand(len(confidence), generator=gen) >= confidence).long()
        error += calibration_error(classes, wrong) / draws
    return error


def fit_temperature(logits, labels):
    """The T that minimises the negative log-likelihood of softmax(logits / T) (Guo et al. 2017)."""
    log_t = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(logits / log_t.exp(), labels)
        loss.backward()
        return loss
    optimiser.step(closure)
    return float(log_t.exp())


def score_scale(logits, labels, gap=12.0):
    """The factor of src/models/score_scale.h: it brings the median score of chips of different classes to `gap`
    log-odds above that of a chip beside itself."""
    generator = torch.Generator().manual_seed(1)
    a, b = torch.randint(len(labels), (2, 4096), generator=generator)
    a, b = a[labels[a] != labels[b]], b[labels[a] != labels[b]]

    def odds(x, y):
        return (x * (1 - y)).sum(1).log() - (x * y).sum(1).log()

    low, high = 0.2, 5.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        p = (logits.double() * middle).softmax(1)
        low, high = (middle, high) if odds(p[a], p[b]).median() - odds(p, p).median() < gap else (low, middle)
    return (low * high) ** 0.5


def shipped_scale(scale):
    """These networks' scores are the unit of the detector's constants, so their factor is 1; but one that leaves the
    others by more than folds leave each other (0.85 and 1.06 were measured) says its own."""
    return 1.0 if 0.8 <= scale <= 1.25 else round(scale, 4)


def calibrated_apart(logits, labels, part):
    """Probabilities whose temperature was fitted on the *other* parts, so that the error printed
    after scaling is not measured on the chips that set the temperature."""
    out = torch.empty_like(logits)
    for value in part.unique():
        mine = part == value
        out[mine] = (logits[mine] / fit_temperature(logits[~mine], labels[~mine])).softmax(1)
    return out


def measure_fold(net, stored, labels):
    """Logits for every disturbance; figures are made from them later, over all folds at once."""
    return {"labels": labels, "logits": {name: logits_of(net, stored, f) for name, f in DISTURBANCES}}


def figures(folds, schemes, names):
    """All validation figures from the folds' logits. Everything here lands in model.json."""
    labels = torch.cat([f["labels"] for f in folds.values()])
    logits = {n: torch.cat([f["logits"][n] for f in folds.values()]) for n, _ in DISTURBANCES}
    clean = logits["none"]
    # Parts for calibration: the folds; or, of a single fold, its even and odd chips.
    if len(folds) > 1:
        part = torch.cat([torch.full((len(f["labels"]),), i) for i, f in enumerate(folds.values())])
    else:
        part = torch.arange(len(labels)) % 2
    raw, scaled = clean.softmax(1), calibrated_apart(clean, labels, part)
    seven, three = schemes["landcover-7"], schemes["developed-3"]

    def three_figures(probabilities):
        return {
            "overall_accuracy_21": accuracy(probabilities, labels),
            "overall_accuracy_landcover_7": accuracy(regrouped(probabilities, seven, names),
                                                     regrouped_labels(labels, seven, names)),
            "overall_accuracy_developed_3": accuracy(regrouped(probabilities, three, names),
                                                     regrouped_labels(labels, three, names))}

    confusion = torch.zeros(len(names), len(names), dtype=torch.long)
    confusion.index_put_((scaled.argmax(1), labels), torch.ones_like(labels), accumulate=True)
    temperature = fit_temperature(clean, labels)
    robustness = []
    base7 = regrouped(scaled, seven, names).argmax(1)
    for name, _ in DISTURBANCES:
        probabilities = (logits[name] / temperature).softmax(1)
        now7 = regrouped(probabilities, seven, names).argmax(1)
        row = {"disturbance": name}
        row.update(three_figures(probabilities))
        row["unchanged_landcover_7"] = float((now7 == base7).float().mean())
        robustness.append(row)
    recall = {n: float(confusion[i, i] / max(1, int(confusion[:, i].sum())))
              for i, n in enumerate(names)}
    result = {"chips": len(labels), "folds": sorted(folds), "block_file_numbers": BLOCK,
              "guard_file_numbers": GUARD}
    result.update(three_figures(scaled))
    result.update({
        "per_fold": {str(k): {"chips": len(f["labels"]),
                              "overall_accuracy_21": accuracy(f["logits"]["none"], f["labels"])}
                     for k, f in folds.items()},
        "calibration_error_before": calibration_error(raw, labels),
        "calibration_error_after": calibration_error(scaled, labels),
        "calibration_error_landcover_7_after": calibration_error(
            regrouped(scaled, seven, names), regrouped_labels(labels, seven, names)),
        "mean_confidence_after": float(scaled.max(1).values.mean()),
        "temperature": temperature, "score_scale": score_scale(clean / temperature, labels),
        "producers_accuracy": recall, "robustness": robustness})
    return rounded(result), confusion.tolist(), temperature


def rounded(value):
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return value


# ---------------------------------------------------------------- export

def folded(conv, norm):
    """Weight and bias of the convolution that does conv + BatchNormalization, if there is one; in double, because
    small variances make large factors."""
    if norm is None:
        return conv.weight.detach().numpy(), conv.bias.detach().numpy()
    scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
    weight = conv.weight.double() * scale.view(-1, 1, 1, 1)
    bias = norm.bias.double() - norm.running_mean.double() * scale
    return weight.float().detach().numpy(), bias.float().detach().numpy()


def folded_graph(net, base, features):
    """(nodes, weights) of the network without its head, BatchNormalization folded; the last value is
    called 'features'.

    The graph is the base graph with its BatchNormalization nodes melted into the convolutions
    before them, so strides and the unequal pads stay as they came."""
    norms = {n.input[0]: n for n in base.graph.node if n.op_type == "BatchNormalization"}
    last = base.graph.output[0].name
    nodes, weights = [], [numpy_helper.from_array(np.float32(0), "relu6_low"),
                          numpy_helper.from_array(np.float32(6), "relu6_high")]
    for node in base.graph.node:
        if node.op_type == "BatchNormalization":
            continue
        outputs = [features if o == last else o for o in node.output]
        copy = helper.make_node(node.op_type, list(node.input), outputs, outputs[0])
        copy.attribute.extend(node.attribute)
        if node.op_type == "Conv":
            norm = norms.get(node.output[0])        # none where the base came with its normalisation folded
            made = norm.output[0] if norm else outputs[0]
            name = made.removesuffix("_o")
            weight, bias = folded(net.parts[node.output[0].replace(".", "_")],
                                  net.parts[made.replace(".", "_")] if norm else None)
            weights += [numpy_helper.from_array(weight, name + ".weight"),
                        numpy_helper.from_array(bias, name + ".bias")]
            del copy.input[1:]
            copy.input.extend([name + ".weight", name + ".bias"])
            copy.output[0] = copy.name = made
        elif node.op_type == "Clip":
            copy.input[1], copy.input[2] = "relu6_low", "relu6_high"
        nodes.append(copy)
    return nodes, weights


def write_onnx(nodes, weights, name, output, width, path, chip=CHIP):
    """One ordinary ONNX file, opset 13; returns its number of weights."""
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, chip, chip])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", width])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)],
                              producer_name="train_backbone.py", ir_version=8)
    helper.set_model_props(model, {"license": "Apache-2.0", "metadata": "model.json"})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path + ".tmp")
    os.replace(path + ".tmp", path)
    return sum(int(np.prod(t.dims)) for t in weights if t.dims)


def export(net, base, temperature, path, name="aerial-21", chip=CHIP):
    """The classifier: softmax and temperature inside."""
    nodes, weights = folded_graph(net, base, "features")
    weights += [numpy_helper.from_array((net.head.weight / temperature).detach().numpy(), "head.weight"),
                numpy_helper.from_array((net.head.bias / temperature).detach().numpy(), "head.bias")]
    nodes.append(helper.make_node("Gemm", ["features", "head.weight", "head.bias"], ["logits"], "logits", transB=1))
    nodes.append(helper.make_node("Softmax", ["logits"], ["probabilities"], "probabilities", axis=1))
    return write_onnx(nodes, weights, name, "probabilities", net.head.out_features, path, chip)


def export_features(net, base, path):
    """The same network without its head, for heads of one's own."""
    nodes, weights = folded_graph(net, base, "features")
    return write_onnx(nodes, weights, "aerial-features", "features", net.features(), path)


def check_export(net, temperature, path, features_path, stored):
    """Read the files back and compare with the network in training form, on real chips."""
    again, trunk = Network(onnx.load(path)).eval(), Network(onnx.load(features_path)).eval()
    inputs = normalise(centre(stored))
    with torch.no_grad():
        wanted, got = (net(inputs) / temperature).softmax(1), again(inputs)
        by_hand = (net.head(trunk(inputs)) / temperature).softmax(1)
    worst = float(max((wanted - got).abs().max(), (wanted - by_hand).abs().max()))
    print(f"export: read back, largest difference in probability {worst:.2g}", file=sys.stderr)
    if worst > 1e-4:
        sys.exit(f"{path}: differs from the trained network by {worst}; not shipped")


# ---------------------------------------------------------------- model.json and card

def describe(args, names, scheme21, metrics, confusion, parameters, counts, hashes, path):
    """model.json of the classifier."""
    about = {
        "name": args.name, "title": "Aerial scene classifier, 21 land-use classes",
        "description": "Gives an aerial RGB chip of 224 x 224 px at 0.3 m the probabilities of 21 "
                       "land-use classes. Trained and validated as README.md beside this file says.",
        "chip": CHIP, "gsd": GSD_M, "seed": args.seed,
        "hyperparameters": {
            "epochs": args.epochs, "finishing_epochs": args.finish, "finishing_rate": args.finish_rate,
            "flight_epochs": args.flights, "flown_per_epoch": args.flown_per_epoch, "batch": args.batch,
            "optimizer": "AdamW", "lr": args.lr,
            "weight_decay": args.weight_decay, "label_smoothing": args.smoothing, "ema": args.ema,
            "extra_per_epoch": args.extra_per_epoch, "extra_last_epochs": args.extra_last,
            "seed": args.seed},
        "more": {}}
    item = stac_item(about, names, scheme21, metrics, confusion, parameters, counts, hashes, path)
    write_text(os.path.join(args.out, "model.json"), pretty(item) + "\n")
    return item


def stac_item(about, names, scheme21, metrics, confusion, parameters, counts, hashes, path):
    """The STAC item (machine-learning-model extension) that everything else reads the model from."""
    with open(path, "rb") as file:
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    looks = {c["from"][0]: c for c in scheme21["classes"]}
    bands = ["red", "green", "blue"]
    properties = {
        "title": about["title"],
        "description": about["description"],
        "datetime": None,
        "start_datetime": "1900-01-01T00:00:00Z",
        "end_datetime": "9999-12-31T23:59:59Z",
        "license": "Apache-2.0",
        "mlm:name": about["name"],
        "mlm:architecture": about.get("architecture", "MobileNetV2 0.35"),
        "mlm:tasks": ["scene-classification"],
        "mlm:framework": "ONNX",
        "mlm:total_parameters": parameters,
        "mlm:pretrained": True,
        "mlm:pretrained_source": f"ImageNet ({about.get('origin', 'Keras applications, Apache-2.0')})",
        "mlm:input": [{
            "name": "RGB chip",
            "bands": bands,
            "input": {"shape": [-1, 3, about["chip"], about["chip"]],
                      "dim_order": ["batch", "channel", "height", "width"],
                      "data_type": "float32"},
            "value_scaling": [{"type": "z-score", "mean": SCALE, "stddev": SCALE}] * 3,
            "resize_type": None}],
        "mlm:output": [{
            "name": "probabilities",
            "tasks": ["scene-classification"],
            "result": {"shape": [-1, len(names)], "dim_order": ["batch", "class"],
                       "data_type": "float32"},
            "classification:classes": [
                {"value": i, "name": n, "title": looks[n]["title"],
                 "color_hint": looks[n]["color"].lstrip("#").upper()} for i, n in enumerate(names)]}],
        "mlm:hyperparameters": about["hyperparameters"],
        "landuse:chip_size_px": about["chip"],
        "landuse:gsd_m": about["gsd"],
        **about["more"],
        "landuse:scheme": "landcover-7",
        "landuse:seed": about["seed"],
        "landuse:training_data": counts,
    }
    if metrics:
        # A state that was saved before the scale was measured has none.
        properties["landuse:score_scale"] = shipped_scale(metrics.get("score_scale", 1.0))
        properties["landuse:metrics"] = metrics
        properties["landuse:confusion"] = {
            "description": "chips of the held-out blocks; rows = predicted, columns = reference; "
                           "order of classification:classes",
            "counts": confusion}
    item = {
        "type": "Feature", "stac_version": "1.0.0",
        "stac_extensions": [
            "https://stac-extensions.github.io/mlm/v1.5.0/schema.json",
            "https://stac-extensions.github.io/classification/v2.0.0/schema.json",
            "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
            "https://stac-extensions.github.io/file/v2.1.0/schema.json"],
        "id": about["name"], "geometry": None, "properties": properties,
        "links": [],
        "assets": {
            "model": {
                "href": "./model.onnx",
                "title": "Network, softmax included, temperature folded in",
                "type": "application/octet-stream; application=onnx",
                "roles": ["mlm:model", "mlm:weights"],
                "mlm:artifact_type": "onnx",
                # "file:checksum" is a multihash: 12 = sha2-256, 20 = 32 bytes.
                "file:checksum": "1220" + digest,
                "file:size": len(data),
                "landuse:sha256": digest,
                "raster:bands": [{"name": b, "data_type": "uint8", "spatial_resolution": about["gsd"]}
                                 for b in bands]},
            "card": {"href": "./README.md", "title": "Model card", "type": "text/markdown",
                     "roles": ["metadata"]}}}
    properties["landuse:training_chips"] = sorted(h[:16] for h in hashes)
    return item


def describe_features(item, args, width, parameters, path):
    """The item of the network without its head: the same input, a row of features out."""
    with open(path, "rb") as file:
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    item["id"] = FEATURES
    properties = item["properties"]
    for key in ("landuse:metrics", "landuse:confusion", "landuse:scheme", "landuse:score_scale"):
        properties.pop(key, None)
    properties.update({
        "title": f"Aerial features, {width} a chip",
        "description": f"Gives an aerial RGB chip of 224 x 224 px at 0.3 m {width} features, on which a head of "
                       f"one's own classes is trained: {args.name} without its last layer.",
        "mlm:name": FEATURES, "mlm:tasks": ["feature-extraction"], "mlm:total_parameters": parameters})
    properties["mlm:output"] = [{
        "name": "features", "tasks": ["feature-extraction"],
        "result": {"shape": [-1, width], "dim_order": ["batch", "feature"], "data_type": "float32"}}]
    item["assets"]["model"].update({
        "title": "Network up to the global average pool",
        "file:checksum": "1220" + digest, "file:size": len(data), "landuse:sha256": digest})
    item["stac_extensions"] = [e for e in item["stac_extensions"] if "/classification/" not in e]
    write_text(os.path.join(args.features_out, "model.json"), pretty(item) + "\n")
    write_text(os.path.join(args.features_out, "README.md"), "\n".join([
        f"# {FEATURES}", "",
        f"One aerial RGB chip of 224 × 224 px at 0.3 m in, {width} features out: {args.name} without its last layer, for "
        "heads of your own classes:", "",
        "```sh", f"landuse train chips/ --backbone {FEATURES} -o models/county", "```", "",
        f"Data, recipe, limits and licence are those of [{args.name}](../{args.name}/README.md). Chips that it learned from "
        "are listed in `model.json`; a head's figures on those chips flatter it, because the features have seen them: "
        "measure a head on other chips.", "",
        "This page is written by `tools/train_backbone.py`; change it there.", ""]))


def pretty(value):
    """Indented JSON, but rows of numbers stay on one line: a 21 x 21 matrix should look like one."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    text = re.sub(r"\[\s+(-?[\d.]+(?:,\s+-?[\d.]+)*)\s+\]",
                  lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text)
    return re.sub(r"\[\s+(\"[0-9a-f]{16}\"(?:,\s+\"[0-9a-f]{16}\")*)\s+\]",
                  lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text)


def write_text(path, text):
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".tmp", path)


def percent(value):
    return f"{100 * value:.1f} %"


def worst_disturbed(metrics):
    """(name, accuracy in percent) of the disturbance that costs most, changes of scale aside."""
    rows = [r for r in metrics["robustness"] if not r["disturbance"].startswith("ground pixel")]
    worst = min(rows, key=lambda r: r["overall_accuracy_21"])
    return worst["disturbance"], percent(worst["overall_accuracy_21"])


def card_figures(metrics, names, chosen="Nothing but the temperature was chosen on these chips."):
    """The measured part of the card, as Markdown."""
    if not metrics:
        return ["## Validation", "", "Not validated yet: built without `--folds`.", ""]
    blocks = ", ".join(f"{k} (file numbers {k * BLOCK}-{k * BLOCK + BLOCK - 1}: "
                       f"{percent(v['overall_accuracy_21'])} of {v['chips']})"
                       for k, v in sorted((int(k), v) for k, v in metrics["per_fold"].items()))
    low = sorted(metrics["producers_accuracy"].items(), key=lambda x: x[1])[:5]
    lines = [
        "## Accuracy on unseen ground", "",
        f"On {metrics['chips']} chips of whole held-out blocks, each scored by a network that saw neither "
        f"the block nor the {GUARD} file numbers beside it. Blocks: {blocks}. The shipped network was "
        "trained by the same recipe on all blocks, so these figures are of its recipe, not of itself. "
        f"{chosen}", "",
        "| measure | value |", "|---|---|",
        f"| overall accuracy, 21 classes | {percent(metrics['overall_accuracy_21'])} |",
        f"| overall accuracy, scheme landcover-7 | {percent(metrics['overall_accuracy_landcover_7'])} |",
        f"| overall accuracy, scheme developed-3 | {percent(metrics['overall_accuracy_developed_3'])} |",
        f"| expected calibration error before temperature scaling | {metrics['calibration_error_before']:.3f} |",
        f"| after (temperature fitted on the other part of the chips) | {metrics['calibration_error_after']:.3f} |",
        f"| the same, scheme landcover-7 | {metrics['calibration_error_landcover_7_after']:.3f} |",
        f"| temperature, folded into the last layer | {metrics['temperature']:.3f} |"]
    if "chance_fifth" in metrics:
        fifth = metrics["chance_fifth"]
        lines[0:0] = [
            "## Accuracy on other chips of the same scenes", "",
            f"On {fifth['chips']} chips, a fifth of every class drawn by chance, scored by a network that was trained "
            "on the rest. Chips that show the same street as a chip it was trained on are among them, so this predicts "
            "further chips of the same collection, not new ground; for new ground see the next table.", "",
            "| measure | value |", "|---|---|",
            f"| overall accuracy, 21 classes | {percent(fifth['overall_accuracy_21'])} |",
            f"| overall accuracy, scheme landcover-7 | {percent(fifth['overall_accuracy_landcover_7'])} |",
            f"| overall accuracy, scheme developed-3 | {percent(fifth['overall_accuracy_developed_3'])} |",
            f"| expected calibration error before and after temperature scaling | "
            f"{fifth['calibration_error_before']:.3f}, {fifth['calibration_error_after']:.3f} |",
            "| least accurate when disturbed as below (without the two changes of ground pixel), 21 classes | "
            + "{}: {} |".format(*worst_disturbed(fifth)), ""]
    if "extra_unseen" in metrics:
        lines.append("| procedural chips of another seed, 21 classes / landcover-7 | "
                     f"{percent(metrics['extra_unseen']['overall_accuracy_21'])} / "
                     f"{percent(metrics['extra_unseen']['overall_accuracy_landcover_7'])} "
                     f"of {metrics['extra_unseen']['chips']} |")
    lines += [
        "", "Weakest classes (producer's accuracy): "
        + ", ".join(f"{n} {percent(v)}" for n, v in low) + ".", "",
        "This is accuracy on pure, balanced chips that were cut around their subject. It is **not** the "
        "accuracy of a county map: assess a map with a sample of its own.", "",
        "## Robustness", "",
        "The chips of the held-out blocks, disturbed. *Unchanged* is the share whose landcover-7 class stays what it was "
        "on the undisturbed chip: what two flights of an unchanged county would agree on."
        + (" *Same scenes*: the chips drawn by chance, 21 classes." if "chance_fifth" in metrics else ""), "",
        "| disturbance | 21 classes | landcover-7 | developed-3 | unchanged |" + " same scenes |" * ("chance_fifth" in metrics),
        "|---|---|---|---|---|" + "---|" * ("chance_fifth" in metrics)]
    same = {r["disturbance"]: f" {percent(r['overall_accuracy_21'])} |"
            for r in metrics.get("chance_fifth", {}).get("robustness", [])}
    lines += [f"| {r['disturbance']} | {percent(r['overall_accuracy_21'])} | "
              f"{percent(r['overall_accuracy_landcover_7'])} | {percent(r['overall_accuracy_developed_3'])} | "
              f"{percent(r['unchanged_landcover_7'])} |{same.get(r['disturbance'], '')}" for r in metrics["robustness"]]
    return lines + [""]


def write_card(args, names, metrics, parameters, counts):
    """README.md: the words live here so that card and figures cannot drift apart."""
    extra = counts["procedural_chips"]
    command = " ".join(
        ["tools/train_backbone.py --base BASE.onnx --chips UCMERCED"]
        + (["--extra PROCEDURAL"] if extra else [])
        + (["--extra-flown PROCEDURAL_2"] if args.extra_flown else [])
        + ["--schemes config/schemes --work WORK --out models/" + args.name,
           f"--features-out models/{FEATURES} --folds {args.folds or 'none'}" + " --fifth" * args.fifth
           + f" --epochs {args.epochs} --seed {args.seed}"])
    text = [
        f"# {args.name}", "",
        "Scene classifier for aerial RGB imagery: one chip of 224 × 224 px at 0.3 m in, the probabilities "
        f"of {len(names)} land-use classes out. MobileNetV2 0.35, {parameters:,} weights. `model.json` is the "
        "machine-readable card (STAC machine-learning-model item); bands, scaling, classes, chip size, "
        "ground resolution and the file's hash are read from there, nothing is assumed.", "",
        "This page is written by `tools/train_backbone.py`; change it there.", "",
        "## Data", "",
        f"- {counts['ucmerced_chips']} of the 2,100 chips of UC Merced Land Use (Yang and Newsam, *Bag-of-visual-words and "
        "spatial extensions for land-use classification*, ACM GIS 2010): 21 classes, 256 × 256 px, 0.3 m, "
        "cut from USGS National Map imagery of US cities, public domain."]
    if extra:
        text.append(
            f"- {extra} procedural chips drawn by {args.extra_note}, of which each of the last "
            f"{args.extra_last} of the {args.epochs} epochs sees {min(extra, args.extra_per_epoch)} and each finishing epoch all. They let the model read the sample "
            "county, which the same program draws; they are not counted in the validation.")
    flown = counts.get("procedural_chips_of_flights", 0)
    if flown:
        text.append(f"- {flown} more, drawn by {counts['procedural_source_of_flights']}, of which each flight epoch sees "
                    f"{min(flown, args.flown_per_epoch)}; these are not counted, either.")
    text += [
        "", "## Recipe", "",
        "All layers of the ImageNet network are fine-tuned with a new linear layer and softmax: AdamW "
        f"(rate {args.lr:g}, three times that for the new layer, weight decay {args.weight_decay:g}), one epoch "
        f"of warm-up and a cosine to zero over {args.epochs} epochs of batches of {args.batch}, then {args.finish} finishing "
        f"epochs from {args.finish_rate:g} of that rate to zero, label smoothing "
        f"{args.smoothing:g}, the weights' moving average ({args.ema:g}) is kept. Augmentation: window and scale, "
        "quarter turns and mirrors, blur down to 1 m, gamma, contrast, brightness, gain and offset per "
        "channel, saturation, noise, JPEG; every third chip keeps its light and sharpness. "
        f"Then come {args.flights} flight epochs at the finishing rate, in which two of three chips are seen as another flight over the same "
        f"county would: up to {NEIGHBOUR} px of a neighbour along two sides of every other chip, a lens out of focus (Gaussian, 0.3 to 2 px), a cast, noise, "
        "JPEG 50 to 94, one after the other. A temperature fitted on the held-out blocks is folded into the last "
        "layer.", "",
        f"Seed {args.seed}. An epoch takes about half a minute on a server core without a GPU, a finishing epoch one, a flight epoch two:", "",
        "```", command, "```", ""]
    text += card_figures(metrics, names)
    text += [
        "## Limits", "",
        "- Trained at 0.3 m. Coarser imagery works by blur-robustness only (see the rows above); ground of a "
        "different extent per chip is a different picture.",
        "- RGB only, leaf-on and leaf-off mixed as the source had it, US cities and their surroundings. Snow, "
        "desert, mines and other countries were never seen.",
        "- No wetland class, no open grassland (golf courses stand in for Herbaceous), no bare ground but beach, "
        "no open water but rivers and harbors, unless drawn. The scheme files say how classes are regrouped.",
        "- A chip that holds several classes gets one answer.",
        "- The classes are pure and balanced here, and are neither in a county.", "",
        "## Licence and attribution", "",
        "Apache-2.0. Derived from the MobileNetV2 0.35 ImageNet weights of Keras applications / TensorFlow "
        "models (Apache-2.0): every layer was fine-tuned, and normalisation folded into the convolutions. "
        "MobileNetV2: Sandler et al., CVPR 2018. Training chips: UC Merced Land Use, USGS imagery in the "
        "public domain.", ""]
    write_text(os.path.join(args.out, "README.md"), "\n".join(text))


# ---------------------------------------------------------------- the whole

def parse_args():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path = parser.add_argument_group("paths")
    path.add_argument("--base", required=True, help="ImageNet MobileNetV2 features (ONNX)")
    path.add_argument("--chips", required=True, help="labelled chips, DIR/CLASS/NAMENN.jpg")
    path.add_argument("--extra", help="more chips, DIR/CLASS/NNN.png, trained on with small weight")
    path.add_argument("--extra-note", default="`sample-county --chips`",
                      help="how the extra chips were made, for the card (default %(default)s)")
    path.add_argument("--extra-flown", help="chips of the same kind for the flight epochs (default: those of --extra)")
    path.add_argument("--extra-flown-note", default="`sample-county --chips`", help="how those were made, for the card")
    path.add_argument("--extra-unseen", help="chips of the same kind, only measured on")
    path.add_argument("--schemes", required=True, help="folder of class schemes (config/schemes)")
    path.add_argument("--work", required=True, help="folder for checkpoints")
    path.add_argument("--out", required=True, help="folder for model.onnx, model.json, README.md")
    path.add_argument("--features-out", required=True, help="the same for the network without its head")
    recipe = parser.add_argument_group("recipe (the defaults made the shipped model)")
    recipe.add_argument("--name", default="aerial-21")
    recipe.add_argument("--folds", default="1,3",
                        help="blocks to hold out, one network each, or 'none' (default %(default)s)")
    recipe.add_argument("--fifth", action="store_true",
                        help="hold out a fifth drawn by chance, too, for the card")
    recipe.add_argument("--epochs", type=int, default=30)
    recipe.add_argument("--finish", type=int, default=6, help="epochs after those, with every extra chip")
    recipe.add_argument("--finish-rate", type=float, default=0.3, help="their peak rate, as a share of --lr")
    recipe.add_argument("--flights", type=int, default=6,
                        help="epochs after those, of chips as two flights see them (default %(default)s)")
    recipe.add_argument("--flown-per-epoch", type=int, default=2800, help="extra chips in each (default %(default)s)")
    recipe.add_argument("--batch", type=int, default=32)
    recipe.add_argument("--lr", type=float, default=1e-3)
    recipe.add_argument("--weight-decay", type=float, default=0.02)
    recipe.add_argument("--smoothing", type=float, default=0.05)
    recipe.add_argument("--ema", type=float, default=0.99)
    recipe.add_argument("--extra-per-epoch", type=int, default=256)
    recipe.add_argument("--extra-last", type=int, default=6,
                        help="epochs at the end that mix them in (default %(default)s)")
    recipe.add_argument("--seed", type=int, default=1)
    recipe.add_argument("--start", default="base", metavar="base|scratch|FILE.pt",
                        help="where weights begin: those of --base, anew, or a PyTorch file (default %(default)s)")
    recipe.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu",
                        help="where to train (here: %(default)s)")
    recipe.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.folds = "" if args.folds == "none" else args.folds
    if args.start not in ("base", "scratch") and not os.path.isfile(args.start):
        parser.error(f"--start {args.start}: no such file (base, scratch, or a PyTorch file)")
    return args


def load_schemes(folder):
    schemes = {}
    for entry in sorted(os.listdir(folder)):
        if entry.endswith(".yaml"):
            with open(os.path.join(folder, entry), encoding="utf-8") as file:
                scheme = yaml.safe_load(file)
            schemes[scheme["name"]] = scheme
    return schemes


def check_schemes(schemes, names):
    """Every model class in exactly one map class, or deliberately unmapped; values start at 1."""
    for name, scheme in schemes.items():
        used = [n for c in scheme["classes"] for n in c["from"]] + scheme.get("unmapped", [])
        if sorted(used) != names:
            odd = sorted(set(used) ^ set(names)) or sorted(n for n in set(used) if used.count(n) > 1)
            sys.exit(f"{name}: model classes must each appear once in 'from' or 'unmapped': {odd}")
        if [c["value"] for c in scheme["classes"]] != list(range(1, len(scheme["classes"]) + 1)):
            sys.exit(f"{name}: values must be 1, 2, 3 ...; 0 means not mapped")


def measure_extra(net, args, names, schemes):
    stored, labels, _, _ = load_folder(args.extra_unseen, names)
    probabilities = logits_of(net, stored).softmax(1)
    seven = schemes["landcover-7"]
    return rounded({
        "chips": len(labels), "overall_accuracy_21": accuracy(probabilities, labels),
        "overall_accuracy_landcover_7": accuracy(regrouped(probabilities, seven, names),
                                                 regrouped_labels(labels, seven, names))})


def main():
    args = parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.work, exist_ok=True)
    os.makedirs(args.out, exist_ok=True)
    os.makedirs(args.features_out, exist_ok=True)
    base = onnx.load(args.base)
    names = sorted(e for e in os.listdir(args.chips) if os.path.isdir(os.path.join(args.chips, e)))
    schemes = load_schemes(args.schemes)
    check_schemes(schemes, names)

    images, labels, numbers, hashes = load_folder(args.chips, names)
    counts = {"ucmerced_chips": len(images), "procedural_chips": 0,
              "source": "UC Merced Land Use (Yang and Newsam 2010), USGS imagery, public domain"}
    extra = torch.arange(0)
    if args.extra:
        images, labels, extra = with_more(images, labels, args.extra, names)
        counts["procedural_chips"] = len(extra)
        counts["procedural_source"] = args.extra_note
    flown = extra
    if args.extra_flown:
        images, labels, flown = with_more(images, labels, args.extra_flown, names)
        counts["procedural_chips_of_flights"] = len(flown)
        counts["procedural_source_of_flights"] = args.extra_flown_note
    print(f"{len(numbers)} chips, {len(extra)} extra, {len(names)} classes", file=sys.stderr)

    def held_out(stage, split):
        """Train without the held-out chips, unless that was done before; what was measured on them."""
        path = os.path.join(args.work, f"{stage}-measured.pt")
        seen, held = (torch.from_numpy(i) for i in split)
        if not os.path.exists(path):
            net = train(stage, images, labels, seen, extra, flown, base, len(names), args)
            save_whole(path, measure_fold(net, images[held], labels[held]))
        measured = torch.load(path)
        oa = accuracy(measured["logits"]["none"], measured["labels"])
        print(f"{stage}: {oa:.4f} of {len(held)} held-out chips", file=sys.stderr, flush=True)
        return measured

    fifth = None
    if args.fifth:
        fifth = held_out("fifth", chance_split(labels[:len(numbers)].numpy(), args.seed))
    folds = {fold: held_out(f"fold-{fold}", block_split(numbers, fold))
             for fold in (int(f) for f in args.folds.split(",") if f)}

    net = train("full", images, labels, torch.arange(len(numbers)), extra, flown, base, len(names), args)
    metrics, confusion, temperature = {}, [], 1.0
    if folds:
        metrics, confusion, temperature = figures(folds, schemes, names)
        if fifth:
            metrics["chance_fifth"] = figures({"fifth": fifth}, schemes, names)[0]
        if args.extra_unseen:
            metrics["extra_unseen"] = measure_extra(net, args, names, schemes)
    path = os.path.join(args.out, "model.onnx")
    features_path = os.path.join(args.features_out, "model.onnx")
    parameters = export(net, base, temperature, path)
    trunk_parameters = export_features(net, base, features_path)
    check_export(net, temperature, path, features_path, images[::53][:32])
    item = describe(args, names, schemes["ucmerced-21"], metrics, confusion, parameters, counts, hashes, path)
    describe_features(item, args, net.features(), trunk_parameters, features_path)
    write_card(args, names, metrics, parameters, counts)
    print(json.dumps({k: v for k, v in metrics.items() if not isinstance(v, (dict, list))}, indent=2))


if __name__ == "__main__":
    main()
