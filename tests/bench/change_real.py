#!/usr/bin/python3
"""change_real.py: is what landuse flags truly changed where counties are hard? Real chips, flown over again in silico.

Counties are laid out of UC Merced chips that the network which scores them has never seen: the two networks that
tools/train_aerial.py trains for its figures, without a block of file numbers (fold-1.pt) and without a fifth drawn by
chance (fifth.pt), each on what it was trained without. Every chip is photographed at 0.525 m by several flights and scored once (--cache);
a county then takes answers out of that store: a cell is a chip, of a changed cell the later answer is of a chip of
another class. Mixed cells show two chips either side of a boundary, and change when it moves past the middle.

usage: change_real.py --work WORK --chips UCMERCED [--cache FILE] [--build DIR] [--seeds A-B] [--only WORDS] [--cells N]
                      [--temperature T] [--users N] [--scale 0] [--least P]

A row a scenario: counties, true changes, estimated, precision and recall with the standard errors over counties, the promised
recall, counties without change that have flags. Seeds 1 to 20 are for choosing; the table of README.md has others.

Needs what tools/train_backbone.py needs, once, for the scores; then Debian's python3-numpy alone. Answers at another
temperature (--temperature 2) are the network's own to the power of 1/T.
"""
import argparse
import io
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np

SEVEN = ["Water", "Developed", "Barren", "Forest", "Shrub", "Herbaceous", "Cultivated"]
SHARES = np.array([.10, .25, .06, .22, .10, .10, .17])  # of a county; each draws its own around them
POSES = 2
MOVED = (.15, .30, .45, .55, .70, .85)  # what the second chip of a mixed cell has of it
PAIRS = 100  # of chips in mixed cells, a network

# What a flight does to the picture at 0.525 m: blur is the standard deviation of a Gaussian in pixels; cast how far each
# channel's gain and offset may stray; noise in grey levels; quality of JPEG; shift in pixels; the last two are recolourings.
FLIGHTS = {
    "sharp": dict(blur=.4, cast=.08, noise=3, quality=75, shift=0),
    "fair": dict(blur=.7, cast=.12, noise=4, quality=60, shift=3),
    "hard": dict(blur=1.2, cast=.20, noise=6, quality=45, shift=8),
    "brown": dict(blur=.7, cast=.12, noise=4, quality=60, shift=3, brown=.8),
    "haze": dict(blur=.9, cast=.12, noise=4, quality=60, shift=3, haze=1),
}
MIXED_FLIGHTS = ("sharp", "fair")

# name, flights, change from each date to the next, mixed, other chips, how much more readily cells become Developed than leave it
LINES = [(f"{name}, {100 * rate:g} %{f', {100 * mixed:g} % mixed' if mixed else ''}", flights, rate, mixed, other, 1)
         for name, flights, other, mixes in (
             ("fair", ("sharp", "fair"), False, (0, .3, .6)),
             ("hard", ("sharp", "hard"), False, (0,)),
             ("browned", ("sharp", "brown"), False, (0,)),
             ("greened", ("brown", "sharp"), False, (0,)),
             ("haze", ("sharp", "haze"), False, (0,)),
             ("other chips", ("sharp", "fair"), True, (0,)))
         for mixed in mixes for rate in (0, .005, .02, .05)]
LINES += [("fair, 20 %", ("sharp", "fair"), .2, 0, False, 1)]
LINES += [(f"{name}{' of growth' if grow > 1 else ''}", flights, rate, 0, False, grow)
          for grow in (1, 4)
          for name, flights, rate in (("3 dates, 2 % a step", ("sharp", "fair", "haze"), .02),
                                      ("3 dates, 7 % a step", ("sharp", "fair", "haze"), .07),
                                      ("4 dates, 2 % a step", ("sharp", "fair", "haze", "hard"), .02))]


# ---------------------------------------------------------------- the store of answers

