"""Small classifiers of the kinds that make_torch_nets.py has no whole one of: the ways in which they are written, not their sizes.

Each has a 'shape' of its own, bands x pixels x pixels. What a geospatial foundation model brings besides a ViT is here: wavelengths
that make the weights of the patches (DOFA, Clay), patches in time (Prithvi), places by sine and cosine, pooled heads.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 10


class Mlp(nn.Sequential):
    def __init__(self, width, act=nn.GELU):
        super().__init__(nn.Linear(width, 4 * width), act(), nn.Linear(4 * width, width))


class SwiGlu(nn.Module):
    """The feed-forward part of the large DINOv2."""

    def __init__(self, width):
        super().__init__()
        self.both, self.out = nn.Linear(width, 4 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        gate, value = self.both(x).chunk(2, -1)
        return self.out(F.silu(gate) * value)


class GlobalResponse(nn.Module):
    """ConvNeXt V2: channels weighed by their norm over the image, as a share of all channels' mean."""

    def __init__(self, width):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.randn(1, 1, 1, width) * .2), nn.Parameter(torch.randn(1, 1, 1, width) * .2)

    def forward(self, x):
        norm = torch.norm(x, p=2, dim=(1, 2), keepdim=True)
        share = norm / (norm.mean(dim=-1, keepdim=True) + 1e-6)
        return self.gamma * (x * share) + self.beta + x


