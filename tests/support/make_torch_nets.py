#!/usr/bin/python3
"""Export the classifiers that people bring, with random weights, and what PyTorch says they answer.

usage: make_torch_nets.py OUTDIR [NAME...]        make_torch_nets.py OUTDIR --light        make_torch_nets.py --list
Writes NAME.onnx (opset 13), NAME_input.bin (2 x 3 x 224 x 224 float32, or as the net says) and NAME_logits.bin. The
architectures are those of their papers in the variants that torchvision exports; weights are seeded, and
normalisation layers get the statistics of what passes through them, so that no layer saturates or dies.
"""
import sys
import warnings

import torch
from torch import nn

import torch_small_nets

CHIPS, PIXELS, CLASSES = 2, 224, 1000


class Plus(nn.Module):
    """after(body(x) + skip(x))"""

    def __init__(self, body, skip=None, after=None):
        super().__init__()
        self.body, self.skip, self.after = body, skip or nn.Identity(), after or nn.Identity()

    def forward(self, x):
        return self.after(self.body(x) + self.skip(x))


class Beside(nn.Module):
    """Results of all branches of x, one channel block after the other."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Excite(nn.Module):
    """Squeeze and excitation: channels weighed by what their means say."""

    def __init__(self, channels, squeezed, act, gate):
        super().__init__()
        self.weigh = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), act(),
                                   nn.Conv2d(squeezed, channels, 1), gate())

    def forward(self, x):
        return x * self.weigh(x)


def conv(cin, cout, size=3, stride=1, groups=1, act=nn.ReLU, eps=1e-5):
    layers = [nn.Conv2d(cin, cout, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(cout, eps)]
    return nn.Sequential(*layers, act()) if act else nn.Sequential(*layers)


def head(channels, *middle):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), *middle, nn.Linear(channels, CLASSES)]


def resnet(depths, bottleneck):
    layers, cin = [conv(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)], 64
    for stage, depth in enumerate(depths):
        width = 64 << stage
        cout = width * 4 if bottleneck else width
        for i in range(depth):
            stride = 2 if stage and i == 0 else 1
            body = [conv(cin, width, 1), conv(width, width, 3, stride), conv(width, cout, 1, act=None)] \
                if bottleneck else [conv(cin, width, 3, stride), conv(width, cout, 3, act=None)]
            skip = conv(cin, cout, 1, stride, act=None) if stride != 1 or cin != cout else None
            layers.append(Plus(nn.Sequential(*body), skip, nn.ReLU()))
            cin = cout
    return nn.Sequential(*layers, *head(cin))


def dense_classifier(channels, size):
    return [nn.AdaptiveAvgPool2d(size), nn.Flatten(), nn.Dropout(), nn.Linear(channels * size * size, 4096), nn.ReLU(),
            nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, CLASSES)]


def alexnet():
    layers = []
    for cin, cout, size, stride, pad, pool in ((3, 64, 11, 4, 2, True), (64, 192, 5, 1, 2, True),
                                               (192, 384, 3, 1, 1, False), (384, 256, 3, 1, 1, False),
                                               (256, 256, 3, 1, 1, True)):
        layers += [nn.Conv2d(cin, cout, size, stride, pad), nn.ReLU()] + ([nn.MaxPool2d(3, 2)] if pool else [])
    return nn.Sequential(*layers, *dense_classifier(256, 6))


def vgg(depths):
    layers, cin = [], 3
    for width, depth in zip((64, 128, 256, 512, 512), depths):
        for _ in range(depth):
            layers += [nn.Conv2d(cin, width, 3, 1, 1), nn.ReLU()]
            cin = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, *dense_classifier(512, 7))


def squeezenet():
    def fire(cin, squeezed, expanded):
        return nn.Sequential(nn.Conv2d(cin, squeezed, 1), nn.ReLU(),
                             Beside(nn.Sequential(nn.Conv2d(squeezed, expanded, 1), nn.ReLU()),
                                    nn.Sequential(nn.Conv2d(squeezed, expanded, 3, 1, 1), nn.ReLU())))

    def pool():
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 2), nn.ReLU(), pool(), fire(64, 16, 64), fire(128, 16, 64), pool(), fire(128, 32, 128),
        fire(256, 32, 128), pool(), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256),
        nn.Dropout(), nn.Conv2d(512, CLASSES, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def inverted(cin, middle, cout, size, stride, act, squeezed=0, gate=nn.Sigmoid, inner=nn.ReLU, eps=1e-5):
    body = [conv(cin, middle, 1, act=act, eps=eps)] if middle != cin else []
    body.append(conv(middle, middle, size, stride, middle, act, eps))
    if squeezed:
        body.append(Excite(middle, squeezed, inner, gate))
    body.append(conv(middle, cout, 1, act=None, eps=eps))
    body = nn.Sequential(*body)
    return Plus(body) if stride == 1 and cin == cout else body


def mobilenet_v2(share=1.0):
    """'share' of the channels of each layer but the last, in eights."""
    def part(channels):
        eights = max(8, int(channels * share + 4) // 8 * 8)
        return eights + 8 if eights < .9 * channels * share else eights

    layers, cin = [conv(3, part(32), 3, 2, act=nn.ReLU6)], part(32)
    for widen, cout, depth, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                       (6, 160, 3, 2), (6, 320, 1, 1)):
        cout = part(cout)
        for i in range(depth):
            layers.append(inverted(cin, cin * widen, cout, 3, stride if i == 0 else 1, nn.ReLU6))
            cin = cout
    return nn.Sequential(*layers, conv(cin, 1280, 1, act=nn.ReLU6), *head(1280, nn.Dropout()))


def mobilenet_v3():
    """The large one."""
    rows = ((3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2), (5, 120, 40, 1, 0, 1),
            (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1),
            (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1), (5, 672, 160, 1, 1, 2),
            (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1))
    layers, cin = [conv(3, 16, 3, 2, act=nn.Hardswish, eps=1e-3)], 16
    for size, middle, cout, excite, hard, stride in rows:
        squeezed = (middle // 4 + 4) // 8 * 8 if excite else 0
        layers.append(inverted(cin, middle, cout, size, stride, nn.Hardswish if hard else nn.ReLU, squeezed,
                               nn.Hardsigmoid, eps=1e-3))
        cin = cout
    return nn.Sequential(*layers, conv(cin, 960, 1, act=nn.Hardswish, eps=1e-3),
                         *head(1280, nn.Linear(960, 1280), nn.Hardswish(), nn.Dropout()))


def efficientnet_b0():
    layers, cin = [conv(3, 32, 3, 2, act=nn.SiLU)], 32
    for widen, size, stride, cout, depth in ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3),
                                             (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)):
        for i in range(depth):
            layers.append(inverted(cin, cin * widen, cout, size, stride if i == 0 else 1, nn.SiLU, cin // 4,
                                   inner=nn.SiLU))
            cin = cout
    return nn.Sequential(*layers, conv(cin, 1280, 1, act=nn.SiLU), *head(1280, nn.Dropout()))


def densenet121():
    def normed(cin, *layers):
        return nn.Sequential(nn.BatchNorm2d(cin), nn.ReLU(), *layers)

    def grow(cin):
        new = normed(cin, nn.Conv2d(cin, 128, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
                     nn.Conv2d(128, 32, 3, 1, 1, bias=False))
        return Beside(nn.Identity(), new)

    layers, channels = [conv(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)], 64
    for i, depth in enumerate((6, 12, 24, 16)):
        for _ in range(depth):
            layers.append(grow(channels))
            channels += 32
        if i < 3:
            layers.append(normed(channels, nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)))
            channels //= 2
    return nn.Sequential(*layers, normed(channels), *head(channels))


class ChannelNorm(nn.LayerNorm):
    """Over the channels of each pixel."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.spread = nn.Conv2d(channels, channels, 7, 1, 3, groups=channels)
        self.mix = nn.Sequential(nn.LayerNorm(channels, 1e-6), nn.Linear(channels, 4 * channels), nn.GELU(),
                                 nn.Linear(4 * channels, channels))
        self.scale = nn.Parameter(torch.rand(channels, 1, 1))

    def forward(self, x):
        return x + self.scale * self.mix(self.spread(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def convnext_tiny():
    layers, cin = [nn.Conv2d(3, 96, 4, 4), ChannelNorm(96, 1e-6)], 96
    for depth, width in ((3, 96), (3, 192), (9, 384), (3, 768)):
        if width != cin:
            layers += [ChannelNorm(cin, 1e-6), nn.Conv2d(cin, width, 2, 2)]
            cin = width
        layers += [ConvNeXtBlock(width) for _ in range(depth)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), ChannelNorm(768, 1e-6), nn.Flatten(), nn.Linear(768, CLASSES))


class Attention(nn.Module):
    """Queries, keys and values of all heads from one product."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q * (width // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, tokens, width))


class Transformer(nn.Module):
    """ViT and DeiT: patches and a class token."""

    def __init__(self, width, heads, depth, patch=16):
        super().__init__()
        self.embed = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.place = nn.Parameter(torch.randn(1, (PIXELS // patch) ** 2 + 1, width) * 0.02)
        self.blocks = nn.Sequential(*[nn.Sequential(
            Plus(nn.Sequential(nn.LayerNorm(width, 1e-6), Attention(width, heads))),
            Plus(nn.Sequential(nn.LayerNorm(width, 1e-6), nn.Linear(width, 4 * width), nn.GELU(),
                               nn.Linear(4 * width, width)))) for _ in range(depth)])
        self.head = nn.Sequential(nn.LayerNorm(width, 1e-6), nn.Linear(width, CLASSES))

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        return self.head(self.blocks(x)[:, 0])


def between(sizes, shift, window):
    """The mask of rolled windows: tokens that were not side by side do not see each other."""
    part = torch.zeros(sizes)
    for i, rows in enumerate((slice(0, -window), slice(-window, -shift), slice(-shift, None))):
        for j, columns in enumerate((slice(0, -window), slice(-window, -shift), slice(-shift, None))):
            part[rows, columns] = 3 * i + j
    part = part.view(sizes[0] // window, window, sizes[1] // window, window).permute(0, 2, 1, 3)
    part = part.reshape(-1, window * window)
    return torch.where(part.unsqueeze(1) == part.unsqueeze(2), 0.0, -100.0)


class Windows(nn.Module):
    """Attention within windows of 7 x 7 tokens, rolled by half a window in every second block."""

    def __init__(self, width, heads, size, shift, window=7):
        super().__init__()
        self.heads, self.window, self.shift = heads, window, shift if size > window else 0
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.bias = nn.Parameter(torch.randn(heads, window ** 2, window ** 2) * 0.02)
        self.register_buffer("mask", between((size, size), self.shift, window) if self.shift else None)

    def forward(self, x):
        n, height, width, channels = x.shape
        w = self.window
        x = nn.functional.pad(x, (0, 0, 0, (w - width % w) % w, 0, (w - height % w) % w))
        rows, columns = x.shape[1], x.shape[2]
        if self.shift:
            x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
        x = x.view(n, rows // w, w, columns // w, w, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, channels)
        q, k, v = self.qkv(x).reshape(x.shape[0], w * w, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q * (channels // self.heads) ** -0.5 @ k.transpose(-2, -1) + self.bias.unsqueeze(0)
        if self.shift:
            many = self.mask.shape[0]
            scores = scores.view(-1, many, self.heads, w * w, w * w) + self.mask.unsqueeze(1).unsqueeze(0)
            scores = scores.view(-1, self.heads, w * w, w * w)
        x = self.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape[0], w * w, channels))
        x = x.view(n, rows // w, columns // w, w, w, channels).permute(0, 1, 3, 2, 4, 5)
        x = x.reshape(n, rows, columns, channels)
        if self.shift:
            x = torch.roll(x, (self.shift, self.shift), (1, 2))
        return x[:, :height, :width, :]


class Merge(nn.Module):
    """Four neighbours become one token of twice the width."""

    def __init__(self, width):
        super().__init__()
        self.mix = nn.Sequential(nn.LayerNorm(4 * width), nn.Linear(4 * width, 2 * width, bias=False))

    def forward(self, x):
        return self.mix(torch.cat([x[:, i::2, j::2, :] for j in (0, 1) for i in (0, 1)], -1))


class Rows(nn.Module):
    """Channels last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1)


