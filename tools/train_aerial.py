#!/usr/bin/python3
"""train_aerial.py: make the packages aerial and aerial-large (--name), models for aerial imagery of 0.2 to 1.2 m.

A chip is 67.2 m of ground, brought to 128 px (aerial-large: 160) before the network sees it: 0.525 m a pixel, between
the 0.3 m of a low flight and the 1 m of older NAIP. Three stages, each resumable (--work keeps what is done):

  looks     every chip as it is at work in imagery of 0.3, 0.6 and 1 m, and disturbed: other windows and scales, seasons,
            light, noise, compression. What the first half of an ImageNet MobileNetV2 (0.35; aerial-large: 1.0) makes of
            them is kept; that half stays as it is
  backbone  fine-tune the second half on UC Merced; beside the labels it learns to imitate the features of larger
            networks (--teachers), which are not needed at work, and aerial learns from aerial-large, which is made
            first (--larger): its features of the same look, and its answers
  head      a softmax regression on the backbone's features of all looks: UC Merced, drawn chips and windows of real
            NAIP. It may leave the backbone's own head only against a penalty, so that a hundred windows correct what is
            wrong and forget nothing. A window whose class a person could not tell for sure names several: any of
            them is right.

The 21 classes are those of UC Merced. A window knows only its class of landcover-7, and the head learns from it
that the classes which make that one up are together as probable as can be.

Figures, all on what the network scored has not seen:
  UC Merced  a block of file numbers, and a fifth drawn by chance: backbone and head anew without them
  NAIP       leave one picture out: the backbone has seen no NAIP, the head is fitted anew without the picture

Needs what train_backbone.py needs. One core, about an hour. glibc gives large buffers back to the system after every batch, which
can cost more than the arithmetic: MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000 in the environment keeps them.
"""
import argparse
import csv
import hashlib
import os
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

import train_backbone as tb

GSD_RANGE = (0.2, 1.2)  # m a pixel of imagery
GROUND_M = 67.2         # a side of a chip
CENTRE = 224            # px of a stored chip that are that ground at 0.3 m
LOOK = 160              # px that a disturbed look at a chip is made of
SMALL = 183             # px of a whole stored chip of as large pixels: the chip and the margin round it
RESOLUTIONS = (0.3, 0.6, 1.0)
KINDS = ("chip", "drawn", "window")
HEAD_WIDTH = 192        # components along which the head may move
TEACHER_WIDTH = 256     # principal components of the teachers' features
FEW = 4                 # chips that a network is given at once where nothing is learnt: what lies between its layers fits the cache
AGAIN_RATE = 0.5        # of the peak rate, where training goes on in descents of so many epochs
AGAIN_EPOCHS = 16
GUIDE_RATE = 3e-3       # of the layer that turns the network's features into those


class Package:
    """What tells the packages apart: the base network, where its weights are from, where its second half begins, the pixels
    that it is shown, how it is trained and how fast it is."""

    def __init__(self, name, width, origin, chip, frozen_to, recipe, speed):
        self.name, self.origin, self.chip, self.frozen_to = name, origin, chip, frozen_to
        self.recipe, self.speed = recipe, speed
        self.architecture = f"MobileNetV2 {width}"
        self.gsd = round(GROUND_M / chip, 6)


PACKAGES = {package.name: package for package in (
    Package("aerial", "0.35", "Keras applications / TensorFlow models", 128, "block_5_add",
            {"lr": 1e-3, "epochs": 50, "again": 2, "imitate": 1.0}, "2.5 times as fast as aerial-21"),
    Package("aerial-large", "1.0", "TensorFlow (its 8-bit weights, brought back to float)", 160, "t22",
            {"lr": 2.5e-4, "epochs": 20, "again": 0, "imitate": 0.5}, "takes three times the time of aerial-21"))}


# ---------------------------------------------------------------- pictures

def resized(images, size):
    """Bilinear, antialiased when shrinking: what landuse does with chips."""
    return F.interpolate(images.float(), size=(size, size), mode="bilinear", align_corners=False, antialias=True)


def coarser(images, gsd):
    """Chips taken at 0.3 m, averaged down to what a sensor of 'gsd' would have kept; no file's rounding yet."""
    if gsd == 0.3:
        return images.float()
    size = round(images.shape[2] * 0.3 / gsd)
    return F.interpolate(images.float(), size=(size, size), mode="area").round()


def at_work(stored, gsd, size):
    """What the network is given of a stored chip's centre in imagery of 'gsd'."""
    margin = (stored.shape[2] - CENTRE) // 2
    inner = stored[:, :, margin:margin + CENTRE, margin:margin + CENTRE]
    return torch.cat([resized(coarser(part, gsd), size) for part in inner.split(64)])


def store(stored, gsd, size=SMALL):
    """Chips with their margin, as imagery of 'gsd' has them: uint8 [N,3,size,size]."""
    parts = [resized(coarser(part, gsd), size).round().clamp(0, 255).to(torch.uint8) for part in stored.split(64)]
    return torch.cat(parts)


def season(images, gen):
    """Other leaves and soils: for half the chips, up to a quarter of each channel comes from the others."""
    count = len(images)
    mix = tb.uniform(-0.12, 0.25, (count, 3, 3), gen) * (torch.rand(count, generator=gen) < 0.5).float().view(-1, 1, 1)
    mix = mix * (1 - torch.eye(3))
    mix = mix + torch.diag_embed(1 - mix.sum(2))
    return torch.einsum("nij,njhw->nihw", mix, images)


def look(stored, gen, size):
    """Another look at each chip, which is shown with its margin: network input of 'size' px. The batch is in random order;
    every third chip keeps its light. The same look for every package, which shows it in its own pixels."""
    images = tb.warp(stored.float(), gen, LOOK, 0.7, 1.25)
    plain = images[::3].clone()
    images = tb.relight(season(images, gen), gen)
    images = tb.roughen(images.clamp(0, 255), gen)
    images[::3] = plain
    return tb.normalise(images if size == LOOK else resized(images, size))