def photographed(chip, flight, cast, rng):
    """A chip (146 x 146 x 3) as one flight shows its middle 128 px."""
    from PIL import Image, ImageFilter
    dy, dx = (rng.integers(-flight["shift"], flight["shift"] + 1, 2) if flight["shift"] else (0, 0))
    image = Image.fromarray(chip[9 + dy:137 + dy, 9 + dx:137 + dx]).filter(ImageFilter.GaussianBlur(flight["blur"]))
    pixels = np.asarray(image, np.float32)
    if "brown" in flight:
        green = np.clip((2 * pixels[:, :, 1] - pixels[:, :, 0] - pixels[:, :, 2]) / 40, 0, 1)[:, :, None] * flight["brown"]
        dry = pixels.mean(2, keepdims=True) * np.float32([1.25, 1.02, .75]) + 12
        pixels = (1 - green) * pixels + green * dry
    if "haze" in flight:
        pixels = pixels * .75 + np.float32([42, 44, 54])
    gain, offset = cast
    pixels = pixels * gain + offset + flight["noise"] * rng.standard_normal(pixels.shape, np.float32)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels + .5, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=flight["quality"])
    return np.asarray(Image.open(buffer))


def turned(chip, pose):
    return np.rot90(chip if pose < 4 else chip[:, ::-1], pose % 4)


def score_all(args):
    """Photograph and score; arrays to args.cache."""
    root = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.join(root, "..", "..", "tools"))
    import onnx
    import torch
    import train_aerial as ta
    import train_backbone as tb
    torch.set_num_threads(1)
    names = sorted(e for e in os.listdir(args.chips) if os.path.isdir(os.path.join(args.chips, e)))
    images, labels, numbers, _ = tb.load_folder(args.chips, names)
    scheme = tb.load_schemes(os.path.join(root, "..", "..", "config", "schemes"))["landcover-7"]
    seven = np.array([next(i for i, name in enumerate(SEVEN) for c in scheme["classes"] if c["name"] == name and n in c["from"])
                      for n in names])
    base = onnx.load(args.base)
    splits = {"fold-1": tb.block_split(numbers, 1), "fifth": tb.chance_split(labels.numpy(), 1)}
    kept, logits_clean = {"seven": seven}, {}
    for stage, (seen, held) in splits.items():
        saved = torch.load(os.path.join(args.work, f"{stage}.pt"))
        net = tb.Network(base, len(names)).to(memory_format=torch.channels_last)
        net.load_state_dict(saved["average"])
        net.eval()
        small = ta.store(images[held], 0.3, 146).permute(0, 2, 3, 1).contiguous().numpy()
        rng = np.random.default_rng([1, len(held)])
        label = labels[held].numpy()
        a, b = rng.integers(0, len(held), (2, 20 * PAIRS))
        differ = seven[label[a]] != seven[label[b]]
        a, b = a[differ][:PAIRS], b[differ][:PAIRS]

        def answers(pictures):
            out = []
            with torch.no_grad():
                for i in range(0, len(pictures), 64):
                    batch = torch.from_numpy(np.stack(pictures[i:i + 64])).permute(0, 3, 1, 2).float()
                    feats = net.run(tb.normalise(batch).contiguous(memory_format=torch.channels_last), 0, len(net.steps))
                    out.append((feats, net.head(feats)))
            return (np.concatenate([f.numpy() for f, _ in out]), np.concatenate([l.numpy() for _, l in out]))

        clean, kept[f"{stage} clean logits"] = answers([c[9:137, 9:137] for c in small])
        kept[f"{stage} clean features"], kept[f"{stage} label"] = clean, label
        kept[f"{stage} mixed label"] = np.stack([label[a], label[b]], 1)
        print(f"{stage}: {len(held)} chips, {np.mean(kept[f'{stage} clean logits'].argmax(1) == label):.3f} right of 21",
              file=sys.stderr, flush=True)
        for number, (flight, how) in enumerate(FLIGHTS.items()):
            pictures, mixed = [], []
            for pose in range(POSES):
                turn = np.random.default_rng([2, pose]).integers(0, 8, len(held))
                for i in range(len(held)):
                    own = np.random.default_rng([3, number, pose, i])
                    cast = (1 + own.uniform(-how["cast"], how["cast"], 3).astype(np.float32) * .3,
                            20 * own.uniform(-how["cast"], how["cast"], 3).astype(np.float32))
                    pictures.append(photographed(turned(small[i], turn[i]), how, cast, own))
            kept[f"{stage} {flight} features"], kept[f"{stage} {flight}"] = answers(pictures)
            for share in MOVED if flight in MIXED_FLIGHTS else ():
                for i in range(PAIRS):
                    own = np.random.default_rng([4, number, i, int(100 * share)])
                    cast = (np.float32(1), 20 * own.uniform(-how["cast"], how["cast"], 3).astype(np.float32))
                    edge = 9 + round(128 * (1 - share))
                    both = np.concatenate([small[a[i]][:, :edge], small[b[i]][:, edge:]], 1)
                    mixed.append(photographed(turned(both, i % 8), how, cast, own))
            if mixed:
                kept[f"{stage} {flight} mixed features"], kept[f"{stage} {flight} mixed"] = answers(mixed)
            print(f"{stage}: {flight}", file=sys.stderr, flush=True)
    np.savez(args.cache, **kept)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def fit_temperature(logits, truth):
    grid = np.exp(np.linspace(-1.5, 1.5, 121))
    return grid[np.argmin([-log_softmax(logits / t)[np.arange(len(truth)), truth].mean() for t in grid])]