class MeanToken(nn.Module):
    def forward(self, x):
        return x.mean((1, 2))


def swin_tiny():
    layers, width, size = [nn.Conv2d(3, 96, 4, 4), Rows(), nn.LayerNorm(96)], 96, PIXELS // 4
    for stage, depth in enumerate((2, 2, 6, 2)):
        if stage:
            layers.append(Merge(width))
            width, size = width * 2, size // 2
        for i in range(depth):
            layers += [Plus(nn.Sequential(nn.LayerNorm(width), Windows(width, width // 32, size, 3 * (i % 2)))),
                       Plus(nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(),
                                          nn.Linear(4 * width, width)))]
    return nn.Sequential(*layers, nn.LayerNorm(width), MeanToken(), nn.Linear(width, CLASSES))


def regnet_y_400mf():
    layers, cin = [conv(3, 32, 3, 2)], 32
    for width, depth in ((48, 1), (104, 3), (208, 6), (440, 6)):
        for i in range(depth):
            stride = 2 if i == 0 else 1
            body = nn.Sequential(conv(cin, width, 1), conv(width, width, 3, stride, width // 8),
                                 Excite(width, cin // 4, nn.ReLU, nn.Sigmoid), conv(width, width, 1, act=None))
            skip = conv(cin, width, 1, stride, act=None) if stride != 1 or cin != width else None
            layers.append(Plus(body, skip, nn.ReLU()))
            cin = width
    return nn.Sequential(*layers, *head(440))


NETS = {
    "resnet18": lambda: resnet((2, 2, 2, 2), False),
    "resnet34": lambda: resnet((3, 4, 6, 3), False),
    "resnet50": lambda: resnet((3, 4, 6, 3), True),
    "alexnet": alexnet,
    "vgg11": lambda: vgg((1, 1, 2, 2, 2)),
    "vgg16": lambda: vgg((2, 2, 3, 3, 3)),
    "squeezenet1_1": squeezenet,
    "mobilenet_v2": mobilenet_v2,
    "mobilenet_v2_035": lambda: mobilenet_v2(.35),
    "mobilenet_v3_large": mobilenet_v3,
    "efficientnet_b0": efficientnet_b0,
    "densenet121": densenet121,
    "convnext_tiny": convnext_tiny,
    "regnet_y_400mf": regnet_y_400mf,
    "swin_tiny": swin_tiny,
    "vit_b16": lambda: Transformer(768, 12, 12),
    "vit_s16": lambda: Transformer(384, 6, 12),
    "deit_t16": lambda: Transformer(192, 3, 12),
    **torch_small_nets.NETS,
}


# Those that are made and run in seconds.
LIGHT = [*torch_small_nets.NETS, "mobilenet_v2_035", "regnet_y_400mf", "squeezenet1_1", "deit_t16"]


def write(name, out):
    torch.manual_seed(224)
    net = NETS[name]()
    shape = getattr(net, "shape", (3, PIXELS, PIXELS))
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # plain averages
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.uniform_(norm.bias, -0.2, 0.2)
    with torch.no_grad():
        if norms:
            net.train()
            net(torch.randn(4, *shape))
        net.eval()
        x = torch.randn(CHIPS, *shape)
        logits = net(x)
    x.numpy().tofile(f"{out}/{name}_input.bin")
    logits.numpy().tofile(f"{out}/{name}_logits.bin")
    torch.onnx.export(net, x, f"{out}/{name}.onnx", opset_version=13, input_names=["image"], output_names=["logits"],
                      dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(NETS))
        sys.exit(0)
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    warnings.filterwarnings("ignore")
    for name in LIGHT if sys.argv[2:] == ["--light"] else sys.argv[2:] or NETS:
        write(name, sys.argv[1])