def window_store(picture, row, package):
    """A labelled window of 1 m imagery with the margin that a stored chip has, mirrored beyond the picture; and as
    the network is given it at work."""
    size, x, y = (int(row[key]) for key in ("size_px", "x_px", "y_px"))
    margin = round(size * (SMALL / LOOK - 1) / 2)
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    cut = padded[y:y + size + 2 * margin, x:x + size + 2 * margin]
    window = torch.from_numpy(np.ascontiguousarray(cut.transpose(2, 0, 1)))[None]
    inner = window[:, :, margin:margin + size, margin:margin + size]
    return resized(window, SMALL).round().clamp(0, 255).to(torch.uint8), resized(inner, package.chip)


def in_few(make, rows):
    """What 'make' makes of all rows, a few at a time."""
    return torch.cat([make(few) for few in rows.split(FEW)])


def files_of(folder, name):
    """A picture's file, or the three of one band each that NAME[123].tiff stands for."""
    if "[123]" in name:
        return [os.path.join(folder, name.replace("[123]", band)) for band in "123"]
    return [os.path.join(folder, name)]


def read_picture(folder, name):
    """RGB, uint8 [H,W,3]."""
    parts = [np.asarray(Image.open(path)) for path in files_of(folder, name)]
    return np.stack(parts, 2) if len(parts) == 3 else parts[0][:, :, :3]


def load_windows(args, data):
    """Every labelled window: with its margin and as at work, the classes it allows, its picture and its label.
    Those of the first table are tested on."""
    names = data["names"]
    members = {c["name"]: [names.index(n) for n in c["from"]] for c in data["seven"]["classes"]}
    tables = [(args.windows, args.windows_imagery, True)]
    if args.more_windows:
        tables.append((args.more_windows, args.more_imagery, False))
    rows, files = [], set()
    for table, folder, tested in tables:
        with open(table, encoding="utf-8") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                if row["classes"]:
                    small, chip = window_store(read_picture(folder, row["chip"]), row, args.package)
                    allowed = torch.zeros(len(names))
                    for name in row["classes"].split("|"):
                        allowed[members[name]] = 1
                    rows.append((small, chip, allowed, row["chip"], row["classes"], tested))
                    files.update(files_of(folder, row["chip"]))
    stored, chips, allowed, pictures, labels, tested = zip(*rows)
    return {"stored": torch.cat(stored), "at_work": torch.cat(chips), "allowed": torch.stack(allowed),
            "pictures": np.array(pictures), "labels": np.array(labels), "tested": np.array(tested),
            "hashes": [hashlib.sha256(open(f, "rb").read()).hexdigest() for f in sorted(files)]}


# ---------------------------------------------------------------- teachers

def without_head(model):
    """The graph up to its features."""
    nodes = [n for n in model.graph.node if n.op_type not in ("Gemm", "Softmax")]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.output[0].name = nodes[-1].output[0]
    return model