def softmax_head(x, truth, l2, classes=7, steps=300):
    """Softmax regression with an L2 penalty, by Nesterov's gradient descent on standardised features."""
    x = np.concatenate([x, np.ones((len(x), 1))], 1)
    weight, seen = np.zeros((x.shape[1], classes)), np.zeros((x.shape[1], classes))
    rate = 1 / (.5 * np.linalg.norm(x, 2) ** 2 / len(x) + l2)
    for step in range(steps):
        ahead = weight + step / (step + 3) * (weight - seen)
        off = np.exp(log_softmax(x @ ahead)) - np.eye(classes)[truth]
        seen, weight = weight, ahead - rate * (x.T @ off / len(x) + l2 * ahead)
    return lambda y: np.concatenate([y, np.ones((len(y), 1))], 1) @ weight


def score_scale(logits, truth, gap=12):
    """src/models/score_scale.h, in other words."""
    a, b = np.random.default_rng(1).integers(0, len(truth), (2, 4096))
    a, b = a[truth[a] != truth[b]], b[truth[a] != truth[b]]

    def odds(p, q):
        return np.log((p * (1 - q)).sum(1)) - np.log((p * q).sum(1))

    low, high = .2, 5.
    for _ in range(40):
        p = np.exp(log_softmax(logits * np.sqrt(low * high)))
        if np.median(odds(p[a], p[b])) - np.median(odds(p, p)) < gap:
            low = np.sqrt(low * high)
        else:
            high = np.sqrt(low * high)
    return np.sqrt(low * high)


class Scores:
    """The answers of one network, as probabilities of the seven classes: [chip, pose] or [pair, share]."""

    def __init__(self, store, stage, other, temperature):
        seven = store["seven"]
        self.join = np.eye(7)[seven]
        self.temperature = temperature * fit_temperature(store[f"{other} clean logits"], store[f"{other} label"])
        self.label = store[f"{stage} label"]
        self.seven = seven[self.label]
        self.mixed_seven = seven[store[f"{stage} mixed label"]]
        self.clean = self.answers(store[f"{other} clean logits"])
        self.clean_seven = seven[store[f"{other} label"]]
        self.flight = {f: self.answers(store[f"{stage} {f}"]).reshape(POSES, -1, 7).swapaxes(0, 1) for f in FLIGHTS}
        self.mixed = {f: self.answers(store[f"{stage} {f} mixed"]).reshape(len(MOVED), -1, 7).swapaxes(0, 1)
                      for f in MIXED_FLIGHTS}
        self.trained = self.join.sum(0) / len(seven)
        clean = self.answers(store[f"{other} clean logits"]).astype(float)
        self.scale = score_scale(np.log(clean + 1e-300), self.clean_seven)

    def user(self, store, stage, per_class, temperature):
        """Another head, fitted to a few chips a class of the seven, which no county then shows."""
        rng = np.random.default_rng([6, per_class])
        mine = np.concatenate([rng.permutation(np.flatnonzero(self.seven == k))[:per_class] for k in range(7)])
        features = store[f"{stage} clean features"].astype(float)
        mean, spread = features[mine].mean(0), features[mine].std(0) + 1e-3
        fold = rng.permutation(len(mine)) % 5
        held = np.empty((len(mine), 7))
        x = (features - mean) / spread / 10
        for f in range(5):
            held[fold == f] = softmax_head(x[mine[fold != f]], self.seven[mine[fold != f]], 1e-3)(x[mine[fold == f]])
        head = softmax_head(x[mine], self.seven[mine], 1e-3)
        heat = fit_temperature(held, self.seven[mine]) * temperature
        self.scale = score_scale(held / heat, self.seven[mine])

        def answers(name):
            return np.exp(log_softmax(head((store[name] - mean) / spread / 10) / heat)).astype(np.float32)

        others = np.setdiff1d(np.arange(len(self.seven)), mine)
        print(f"{stage}: {len(mine)} chips, {np.mean(head(x[others]).argmax(1) == self.seven[others]):.3f} right of "
              f"{len(others)} others, temperature {heat:.2f}, scale {self.scale:.2f}", file=sys.stderr)
        self.flight = {f: answers(f"{stage} {f} features").reshape(POSES, -1, 7).swapaxes(0, 1)[others] for f in FLIGHTS}
        self.mixed = {f: answers(f"{stage} {f} mixed features").reshape(len(MOVED), -1, 7).swapaxes(0, 1)
                      for f in MIXED_FLIGHTS}
        self.label, self.seven, self.trained = self.label[others], self.seven[others], np.full(7, 1 / 7)
        return self

    def answers(self, logits):
        return (np.exp(log_softmax(logits.astype(float) / self.temperature)) @ self.join).astype(np.float32)