class ConvNeXtV2Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.spread = nn.Conv2d(width, width, 7, 1, 3, groups=width)
        self.mix = nn.Sequential(nn.LayerNorm(width, 1e-6), nn.Linear(width, 4 * width), nn.GELU(), GlobalResponse(4 * width),
                                 nn.Linear(4 * width, width))

    def forward(self, x):
        return x + self.mix(self.spread(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ChannelNorm(nn.Module):
    """As the authors write it: by hand, over axis 1."""

    def __init__(self, width):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.rand(width) + .5), nn.Parameter(torch.randn(width) * .1)

    def forward(self, x):
        mean = x.mean(1, keepdim=True)
        square = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt(square + 1e-6)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class ConvNeXtV2(nn.Module):
    shape = (3, 64, 64)

    def __init__(self):
        super().__init__()
        self.stages = nn.Sequential(nn.Conv2d(3, 32, 4, 4), ChannelNorm(32), ConvNeXtV2Block(32), ConvNeXtV2Block(32),
                                    ChannelNorm(32), nn.Conv2d(32, 64, 2, 2), ConvNeXtV2Block(64))
        self.norm, self.head = nn.LayerNorm(64, 1e-6), nn.Linear(64, CLASSES)

    def forward(self, x):
        return self.head(self.norm(self.stages(x).mean([-2, -1])))


class Relative(nn.Module):
    """MaxViT: attention of the tokens of each partition, with a bias by their distance."""

    def __init__(self, width, size, head=16):
        super().__init__()
        self.heads, self.size = width // head, size
        self.qkv, self.merge = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.scale = width ** -0.5
        at = torch.stack(torch.meshgrid([torch.arange(size), torch.arange(size)], indexing="ij")).flatten(1)
        apart = (at[:, :, None] - at[:, None, :]).permute(1, 2, 0) + size - 1
        self.register_buffer("index", (apart[:, :, 0] * (2 * size - 1) + apart[:, :, 1]).flatten())
        self.table = nn.Parameter(torch.randn((2 * size - 1) ** 2, self.heads) * .2)

    def forward(self, x):
        b, g, p, d = x.shape
        q, k, v = torch.chunk(self.qkv(x), 3, dim=-1)
        q, k, v = (t.reshape(b, g, p, self.heads, -1).permute(0, 1, 3, 2, 4) for t in (q, k, v))
        bias = self.table[self.index].view(p, p, -1).permute(2, 0, 1).contiguous().unsqueeze(0)
        weights = F.softmax(torch.einsum("B G H I D, B G H J D -> B G H I J", q, k * self.scale) + bias, dim=-1)
        out = torch.einsum("B G H I J, B G H J D -> B G H I D", weights, v)
        return self.merge(out.permute(0, 1, 3, 2, 4).reshape(b, g, p, d))


class Partitions(nn.Module):
    """Windows of neighbours, or (grid) of tokens at equal distances."""

    def __init__(self, width, size, grid):
        super().__init__()
        self.size, self.grid = size, grid
        self.attend = nn.Sequential(nn.LayerNorm(width), Relative(width, size))
        self.mlp = nn.Sequential(nn.LayerNorm(width), Mlp(width))

    def forward(self, x):
        b, c, h, w = x.shape
        p = h // self.size if self.grid else self.size
        x = x.reshape(b, c, h // p, p, w // p, p).permute(0, 2, 4, 3, 5, 1).reshape(b, (h // p) * (w // p), p * p, c)
        x = x.swapaxes(-2, -3) if self.grid else x
        x = x + self.attend(x)
        x = x + self.mlp(x)
        x = x.swapaxes(-2, -3) if self.grid else x
        x = x.reshape(b, h // p, w // p, p, p, c).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(b, c, h, w)


class MaxViT(nn.Module):
    shape = (3, 64, 64)

    def __init__(self):
        super().__init__()

        def block(cin, width, stride):
            middle = 4 * width
            conv = nn.Sequential(nn.BatchNorm2d(cin), nn.Conv2d(cin, middle, 1, bias=False), nn.BatchNorm2d(middle), nn.GELU(),
                                 nn.Conv2d(middle, middle, 3, stride, 1, groups=middle, bias=False), nn.BatchNorm2d(middle), nn.GELU(),
                                 Squeeze(middle, width // 4), nn.Conv2d(middle, width, 1))
            skip = nn.Sequential(nn.AvgPool2d(3, stride, 1), nn.Conv2d(cin, width, 1)) if stride > 1 else nn.Identity()
            return nn.Sequential(Sum(conv, skip), Partitions(width, 4, False), Partitions(width, 4, True))

        self.net = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.GELU(), nn.Conv2d(32, 32, 3, 1, 1),
                                 block(32, 32, 2), block(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(64),
                                 nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, CLASSES, bias=False))

    def forward(self, x):
        return self.net(x)


class Squeeze(nn.Module):
    def __init__(self, width, squeezed):
        super().__init__()
        self.weigh = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, squeezed, 1), nn.SiLU(), nn.Conv2d(squeezed, width, 1),
                                   nn.Sigmoid())

    def forward(self, x):
        return self.weigh(x) * x


class Sum(nn.Module):
    def __init__(self, body, skip):
        super().__init__()
        self.body, self.skip = body, skip

    def forward(self, x):
        return self.skip(x) + self.body(x)


class Heads(nn.Module):
    """Attention by separate products, as transformers (the library) has it; 'turn' moves queries and keys."""

    def __init__(self, width, heads, turn=None):
        super().__init__()
        self.heads, self.turn = heads, turn
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = (f(x).view(n, tokens, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        if self.turn is not None:
            q, k = self.turn(q), self.turn(k)
        weights = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(width // self.heads), dim=-1)
        return self.out(torch.matmul(weights, v).transpose(1, 2).contiguous().view(n, tokens, width))


class Scaled(nn.Module):
    """x + scale * body(norm(x))"""

    def __init__(self, width, body, scaled=True):
        super().__init__()
        self.norm, self.body = nn.LayerNorm(width, 1e-6), body
        self.scale = nn.Parameter(torch.rand(width)) if scaled else None

    def forward(self, x):
        y = self.body(self.norm(x))
        return x + (y if self.scale is None else self.scale * y)


def sines(width, side):
    """Places by sine and cosine of row and column."""
    at = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij"), -1).reshape(-1, 2, 1).float()
    omega = 1 / 10000 ** (torch.arange(width // 4) / (width / 4))
    return torch.cat([(at * omega).sin().flatten(1), (at * omega).cos().flatten(1)], 1)[None]


class DinoV2(nn.Module):
    """Registers, scaled layers, places interpolated from another grid; the head reads the class token and the patches' mean."""
    shape = (3, 56, 56)

    def __init__(self, width=48, registers=4):
        super().__init__()
        self.embed, self.registers = nn.Conv2d(3, width, 14, 14), registers
        self.cls = nn.Parameter(torch.randn(1, 1, width) * .2)
        self.regs = nn.Parameter(torch.randn(1, registers, width) * .2)
        self.place = nn.Parameter(torch.randn(1, 1 + 6 * 6, width) * .2)
        self.blocks = nn.Sequential(*[nn.Sequential(Scaled(width, Heads(width, 3)), Scaled(width, SwiGlu(width) if i else Mlp(width)))
                                      for i in range(2)])
        self.norm, self.head = nn.LayerNorm(width, 1e-6), nn.Linear(2 * width, CLASSES)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        grid = self.place[:, 1:].reshape(1, 6, 6, -1).permute(0, 3, 1, 2)
        grid = F.interpolate(grid, size=(4, 4), mode="bilinear", align_corners=False).permute(0, 2, 3, 1).view(1, 16, -1)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), 1) + torch.cat((self.place[:, :1], grid), 1)
        x = torch.cat((x[:, :1], self.regs.expand(x.shape[0], -1, -1), x[:, 1:]), 1)
        x = self.norm(self.blocks(x))
        return self.head(torch.cat([x[:, 0], x[:, 1 + self.registers:].mean(1)], -1))


class Rotary(nn.Module):
    """DINOv3: patches' queries and keys are turned by their place; the tokens before them are not."""

    def __init__(self, head, side, before):
        super().__init__()
        self.before = before
        at = (torch.arange(side) + .5) / side * 2 - 1
        at = torch.stack(torch.meshgrid(at, at, indexing="ij"), -1).flatten(0, 1)
        angles = 2 * math.pi * at[:, :, None] / 100 ** (4 * torch.arange(head // 4) / head)
        angles = angles.flatten(1, 2).tile(2)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def forward(self, x):
        first, patches = x.split((self.before, x.shape[-2] - self.before), dim=-2)
        a, b = patches.chunk(2, dim=-1)
        return torch.cat((first, patches * self.cos + torch.cat((-b, a), -1) * self.sin), dim=-2)


class DinoV3(nn.Module):
    shape = (3, 64, 64)

    def __init__(self, width=48, registers=4):
        super().__init__()
        self.embed = nn.Conv2d(3, width, 16, 16)
        self.tokens = nn.Parameter(torch.randn(1, 1 + registers, width) * .2)
        turn = Rotary(width // 3, 4, 1 + registers)
        self.blocks = nn.Sequential(*[nn.Sequential(Scaled(width, Heads(width, 3, turn)), Scaled(width, Mlp(width))) for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(width, 1e-5), nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.tokens.expand(x.shape[0], -1, -1), x], 1)
        return self.head(self.norm(self.blocks(x))[:, 0])


class Prithvi(nn.Module):
    """Six bands of one date, patches in time and space by a convolution of three dimensions, mean of all tokens."""
    shape = (6, 64, 64)

    def __init__(self, width=48):
        super().__init__()
        self.embed = nn.Conv3d(6, width, (1, 16, 16), (1, 16, 16))
        self.cls = nn.Parameter(torch.randn(1, 1, width) * .2)
        self.register_buffer("place", torch.cat([torch.zeros(1, 1, width), sines(width, 4)], 1))
        self.blocks = nn.Sequential(*[nn.Sequential(Scaled(width, Heads(width, 3), False), Scaled(width, Mlp(width), False))
                                      for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.embed(x.unsqueeze(2)).flatten(2).transpose(1, 2) + self.place[:, 1:]
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), 1)
        return self.head(self.norm(self.blocks(x))[:, 1:].mean(1))


class Wavelengths(nn.Module):
    """DOFA and Clay: a small network makes the weights of the patches' convolution from the bands' wavelengths."""

    def __init__(self, width, patch, waves, how):
        super().__init__()
        self.width, self.patch, self.how = width, patch, how
        omega = 1 / 10000 ** (torch.arange(16) / 16)
        at = torch.tensor(waves)[:, None] * 1000 * omega
        self.register_buffer("waves", torch.cat([at.sin(), at.cos()], 1))
        self.make = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        self.weigh = nn.TransformerEncoderLayer(32, 4, 64, activation="gelu", batch_first=False, norm_first=False)
        self.tokens, self.bias = nn.Parameter(torch.randn(8, 32) * .1), nn.Parameter(torch.randn(1, 32) * .1)
        self.weight, self.shift = nn.Linear(32, patch * patch * width), nn.Linear(32, width)

    def forward(self, x):
        waves = self.waves + self.make(self.waves)
        if self.how == "dofa":
            waves = self.weigh(torch.cat([self.tokens, waves, self.bias], 0)[:, None])[:, 0]
        bands = x.shape[1]
        weight = self.weight(waves[8:8 + bands] if self.how == "dofa" else waves)
        weight = weight.view(bands, self.patch, self.patch, self.width).permute(3, 0, 1, 2) * .05
        bias = self.shift(waves[-1] if self.how == "dofa" else waves.mean(0)) * .05
        return F.conv2d(x, weight, bias=bias, stride=self.patch)


class OfWavelengths(nn.Module):
    def __init__(self, shape, waves, how, width=48, patch=8):
        super().__init__()
        self.shape, self.how = shape, how
        self.embed = Wavelengths(width, patch, waves, how)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * .2)
        self.register_buffer("place", torch.cat([torch.zeros(1, 1, width), sines(width, shape[1] // patch)], 1))
        self.blocks = nn.Sequential(*[nn.Sequential(Scaled(width, Heads(width, 3), False), Scaled(width, Mlp(width), False))
                                      for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2) + self.place[:, 1:]
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), 1)
        x = self.blocks(x)
        return self.head(self.norm(x[:, 1:].mean(1)) if self.how == "dofa" else self.norm(x)[:, 0])


NETS = {
    "small_convnext_v2": ConvNeXtV2,
    "small_maxvit": MaxViT,
    "small_dino_v2": DinoV2,
    "small_dino_v3": DinoV3,
    "small_prithvi": Prithvi,
    "small_dofa": lambda: OfWavelengths((4, 48, 48), [.665, .56, .49, .842], "dofa"),
    "small_clay": lambda: OfWavelengths((3, 48, 48), [.665, .56, .49], "clay"),
}