def teacher_features(paths, stored, work):
    """[N, sum of widths]: the teachers' features of every whole chip."""
    kept = os.path.join(work, "teachers.pt")
    if os.path.exists(kept):
        return torch.load(kept)
    columns = []
    for path in paths:
        net = tb.Network(without_head(onnx.load(path))).eval().to(memory_format=torch.channels_last)
        start = time.time()
        with torch.no_grad():
            columns.append(in_few(lambda few: net(tb.normalise(resized(few, tb.CHIP))), stored))
        print(f"{os.path.basename(path)}: {len(stored)} chips in {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    features = torch.cat(columns, 1)
    tb.save_whole(kept, features)
    return features


def principal(features, seen):
    """The first components of standardised features [looks, N, width], found in the first look at the chips in 'seen' alone,
    where their mean square is 1."""
    first = features[0][seen]
    mean, spread = first.mean(0), first.std(0) + 1e-3
    _, _, axes = torch.linalg.svd((first - mean) / spread, full_matrices=False)
    part = ((features - mean) / spread) @ axes[:TEACHER_WIDTH].T
    return part / part[0][seen].pow(2).mean().sqrt()


def larger_network(stage, data, args):
    """What aerial-large, which the same stage of this recipe trained without the same chips, makes of each look at each chip:
    features and probabilities, [looks, N, width]."""
    looks = len(RESOLUTIONS) + args.looks
    features = torch.load(os.path.join(args.larger, f"features-{stage}.pt"))[:looks * data["real"]].float()
    features = features.view(looks, data["real"], -1)
    average = torch.load(os.path.join(args.larger, f"{stage}.pt"))["average"]
    return features, (features @ average["head.weight"].T + average["head.bias"]).softmax(2)


def goals(stage, data, seen, args):
    """What the network learns from others beside the labels: components of their features [looks, N, width], and probabilities
    [looks, N, classes]; None where there are none."""
    features, probabilities = [], None
    if data["teachers"] is not None:
        features.append(principal(data["teachers"][None], seen))
    if args.larger:
        made, probabilities = larger_network(stage, data, args)
        features.append(principal(made, seen))
        features[0] = features[0].expand(len(made), -1, -1)
    return torch.cat(features, 2) if features else None, probabilities


# ---------------------------------------------------------------- looks, and the half of the network that stays
# The first half of the network stays as ImageNet made it. What it makes of a look is kept, and every training of the
# second half, with whatever held out, begins there: the first half has learnt from none of these pictures.

def halved(base, package, classes=None, generator=None):
    """The network; 'seam' is the number of steps in the half that stays."""
    net = tb.Network(base, classes, generator).to(memory_format=torch.channels_last)
    net.seam = [step[4] for step in net.steps].index(package.frozen_to) + 1
    return net


def tail_of(net, middle):
    """Features, from what the frozen half has made."""
    return net.run(middle.float().contiguous(memory_format=torch.channels_last), net.seam, len(net.steps))


@torch.no_grad()
def keep_looks(base, data, windows, args):
    """Passes over the pictures: (kind, pictures' indices, what the frozen half made of a look at each). The first three
    of the chips are as at work at each resolution, the first of the windows as well; the others are disturbed."""
    net, package = halved(base, args.package).eval(), args.package
    real, extra, which = torch.arange(data["real"]), data["extra"], torch.arange(len(windows["labels"]))
    passes = [("chip", number) for number in range(len(RESOLUTIONS) + args.looks)]
    passes += [("window", number) for number in range(1 + args.window_looks)]
    passes += [("drawn", number) for number in range(2 if len(extra) else 0)]
    kept = []
    for kind, number in passes:
        path = os.path.join(args.work, f"look-{kind}-{number}.pt")
        index = {"chip": real, "window": which, "drawn": extra}[kind]
        if not os.path.exists(path):
            start, gen = time.time(), torch.Generator().manual_seed(args.seed * 1000 + number + sum(map(ord, kind)))
            middle = None
            order = torch.randperm(len(index), generator=gen)      # 'look' treats a batch's thirds differently
            for part in order.tensor_split(-(-len(order) // 24)):
                if kind == "chip" and number < len(RESOLUTIONS):
                    chips = tb.normalise(at_work(data["images"][index[part]], RESOLUTIONS[number], package.chip))
                elif kind == "window" and number == 0:
                    chips = tb.normalise(windows["at_work"][part])
                elif kind == "window":
                    chips = look(windows["stored"][part], gen, package.chip)
                else:
                    gsd = RESOLUTIONS[(0, 0, 1, 2)[number % 4]]
                    chips = look(store(data["images"][index[part]], gsd), gen, package.chip)
                made = in_few(lambda few: net.run(few, 0, net.seam), chips).half()
                if middle is None:
                    middle = torch.empty((len(index),) + made.shape[1:], dtype=torch.half)
                middle[part] = made
            tb.save_whole(path, middle)
            print(f"{kind} {number}: {len(index)} looks in {time.time() - start:.0f} s", file=sys.stderr, flush=True)
        kept.append((kind, index, torch.load(path)))
    return kept


# ---------------------------------------------------------------- backbone

def share_of_rate(at, epochs):
    return at if at < 1 else 0.5 * (1 + np.cos(np.pi * (at - 1) / max(1, epochs - 1)))


def rate_at(at, args):
    """Share of the peak rate: down to zero, and then up to AGAIN_RATE and down again as often as the recipe says."""
    if at <= args.epochs:
        return share_of_rate(at, args.epochs)
    done = (at - args.epochs) % AGAIN_EPOCHS
    return AGAIN_RATE * share_of_rate(done if done > 0 else AGAIN_EPOCHS, AGAIN_EPOCHS)


def mean_of(states):
    """The mean of networks' weights: those at the ends of descents lie round a better one (Izmailov et al., UAI 2018)."""
    return {key: torch.stack([state[key] for state in states]).mean(0) if value.dtype.is_floating_point else value
            for key, value in states[-1].items()}


def mixed(middle, target, goal, real, beta, gen, draw):
    """Half of the real chips with another one laid over each, what they should give likewise (manifold mixup: Verma et
    al., ICML 2019). The share of the one laid over is the smaller of two that add to 1, distributed as Beta(beta, beta)."""
    count = len(real)
    other, share = torch.randperm(count, generator=gen), torch.from_numpy(draw.beta(beta, beta, count).astype("f"))
    share = torch.where(real & real[other], torch.maximum(share, 1 - share), torch.ones(count))
    share = torch.where(torch.rand(count, generator=gen) < 0.5, share, torch.ones(count))

    def lay(values):
        part = share.view(-1, *[1] * (values.ndim - 1))
        return part * values + (1 - part) * values[other]
    return lay(middle), lay(target), lay(goal)


def train_backbone(stage, kept, data, seen, base, args):
    """Fine-tune the second half without the chips that are not in 'seen'; returns the averaged network. Resumes."""
    path = os.path.join(args.work, f"{stage}.pt")
    seed = args.seed * 1000 + sum(map(ord, stage))
    gen = torch.Generator().manual_seed(seed)
    net = halved(base, args.package, len(data["names"]), gen)
    wanted, answers = goals(stage, data, seen, args)
    guide = nn.Linear(net.features(), wanted.shape[2] if wanted is not None else 1)
    guide.weight.data.normal_(0, 0.01, generator=gen)
    nn.init.zeros_(guide.bias)
    for step in net.steps[:net.seam]:
        if step[1] in net.parts:
            net.parts[step[1]].requires_grad_(False)
    optimiser = tb.optimiser_for(net, args)
    optimiser.add_param_group({"params": list(guide.parameters()), "weight_decay": 0.0, "peak": GUIDE_RATE})
    average, done, ends = tb.Average(net, args.ema), 0, []
    if os.path.exists(path):
        saved = torch.load(path)
        net.load_state_dict(saved["net"])
        guide.load_state_dict(saved["guide"])
        optimiser.load_state_dict(saved["optimiser"])
        average.state, average.steps, done = saved["average"], saved["steps"], saved["epoch"]
        ends = saved.get("ends", [])
    targets = (1 - args.smoothing) * torch.eye(len(data["names"]))[data["labels"]] + args.smoothing / len(data["names"])
    chips = [middle for kind, _, middle in kept if kind == "chip"]
    drawn = [middle for kind, _, middle in kept if kind == "drawn"]
    made = os.path.join(args.work, f"features-{stage}.pt")
    last = args.epochs + args.again * AGAIN_EPOCHS
    if done < last and os.path.exists(made):
        os.remove(made)
    for epoch in range(done, last):
        if epoch >= args.epochs and (epoch - args.epochs) % AGAIN_EPOCHS == 0:
            ends.append({key: value.clone() for key, value in average.state.items()})
        gen, draw = torch.Generator().manual_seed(seed * 1000 + epoch), np.random.default_rng(seed * 1000 + epoch)
        order = seen[torch.randperm(len(seen), generator=gen)]
        if drawn and epoch >= args.epochs // 2:
            some = data["extra"][torch.randperm(len(data["extra"]), generator=gen)[:args.extra_per_epoch]]
            order = torch.cat([order, some])
            order = order[torch.randperm(len(order), generator=gen)]
        batches = order[:len(order) // args.batch * args.batch].split(args.batch)
        start, sums = time.time(), np.zeros(3)
        net.train()
        for number, batch in enumerate(batches):
            share = rate_at(epoch + (number + 1) / len(batches), args)
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * share
            pick = torch.randint(0, len(chips), (len(batch),), generator=gen)
            middle = torch.stack([chips[int(p)][int(i)] if i < data["real"] else drawn[int(p) % 2][int(i) - data["real"]]
                                  for p, i in zip(pick, batch)]).float()
            real, target, imitation = batch < data["real"], targets[batch], torch.zeros(())
            goal = torch.zeros(len(batch), guide.out_features)
            if wanted is not None:
                goal[real] = wanted[pick[real] % len(wanted), batch[real]]
            if answers is not None:
                target[real] += args.listen * (answers[pick[real], batch[real]] - target[real])
            if args.mix:
                middle, target, goal = mixed(middle, target, goal, real, args.mix, gen, draw)
            features = tail_of(net, middle)
            logits = net.head(features)
            loss = -(target * logits.log_softmax(1)).sum(1).mean()
            if wanted is not None:
                imitation = (guide(features[real]) - goal[real]).pow(2).mean()
            optimiser.zero_grad(set_to_none=True)
            (loss + args.imitate * imitation).backward()
            optimiser.step()
            average.update(net)
            sums += len(batch) * np.array([float(loss), float(imitation),
                                           float((logits.argmax(1) == data["labels"][batch]).float().mean())])
        if ends and epoch + 1 == last:
            average.state = mean_of([*ends, average.state])
        tb.save_whole(path, {"net": net.state_dict(), "guide": guide.state_dict(), "optimiser": optimiser.state_dict(),
                             "average": average.state, "steps": average.steps, "epoch": epoch + 1, "ends": ends})
        sums /= sum(map(len, batches))
        print(f"{stage}: epoch {epoch + 1}/{last} loss {sums[0]:.4f} imitation {sums[1]:.4f} "
              f"training accuracy {sums[2]:.4f} {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    net.load_state_dict(average.state)
    return net.eval()


# ---------------------------------------------------------------- head

@torch.no_grad()
def features_of(net, middle):
    return in_few(lambda few: tail_of(net, few), middle)


def kept_features(net, stage, kept, args):
    """The network's features of every look of every pass, one after the other; made once."""
    path = os.path.join(args.work, f"features-{stage}.pt")
    if not os.path.exists(path):
        tb.save_whole(path, torch.cat([features_of(net, middle).half() for _, _, middle in kept]))
        print(f"{stage}: features of all looks", file=sys.stderr, flush=True)
    return torch.load(path).float()


def learn_from(net, stage, kept, data, windows, args):
    """Everything a head learns from: features, allowed classes, weights, kinds, and which chip or window each is of.

    A chip's looks weigh 1 together, a drawn chip's and those of a window as the arguments say; windows of the
    second table, which lie side by side in few places, weigh a quarter of the others."""
    one_hot = torch.eye(len(data["names"]))[data["labels"]]
    tested = torch.tensor([1.0 if tested else 0.25 for tested in windows["tested"]])
    rows, features = [], kept_features(net, stage, kept, args)
    for (kind, index, _), made in zip(kept, features.split([len(index) for _, index, _ in kept])):
        share = 1.0 / sum(other == kind for other, _, _ in kept)
        allowed = windows["allowed"] if kind == "window" else one_hot[index]
        weight = {"chip": torch.ones(len(index)), "drawn": torch.full((len(index),), float(args.extra_weight)),
                  "window": args.window_weight * tested}[kind] * share
        rows.append((made, allowed, weight, torch.full((len(index),), KINDS.index(kind)), index))
    return tuple(torch.cat(parts) for parts in zip(*rows))


def head_space(head, sets, seen):
    """What every fit of a head on this backbone shares: features along the chips' first principal components, the logits
    of the head that it begins at, and the way back to weights."""
    features = sets[0]
    chips = features[(sets[3] == KINDS.index("chip")) & torch.isin(sets[4], seen)]
    mean = chips.mean(0)
    values, axes = torch.linalg.eigh((chips - mean).T @ (chips - mean) / len(chips))
    axes = axes[:, -HEAD_WIDTH:] / values[-HEAD_WIDTH:].mean().sqrt()
    weight, bias = head.weight.detach().clone(), head.bias.detach().clone()
    return {"along": (features - mean) @ axes, "from": features @ weight.T + bias, "mean": mean, "axes": axes,
            "weight": weight, "bias": bias}


def fit_head(space, sets, keep, l2):
    """(weight, bias) of the softmax regression that makes the allowed classes likely, near the head it begins at.

    Minimises the mean of -log(sum of the allowed classes' probabilities) + l2 / 2 |move along the components|^2; of the
    chips that the backbone has learnt from, of the distance from what its own head says, so that they hold the head where
    it is and do not fit it anew. Convex where one class is allowed, and started at no move."""
    along, begun, held = space["along"][keep], space["from"][keep], sets[3][keep] == KINDS.index("chip")
    allowed, weights = sets[1][keep], sets[2][keep] / sets[2][keep].sum()
    barred, said = torch.where(allowed > 0, 0.0, float("-inf"))[~held], begun[held].softmax(1)
    move = torch.zeros(begun.shape[1], along.shape[1], requires_grad=True)
    shift = torch.zeros(begun.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([move, shift], max_iter=60, tolerance_grad=1e-6, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        logits = begun + along @ move.T + shift
        free = logits[~held]
        loss = (weights[~held] * (free.logsumexp(1) - (free + barred).logsumexp(1))).sum() + l2 / 2 * move.pow(2).sum()
        loss = loss - (weights[held] * (said * logits[held].log_softmax(1)).sum(1)).sum()
        loss.backward()
        return loss
    optimiser.step(closure)
    turned = (move @ space["axes"].T).detach()
    return space["weight"] + turned, space["bias"] + shift.detach() - turned @ space["mean"]


def kept_for(sets, seen, left_out=()):
    """Rows of looks at the chips in 'seen', at every drawn chip, and at every window but those left out."""
    kind, index = sets[3], sets[4]
    keep = (kind == KINDS.index("drawn")) | ((kind == KINDS.index("chip")) & torch.isin(index, seen))
    return keep | ((kind == KINDS.index("window")) & ~torch.isin(index, torch.as_tensor(left_out, dtype=torch.long)))


# ---------------------------------------------------------------- figures of windows

def seven_of(logits, temperature, data):
    """Probabilities of landcover-7; 'temperature' is a number, or a column with one of each row."""
    return tb.regrouped((logits / temperature).softmax(1), data["seven"], data["names"])


def leave_one_out(net, data, windows, sets, args):
    """Logits of every tested window, by a head that was fitted without any window of its picture."""
    seen = torch.arange(data["real"])
    space = head_space(net.head, sets, seen)
    logits = torch.full((len(windows["labels"]), len(data["names"])), float("nan"))
    features = sets[0][torch.nonzero(sets[3] == KINDS.index("window"))[:len(logits), 0]]    # the first pass: as at work
    for picture in np.unique(windows["pictures"][windows["tested"]]):
        mine = torch.from_numpy(np.flatnonzero(windows["pictures"] == picture))
        weight, bias = fit_head(space, sets, kept_for(sets, seen, mine), args.l2)
        logits[mine] = features[mine] @ weight.T + bias
    return logits


def window_figures(logits, temperature, windows, data):
    """Right shares of tested windows: of one class, and of all that a person could tell; interval by picture."""
    seven = seven_of(logits, temperature, data)
    order = [c["name"] for c in data["seven"]["classes"] if c["from"]]
    guess = np.array(order)[seven.argmax(1).numpy()]
    right = np.array([g in t.split("|") for g, t in zip(guess, windows["labels"])])
    single = windows["tested"] & np.array(["|" not in t for t in windows["labels"]])
    draw, shares = np.random.default_rng(1), []
    pictures = np.unique(windows["pictures"][single])
    counts = np.array([[right[single & (windows["pictures"] == p)].sum(), (single & (windows["pictures"] == p)).sum()]
                       for p in pictures])
    for _ in range(10000):
        hits, all_of = counts[draw.integers(0, len(pictures), len(pictures))].sum(0)
        shares.append(hits / all_of)
    one = torch.from_numpy(np.flatnonzero(single))
    wanted = torch.tensor([order.index(windows["labels"][i]) for i in one])
    mistakes = [f"{windows['pictures'][i]}: {windows['labels'][i]} called {guess[i]}"
                for i in np.flatnonzero(windows["tested"] & ~right)]
    return {"one_class": {"right": int(right[single].sum()), "of": int(single.sum()), "pictures": len(pictures),
                          "share": float(right[single].mean()), "interval_95_by_picture": [float(v) for v in np.percentile(shares, [2.5, 97.5])]},
            "all": {"right": int(right[windows["tested"]].sum()), "of": int(windows["tested"].sum())},
            "calibration_error": tb.calibration_error(seven[one], wanted),
            "calibration_error_by_chance": tb.calibration_error_by_chance(seven[one]), "mistakes": mistakes}


# ---------------------------------------------------------------- the whole

def parse_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path = parser.add_argument_group("paths")
    path.add_argument("--base", required=True, help="ImageNet MobileNetV2 features (ONNX)")
    path.add_argument("--teachers", default="", help="larger ImageNet networks (ONNX), comma between them")
    path.add_argument("--larger", help="the folder --work in which aerial-large was made; its answers are learned from")
    path.add_argument("--chips", required=True, help="UC Merced, DIR/CLASS/NAMENN.jpg")
    path.add_argument("--extra", help="drawn chips, DIR/CLASS/NNN.png")
    path.add_argument("--extra-note", default="`sample-county --chips PROCEDURAL --per-class 30 --seed 71 --chip 256`",
                      help="how they were made, for the card")
    path.add_argument("--windows", required=True, help="table of labelled windows: chip,row,col,x_px,y_px,size_px,classes")
    path.add_argument("--windows-imagery", required=True, help="folder of its pictures at 1 m")
    path.add_argument("--more-windows", help="a second table, of places that are never tested on")
    path.add_argument("--more-imagery", help="folder of its pictures at 1 m")
    path.add_argument("--schemes", required=True, help="folder of class schemes (config/schemes)")
    path.add_argument("--work", required=True, help="folder for checkpoints")
    path.add_argument("--name", choices=PACKAGES, default="aerial", help="which package (default %(default)s)")
    path.add_argument("--out", required=True, help="folder for model.onnx, model.json, README.md")
    recipe = parser.add_argument_group("recipe (the defaults made the shipped models)")
    recipe.add_argument("--fold", type=int, default=1, help="the held-out block (default %(default)s)")
    recipe.add_argument("--epochs", type=int, help="default: that of the package")
    recipe.add_argument("--again", type=int, help="further descents; the mean of all their ends is taken (default: that of the package)")
    recipe.add_argument("--batch", type=int, default=32)
    recipe.add_argument("--lr", type=float, help="default: that of the package")
    recipe.add_argument("--weight-decay", type=float, default=0.02)
    recipe.add_argument("--smoothing", type=float, default=0.05)
    recipe.add_argument("--ema", type=float, default=0.99)
    recipe.add_argument("--imitate", type=float, help="weight of the teachers' features (default: that of the package)")
    recipe.add_argument("--mix", type=float, default=0.4, help="how evenly chips are mixed, 0: not at all (default %(default)s)")
    recipe.add_argument("--listen", type=float, default=0.8, help="share of --larger's answers beside the labels (default %(default)s)")
    recipe.add_argument("--extra-per-epoch", type=int, default=140)
    recipe.add_argument("--looks", type=int, default=16, help="disturbed ones of each chip (default %(default)s)")
    recipe.add_argument("--window-looks", type=int, default=11, help="of each window (default %(default)s)")
    recipe.add_argument("--window-weight", type=float, default=4, help="of a window against a chip (default %(default)s)")
    recipe.add_argument("--extra-weight", type=float, default=0.25, help="of a drawn chip (default %(default)s)")
    recipe.add_argument("--l2", type=float, default=1e-2, help="penalty on leaving the backbone's head (default %(default)s)")
    recipe.add_argument("--seed", type=int, default=1)
    recipe.add_argument("--threads", type=int, default=1)
    recipe.add_argument("--only", help="stages to run, comma between them (default: all of them)")
    args = parser.parse_args()
    args.package = PACKAGES[args.name]
    for key, value in args.package.recipe.items():
        if getattr(args, key) is None:
            setattr(args, key, value)
    return args


def load_data(args):
    names = sorted(e for e in os.listdir(args.chips) if os.path.isdir(os.path.join(args.chips, e)))
    images, labels, numbers, hashes = tb.load_folder(args.chips, names)
    real, extra = len(images), torch.arange(0)
    if args.extra:
        images, labels, extra = tb.with_more(images, labels, args.extra, names)
    data = {"names": names, "images": images, "labels": labels, "numbers": numbers, "hashes": hashes, "real": real,
            "extra": extra, "teachers": None}
    if args.teachers:
        data["teachers"] = teacher_features(args.teachers.split(","), images[:real], args.work)
    return data


def fit_heads(nets, splits, kept, data, windows, args):
    """What the heads say of held-out chips and windows, of which all figures are made; the networks get the heads that ship."""
    measured, at_scale, whole_chips = {}, {}, {}
    sets = {stage: learn_from(net, stage, kept, data, windows, args) for stage, net in nets.items()}
    alone = leave_one_out(nets["full"], data, windows, sets["full"], args)
    for stage, net in nets.items():
        seen, held = splits[stage]
        seen = torch.from_numpy(seen)
        space = head_space(net.head, sets[stage], seen)
        weight, bias = fit_head(space, sets[stage], kept_for(sets[stage], seen), args.l2)
        net.head.weight.data.copy_(weight)
        net.head.bias.data.copy_(bias)
        if held is None:
            continue
        held = torch.from_numpy(held)
        with torch.no_grad():
            measured[stage] = tb.measure_fold(Brought(net, args.package.chip), data["images"][held], data["labels"][held])
            at_scale[stage] = {gsd: net.head(features_of(net, kept[at][2][held])) for at, gsd in enumerate(RESOLUTIONS)}
            whole = in_few(net, tb.normalise(resized(data["images"][held], args.package.chip)))
        whole_chips[stage] = tb.accuracy(whole, data["labels"][held])
    return {"measured": measured, "at_scale": at_scale, "whole_chips": whole_chips, "alone": alone}


def figures_of(said, data, windows, schemes, args):
    """(metrics, confusion, temperature) of what fit_heads returned."""
    fold, measured, at_scale, alone = f"fold-{args.fold}", said["measured"], said["at_scale"], said["alone"]
    metrics = {**tb.figures({str(args.fold): measured[fold]}, schemes, data["names"])[0],
               "whole_chips": {"unseen_ground": said["whole_chips"][fold], "same_scenes": said["whole_chips"]["fifth"]}}
    metrics["chance_fifth"] = tb.figures({"fifth": measured["fifth"]}, schemes, data["names"])[0]
    labels = measured[fold]["labels"]
    temperature, apart, metrics["scales"] = scales_and_temperature(at_scale, measured, alone, fold, windows, data)
    metrics["temperature"] = temperature
    metrics["naip_windows"] = window_figures(alone, apart, windows, data)
    confusion = torch.zeros(len(data["names"]), len(data["names"]), dtype=torch.long)
    confusion.index_put_((at_scale[fold][0.6].argmax(1), labels), torch.ones_like(labels), accumulate=True)
    return tb.rounded(metrics), confusion.tolist(), temperature


def scales_and_temperature(at_scale, measured, alone, fold, windows, data):
    """(temperature, one for each window that was fitted without its picture, figures by resolution). One temperature for
    all: of the block's chips at every resolution and the windows left out. Each calibration error is by one that was fitted
    without the part it is told of."""
    def pool(rows):
        """Logits and allowed classes of the block's chips in 'rows' at every resolution."""
        labels = measured[fold]["labels"][rows]
        return (torch.cat([at_scale[fold][g][rows] for g in RESOLUTIONS]),
                torch.eye(len(data["names"]))[labels].repeat(len(RESOLUTIONS), 1))

    tested = torch.from_numpy(np.flatnonzero(windows["tested"]))
    naip = (alone[tested], windows["allowed"][tested])
    even = torch.arange(len(measured[fold]["labels"])) % 2 == 0
    together = lambda *parts: fit_temperature(torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts]))
    temperature = together(pool(even), pool(~even), naip)
    halves = {True: together(pool(~even), naip), False: together(pool(even), naip)}
    result = {}
    for stage in at_scale:
        labels = measured[stage]["labels"]
        wanted7 = tb.regrouped_labels(labels, data["seven"], data["names"])
        rows = {}
        for gsd in RESOLUTIONS:
            logits = at_scale[stage][gsd]
            scaled = logits / temperature
            if stage == fold:
                scaled = torch.where(even[:, None], logits / halves[True], logits / halves[False])
            probabilities = scaled.softmax(1)
            seven = tb.regrouped(probabilities, data["seven"], data["names"])
            rows[str(gsd)] = {"overall_accuracy_21": tb.accuracy(probabilities, labels),
                              "overall_accuracy_landcover_7": tb.accuracy(seven, wanted7),
                              "calibration_error": tb.calibration_error(probabilities, labels),
                              "calibration_error_by_chance": tb.calibration_error_by_chance(probabilities),
                              "calibration_error_landcover_7": tb.calibration_error(seven, wanted7),
                              "calibration_error_landcover_7_by_chance": tb.calibration_error_by_chance(seven)}
        result["unseen_ground" if stage == fold else "same_scenes"] = rows
    pictures = windows["pictures"][tested.numpy()]
    apart = torch.full((len(windows["labels"]), 1), temperature)
    for picture in np.unique(pictures):
        others = torch.from_numpy(pictures != picture)
        mine = torch.from_numpy(windows["pictures"] == picture)
        apart[mine] = together(pool(even), pool(~even), (naip[0][others], naip[1][others]))
    return temperature, apart, result


def fit_temperature(logits, allowed):
    """Of the likelihood of allowed classes, each row counting once."""
    barred = torch.where(allowed > 0, 0.0, float("-inf"))
    grid = torch.exp(torch.linspace(-1.2, 1.2, 241))
    costs = torch.stack([((logits / t).logsumexp(1) - (logits / t + barred).logsumexp(1)).mean() for t in grid])
    return float(grid[costs.argmin()])


class Brought(nn.Module):
    """The network behind what train_backbone.py measures with: 224 px of 0.3 m in, brought to its 'size'."""

    def __init__(self, net, size):
        super().__init__()
        self.net, self.size = net, size

    def forward(self, chips):
        return in_few(self.net, tb.normalise((resized(chips, self.size) + 1) * tb.SCALE))


# ---------------------------------------------------------------- what ships

def ship(net, base, metrics, confusion, temperature, data, windows, schemes, args):
    """model.onnx, model.json and README.md"""
    path, package = os.path.join(args.out, "model.onnx"), args.package
    parameters = tb.export(net, base, temperature, path, package.name, package.chip)
    again = tb.Network(onnx.load(path)).eval()
    chips = tb.normalise(at_work(data["images"][::53][:32], 0.3, package.chip))
    with torch.no_grad():
        worst = float(((net(chips) / temperature).softmax(1) - again(chips)).abs().max())
    if worst > 1e-4:
        sys.exit(f"{path}: differs from the trained network by {worst}; not shipped")
    counts = {"ucmerced_chips": data["real"], "source": "UC Merced Land Use (Yang and Newsam 2010), USGS imagery, public domain",
              "naip_windows": len(windows["labels"]), "naip_source": "NAIP, USDA, public domain; labelled by eye",
              "procedural_chips": len(data["extra"]), "procedural_source": args.extra_note}
    about = {
        "name": package.name, "architecture": package.architecture, "origin": f"{package.origin}, Apache-2.0",
        "title": "Aerial scene classifier for imagery of 0.2 to 1.2 m, 21 land-use classes",
        "description": f"Gives {GROUND_M:g} m of aerial RGB imagery, brought to {package.chip} x {package.chip} px, the probabilities of 21 "
                       "land-use classes. Trained and validated as README.md beside this file says.",
        "chip": package.chip, "gsd": package.gsd, "seed": args.seed,
        "hyperparameters": {key: getattr(args, key) for key in (
            "epochs", "again", "batch", "lr", "weight_decay", "smoothing", "ema", "imitate", "mix", "extra_per_epoch", "looks",
            "window_looks", "window_weight", "extra_weight", "l2", "seed") + (("listen",) if args.larger else ())},
        "more": {"landuse:gsd": {"min": GSD_RANGE[0], "max": GSD_RANGE[1]}}}
    item = tb.stac_item(about, data["names"], schemes["ucmerced-21"], metrics, confusion, parameters, counts,
                        data["hashes"] + windows["hashes"], path)
    item["properties"]["landuse:confusion"]["description"] = (
        "chips of the held-out block at 0.6 m; rows = predicted, columns = reference; order of classification:classes")
    tb.write_text(os.path.join(args.out, "model.json"), tb.pretty(item) + "\n")
    tb.write_text(os.path.join(args.out, "README.md"), "\n".join(card(metrics, parameters, counts, data, args)))


def card(metrics, parameters, counts, data, args):
    """README.md: the words live here so that card and figures cannot drift apart."""
    percent, naip, package = tb.percent, metrics["naip_windows"], args.package
    imitated, chosen, larger, again = "", " None of this was chosen by figures below.", "", ""
    if args.again:
        again = (f", then {args.again} times {AGAIN_EPOCHS} more that go up to {AGAIN_RATE:g} of the rate and down again, of all of whose ends and the "
                 "first one's the weights' mean is taken (Izmailov et al., UAI 2018)")
    if args.larger:
        larger = "--larger WORK_OF_AERIAL_LARGE "
        imitated = f" and as many of [aerial-large](../aerial-large/README.md), whose answers to the same look count {args.listen:g} of the label"
        chosen = (" The aerial-large that it learns from has been trained without the same chips. The number of epochs and the weight of the "
                  "answers were chosen among a few by the block below; that training goes on, by the fifth below and the windows left out (once and "
                  "twice were tried), before the block was looked at.")
    low, high = naip["one_class"]["interval_95_by_picture"]
    scales = [f"| {gsd:g} m | " + " | ".join(
        f"{percent(rows[str(gsd)]['overall_accuracy_21'])} | {percent(rows[str(gsd)]['overall_accuracy_landcover_7'])} | "
        f"{rows[str(gsd)]['calibration_error']:.3f} ({rows[str(gsd)]['calibration_error_by_chance']:.3f}) | "
        f"{rows[str(gsd)]['calibration_error_landcover_7']:.3f} ({rows[str(gsd)]['calibration_error_landcover_7_by_chance']:.3f})"
        for rows in (metrics["scales"]["same_scenes"], metrics["scales"]["unseen_ground"])) + " |" for gsd in RESOLUTIONS]
    return [
        f"# {package.name}", "",
        f"Scene classifier for aerial RGB imagery of {GSD_RANGE[0]:g} to {GSD_RANGE[1]:g} m: {GROUND_M:g} m of ground, brought to {package.chip} × {package.chip} px, "
        f"in, the probabilities of {len(data['names'])} land-use classes out. {package.architecture}, {parameters:,} weights; {package.speed}. `model.json` is "
        "the machine-readable card (STAC machine-learning-model item).", "",
        "This page is written by `tools/train_aerial.py`; change it there.", "",
        "## Data", "",
        f"- {counts['ucmerced_chips']} of the 2,100 chips of UC Merced Land Use (Yang and Newsam, ACM GIS 2010): 21 classes, 256 × 256 px, "
        "0.3 m, USGS imagery of US cities, public domain. Each is seen at 0.3 m, averaged down to 0.6 m, and to 1 m.",
        f"- {counts['naip_windows']} windows of 67 m in NAIP at 1 m (USDA, public domain), labelled by eye with one or more classes of "
        "landcover-7: 145 in 20 pictures of the Midwest of 2017, mostly fields, woods and towns, and those of "
        "`tools/aerial_windows.csv` in Virginia (2016). The head alone learns from them. A window teaches that the "
        "classes which make up its class are together probable: a field is *agricultural*, a meadow *golfcourse*, open water *river* "
        "or *harbor*. So in landcover-7 these names mean more than in UC Merced.",
        f"- {counts['procedural_chips']} chips drawn by {args.extra_note}, at small weight; they let the model read the sample county.", "",
        "## Recipe", "",
        f"The backbone: the second half of the ImageNet network (from block 6 on) fine-tuned on UC Merced, AdamW (rate {args.lr:g}, three times that for the "
        f"head, weight decay {args.weight_decay:g}), {args.epochs} epochs of batches of {args.batch}, one to warm up and a cosine to zero{again}, label smoothing "
        f"{args.smoothing:g}, the weights' moving average ({args.ema:g}). Augmentation: resolution, window and scale, quarter turns and "
        "mirrors, channels mixed as seasons do, gamma, contrast, brightness, casts, saturation, noise, JPEG, drawn once: "
        f"{len(RESOLUTIONS) + args.looks} looks at each chip, three of them undisturbed. Half of the chips have "
        f"another one laid over them behind the half that stays (manifold mixup, {args.mix:g}). Beside the labels it imitates {TEACHER_WIDTH} principal "
        f"components of ImageNet features of MobileNetV2 1.0 and MobileNetV1 1.0{imitated} (weight {args.imitate:g}).{chosen}", "",
        f"The head: softmax regression on frozen features of {len(RESOLUTIONS) + args.looks} looks at each chip and {1 + args.window_looks} at each window, a window of the Midwest "
        f"weighing as much as {args.window_weight:g} chips, with a penalty ({args.l2:g}) on leaving the backbone's own head. The chips teach the head what "
        "it said before, so that the windows move it and it does not fit the chips anew, which was seen to cost a few of the block below. "
        "Penalty and weight of the windows are among a few that were tried for aerial before its training went on: 0.01, 0.001 and 0.0001 were right for "
        "104, 104 and 103 of the windows left out, a quarter of the weight for 102; since then half of the weight was right for 103. A temperature "
        f"of {metrics['temperature']:.2f}, fitted on the held-out block and windows, is folded in.", "",
        f"Seed {args.seed}; about an hour of one core, the figures included:", "",
        "```", "tools/train_aerial.py --base BASE.onnx --teachers V2.onnx,V1.onnx --chips UCMERCED --extra PROCEDURAL --windows labels.csv "
        "--windows-imagery NAIP --more-windows tools/aerial_windows.csv --more-imagery NAIP_VA " + larger + "--schemes config/schemes --work WORK "
        f"--name {package.name} --out models/{package.name} --seed {args.seed}", "```", "",
        "## Accuracy on real NAIP", "",
        "Windows of 67 m in 1 m NAIP of the Midwest, each picture scored by a head that was fitted without any of its windows on a "
        "backbone that has seen no NAIP. The windows show fields, woods and towns and hardly any water, bare ground or meadow: for those, "
        "and for other states and seasons, the figure promises nothing.", "",
        "| measure | value |", "|---|---|",
        f"| windows of one class, landcover-7 | {percent(naip['one_class']['share'])} ({naip['one_class']['right']} of {naip['one_class']['of']} in "
        f"{naip['one_class']['pictures']} pictures; 95 % interval, pictures drawn anew: {percent(low)} to {percent(high)}) |",
        f"| with those where either of two classes is right | {naip['all']['right']} of {naip['all']['of']} |",
        f"| expected calibration error, one class (temperature fitted without the picture) | {naip['calibration_error']:.3f} "
        f"({naip['calibration_error_by_chance']:.3f} by chance) |", "",
        "## Accuracy by resolution", "",
        "UC Merced chips, 67 m of ground each, averaged down to the resolution told. *Same scenes*: a fifth drawn by chance; *unseen "
        f"ground*: block {args.fold}, file numbers {args.fold * tb.BLOCK} to {args.fold * tb.BLOCK + tb.BLOCK - 1}. Each scored by a network, backbone and "
        "head, that was trained without them; the shipped one was trained by the same recipe on all. Calibration error with the temperature "
        "fitted on other pictures (same scenes: on the block and the windows); in brackets, and as *by chance* above, what as many chips "
        "would show on average if every probability meant what it says.", "",
        "| | same scenes: 21 classes | landcover-7 | calibration error | of landcover-7 | unseen ground: 21 classes | landcover-7 | calibration error | of landcover-7 |",
        "|---|---|---|---|---|---|---|---|---|", *scales, "",
        f"Whole chips (77 m), as `landuse evaluate` shows them: {percent(metrics['whole_chips']['same_scenes'])} of the fifth, "
        f"{percent(metrics['whole_chips']['unseen_ground'])} of the block.", "",
        *tb.card_figures(metrics, data["names"], "What was chosen on these chips beside the temperature is told under Recipe: a few tries, which "
                         "flatter by a chip or two."),
        "## Limits", "",
        "- `landuse run` tells how many cells look unlike the real chips and windows that it learned from (`landuse:reach`, made by "
        "`tools/aerial_looks.py`). In colours, contrast and texture, not in kind: false-colour infrared is told (81 % of the cells of a NAIP "
        "crop of Virginia, true colours 0 %), 5 m imagery too (16 %), and so is drawn imagery; a kind of land that it never saw, in colours "
        "that it knows, is not.",
        f"- A chip of other ground than {GROUND_M:g} m is another picture (the two rows of ground pixels above).",
        "- RGB only. NAIP of the Midwest and Virginia in summer, US cities. Snow, desert, mines and other countries were never seen.",
        "- Bare ground is beach alone, and open water on NAIP one reservoir; meadows are golf courses and two windows, which are called "
        "Cultivated when they are left out.",
        "- A chip that holds several classes gets one answer.",
        "- The classes are pure and balanced here, and are neither in a county.", "",
        "## Licence and attribution", "",
        f"Apache-2.0. Derived from the {package.architecture} ImageNet weights of {package.origin} (Apache-2.0): its "
        "second half was fine-tuned, and normalisation folded into the convolutions; teachers: MobileNetV2 1.0 and MobileNetV1 1.0 of the same "
        "origin (Apache-2.0). MobileNetV2: Sandler et al., CVPR 2018. Training chips: USGS and USDA imagery in the public domain.", ""]


def main():
    args = parse_args()
    torch.set_num_threads(args.threads)
    for folder in (args.work, args.out):
        os.makedirs(folder, exist_ok=True)
    base = without_head(onnx.load(args.base))
    data = load_data(args)
    schemes = tb.load_schemes(args.schemes)
    data["seven"] = schemes["landcover-7"]
    windows = load_windows(args, data)
    kept = keep_looks(base, data, windows, args)
    splits = {f"fold-{args.fold}": tb.block_split(data["numbers"], args.fold), "full": (np.arange(data["real"]), None),
              "fifth": tb.chance_split(data["labels"][:data["real"]].numpy(), args.seed)}
    if args.only:
        splits = {stage: splits[stage] for stage in args.only.split(",") if stage != "looks"}
    nets = {stage: train_backbone(stage, kept, data, torch.from_numpy(split[0]), base, args)
            for stage, split in splits.items()}
    if args.only:
        return
    path = os.path.join(args.work, "figures.pt")
    if os.path.exists(path):
        head, said = torch.load(path)
        nets["full"].head.load_state_dict(head)
    else:
        said = fit_heads(nets, splits, kept, data, windows, args)
        tb.save_whole(path, (nets["full"].head.state_dict(), said))
    metrics, confusion, temperature = figures_of(said, data, windows, schemes, args)
    ship(nets["full"], base, metrics, confusion, temperature, data, windows, schemes, args)


if __name__ == "__main__":
    main()