# ---------------------------------------------------------------- counties

def county(scores, flights, rate, mixed, other, grow, cells, rng):
    """(truth [dates, cells], answers [dates, cells, 7])"""
    share = rng.dirichlet(40 * SHARES)
    truth = np.empty((len(flights), cells), int)
    answers = np.empty((len(flights), cells, 7), np.float32)

    def one_of(lists, key):
        return np.array([lists[k][int(u * len(lists[k]))] for k, u in zip(key, rng.random(len(key)))])

    by_class = [np.flatnonzero(scores.seven == k) for k in range(7)]
    by_label = [np.flatnonzero(scores.label == k) for k in range(scores.label.max() + 1)]
    is_mixed = rng.random(cells) < mixed
    pair, at = rng.integers(0, len(scores.mixed_seven), cells), rng.integers(0, len(MOVED), cells)
    kind = rng.choice(7, cells, p=share)
    chip, pose = one_of(by_class, kind), rng.integers(0, POSES, cells)
    for d, flight in enumerate(flights):
        if d > 0 and other:
            chip, pose = one_of(by_label, scores.label[chip]), rng.integers(0, POSES, cells)
        change = (rng.random(cells) < rate / np.where(kind == 1, grow, 1)) & (d > 0)
        past = np.where(at < 3, rng.integers(3, 6, cells), rng.integers(0, 3, cells))  # the middle of MOVED
        p = np.cumsum(share * np.where(np.arange(7) == 1, grow, 1) * (np.arange(7) != kind[:, None]), 1)
        new = (p / p[:, -1:] > rng.random((cells, 1))).argmax(1)
        at, kind = np.where(change, past, at), np.where(change, new, kind)
        chip = np.where(change, one_of(by_class, kind), chip)
        pose = np.where(change, rng.integers(0, POSES, cells), pose)
        truth[d] = np.where(is_mixed, scores.mixed_seven[pair, (np.array(MOVED)[at] > .5).astype(int)], kind)
        answers[d] = scores.flight[flight][chip, pose]
        if mixed > 0:
            answers[d][is_mixed] = scores.mixed[flight][pair[is_mixed], at[is_mixed]]
    return truth, answers


class Detector:
    """tests/bench/detect_county.c, a pipe."""

    def __init__(self, build):
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.process = subprocess.Popen([f"{build}/bin/detect_county", self.folder.name], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __call__(self, answers, trained, cols, scale, asked=.05, least=0.0):
        dates, cells, classes = answers.shape
        rows = cells // cols
        self.process.stdin.write(struct.pack("<4q4d", rows, cols, classes, dates, asked, least, 0.0, scale) +
                                 np.asarray(trained, "<f8").tobytes() + np.ascontiguousarray(answers, "<f4").tobytes())
        self.process.stdin.flush()

        def read(kind, count):
            return np.frombuffer(self.process.stdout.read(np.dtype(kind).itemsize * count), kind)

        rate, threshold, false, found = read("<f8", 4)
        changed, kinds, paths = read("<f4", cells), read("<u2", cells), read("<u2", cells * dates)
        return dict(rate=rate, threshold=threshold, false=false, found=found, changed=changed, kinds=kinds.astype(int),
                    flags=changed >= threshold,
                    paths=paths.reshape(cells, dates).T.astype(int))


def one_county(detector, scores, line, args, seed):
    _, flights, rate, mixed, other, grow = line
    cols = int(np.sqrt(args.cells))
    truth, answers = county(scores, flights, rate, mixed, other, grow, cols * cols, np.random.default_rng([5, seed]))
    got = detector(answers, scores.trained, cols, scores.scale if args.scale else 1, least=args.least)
    true, flags = truth[0] != truth[-1], got["flags"]
    grown = (truth[-1] == 1).sum() - (truth[0] == 1).sum()
    told = (got["paths"][-1] == 1).sum() - (got["paths"][0] == 1).sum()
    expected = (got["changed"] * ((got["kinds"] % 100 == 1).astype(int) - (got["kinds"] // 100 == 1))).sum()
    by_maps = (answers[-1].argmax(1) == 1).sum() - (answers[0].argmax(1) == 1).sum()
    naive = answers[0].argmax(1) != answers[-1].argmax(1)
    paths = got["paths"][0] != got["paths"][-1]
    return [true.sum(), got["rate"] * true.size, flags.sum(), (flags & true).sum(), got["found"], got["false"],
            naive.sum(), (naive & true).sum(), grown, told, expected, by_maps, paths.sum(), (paths & true).sum(),
            (paths & flags).sum(), (paths | flags).sum()]


def ratio(a, b):
    """Sum of a over sum of b, and its standard error over counties (linearised)."""
    if b.sum() == 0:
        return "-"
    r = a.sum() / b.sum()
    return f"{r:.3f} ± {np.sqrt(len(a) / max(1, len(a) - 1) * ((a - r * b) ** 2).sum()) / b.sum():.3f}"


def seeds(text):
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return [seed for part in ends for seed in range(part[0], part[-1] + 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--work", help="of tools/train_aerial.py: where fold-1.pt and fifth.pt are")
    parser.add_argument("--base", default="../shared/data/models/mobilenetv2_035_imagenet_features.onnx")
    parser.add_argument("--chips", default="../shared/data/ucmerced_train")
    parser.add_argument("--cache", default="/tmp/change_real.npz")
    parser.add_argument("--seeds", type=seeds, default="1-10")
    parser.add_argument("--only", default="", help="lines whose name holds one of these (| between them)")
    parser.add_argument("--cells", type=int, default=1600)
    parser.add_argument("--temperature", type=float, default=1)
    parser.add_argument("--users", type=int, default=0, help="heads fitted to so many chips a class of the seven")
    parser.add_argument("--scale", type=int, default=1, help="0: answers as they are, 1: on the common scale")
    parser.add_argument("--least", type=float, default=.5, help="min_probability")
    args = parser.parse_args()
    if not os.path.exists(args.cache):
        score_all(args)
    store = np.load(args.cache)
    networks = [Scores(store, "fold-1", "fifth", args.temperature), Scores(store, "fifth", "fold-1", args.temperature)]
    if args.users:
        networks = [networks[0].user(store, "fold-1", args.users, args.temperature),
                    networks[1].user(store, "fifth", args.users, args.temperature)]
    detector = Detector(args.build)
    print("| line | true | estimated | precision (naive) | recall (naive) | promised | counties with false flags | growth: true, by P, by sequences, by "
          "maps | sequences: precision, recall, agreement with the flags |")
    print("|---|---|---|---|---|---|---|---|---|")
    for line in LINES:
        if not any(word in line[0] for word in args.only.split("|")):
            continue
        rows = np.array([one_county(detector, networks[seed % 2], line, args, seed) for seed in args.seeds], float)
        true, estimated, flags, hits, found, false, naive, naive_hits, grown, told, expected, by_maps, paths, path_hits, agree, either = rows.T
        print(f"| {line[0]} | {true.sum():.0f} | {'refused' if np.isnan(found).all() else format(np.nansum(estimated), '.0f')} | {ratio(hits, flags)} ({naive_hits.sum() / max(1, naive.sum()):.2f}) "
              f"| {ratio(hits, true)} ({naive_hits.sum() / max(1, true.sum()):.2f}) | {np.nanmean(found) if np.isfinite(found).any() else np.nan:.3f} "
              f"| {(flags > hits).sum()} of {len(rows)} | {grown.sum():.0f}, {expected.sum():.0f}, {told.sum():.0f}, {by_maps.sum():.0f} "
              f"| {path_hits.sum() / max(1, paths.sum()):.3f}, {path_hits.sum() / max(1, true.sum()):.3f}, {agree.sum() / max(1, either.sum()):.3f} |", flush=True)


if __name__ == "__main__":
    main()
