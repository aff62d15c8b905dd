"""CAM++, the network that turns a stretch of one voice into 192 numbers.

A densely connected time-delay network with context-aware masking: Wang et al., "CAM++: A Fast and
Efficient Network for Speaker Verification Using Context-Aware Masking", arXiv 2303.00332. The module
names are those of the published state dict, so that it loads strictly. Inference only.

This module imports torch; import it only where a voice has to be embedded.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from qa.errors import ModelError

MEL_FILTERS = 80
DIMENSION = 192
GROWTH = 32
"""Channels that each dense layer adds."""
BOTTLENECK = 128
CONTEXT_FRAMES = 100
"""Length of the segments whose mean is the local context of the mask, in network frames (20 ms)."""
BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each dense block."""


def _norm_relu(channels: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(channels), relu=nn.ReLU(inplace=True)))


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; the first may halve the frequency axis, never time."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.Conv2d(channels, channels, 1, stride=(stride, 1), bias=False))
            self.shortcut.append(nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu_(self.bn1(self.conv1(x)))
        return torch.relu_(self.bn2(self.conv2(y)) + self.shortcut(x))


class ConvolutionHead(nn.Module):
    """(batch, mel, frames) as a picture; out come (batch, 320, frames): 32 channels x 10 bands."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(ResidualBlock(channels, 2), ResidualBlock(channels, 1))
        self.layer2 = nn.Sequential(ResidualBlock(channels, 2), ResidualBlock(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.channels = channels * (MEL_FILTERS // 8)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu_(self.bn1(self.conv1(x.unsqueeze(1))))
        y = self.layer2(self.layer1(y))
        y = torch.relu_(self.bn2(self.conv2(y)))
        return y.flatten(1, 2)


class TimeDelay(nn.Module):
    """The first layer along time; it halves the frame rate to one in 20 ms."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inside, outside, 5, stride=2, padding=2, bias=False)
        self.nonlinear = _norm_relu(outside)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x))
        return y


class ContextMask(nn.Module):
    """A convolution whose output is masked by the context: the whole stretch's mean and the segment's."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(BOTTLENECK, GROWTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(BOTTLENECK, BOTTLENECK // 2, 1)
        self.linear2 = nn.Conv1d(BOTTLENECK // 2, GROWTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        # The mask is constant within a segment: it is computed once a segment and then stretched.
        segments = functional.avg_pool1d(x, CONTEXT_FRAMES, CONTEXT_FRAMES, ceil_mode=True)
        context = segments + x.mean(-1, keepdim=True)
        mask = torch.sigmoid(self.linear2(torch.relu_(self.linear1(context))))
        if mask.shape[-1] > 1:
            mask = mask.repeat_interleave(CONTEXT_FRAMES, dim=-1)[..., : x.shape[-1]]
        y: Tensor = self.linear_local(x)
        return y * mask


class DenseLayer(nn.Module):
    """Bottleneck, then the masked convolution: `GROWTH` new channels."""

    def __init__(self, inside: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _norm_relu(inside)
        self.linear1 = nn.Conv1d(inside, BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _norm_relu(BOTTLENECK)
        self.cam_layer = ContextMask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return y


class DenseBlock(nn.Module):
    """Dense layers: each sees the block's input and what all the layers before it added."""

    def __init__(self, layers: int, inside: int, dilation: int) -> None:
        super().__init__()
        self.inside = inside
        for index in range(layers):
            self.add_module(f"tdnnd{index + 1}", DenseLayer(inside + index * GROWTH, dilation))
        self.outside = inside + layers * GROWTH

    def forward(self, x: Tensor) -> Tensor:
        # One buffer for all channels: joining tensors layer by layer would copy them again and again.
        grown = x.new_empty(x.shape[0], self.outside, x.shape[2])
        grown[:, : self.inside] = x
        end = self.inside
        for layer in self.children():
            grown[:, end : end + GROWTH] = layer(grown[:, :end])
            end += GROWTH
        return grown


class Transit(nn.Module):
    """Between blocks: halves the channels."""

    def __init__(self, inside: int) -> None:
        super().__init__()
        self.nonlinear = _norm_relu(inside)
        self.linear = nn.Conv1d(inside, inside // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(self.nonlinear(x))
        return y


class StatisticsPool(nn.Module):
    """Mean and standard deviation over time."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x.mean(-1), x.std(-1)], dim=-1)


class Dense(nn.Module):
    """The last projection, normalised without learned scale."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inside, outside, 1, bias=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(outside, affine=False)))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))
        return y


class CamPlusPlus(nn.Module):
    """(batch, frames, 80) mean-normalised log-mel filter banks, 100 frames/s → (batch, 192)."""

    def __init__(self) -> None:
        super().__init__()
        self.head = ConvolutionHead()
        parts: OrderedDict[str, nn.Module] = OrderedDict()
        channels = 128
        parts["tdnn"] = TimeDelay(self.head.channels, channels)
        for index, (layers, dilation) in enumerate(BLOCKS, start=1):
            block = DenseBlock(layers, channels, dilation)
            parts[f"block{index}"] = block
            parts[f"transit{index}"] = Transit(block.outside)
            channels = block.outside // 2
        parts["out_nonlinear"] = _norm_relu(channels)
        parts["stats"] = StatisticsPool()
        parts["dense"] = Dense(channels * 2, DIMENSION)
        self.xvector = nn.Sequential(parts)

    def forward(self, features: Tensor) -> Tensor:
        y: Tensor = self.xvector(self.head(features.transpose(1, 2)))
        return y


def fold_norms(model: CamPlusPlus) -> CamPlusPlus:
    """The same function with every batch norm that follows a convolution folded into it.

    Exact up to rounding. Changes `model` in place (its state dict no longer matches the file).
    """
    _fold(model.head, "conv1", "bn1")
    _fold(model.head, "conv2", "bn2")
    for module in model.modules():
        if isinstance(module, ResidualBlock):
            _fold(module, "conv1", "bn1")
            _fold(module, "conv2", "bn2")
            if len(module.shortcut):
                _fold(module.shortcut, "0", "1")
        elif isinstance(module, DenseLayer):
            module.linear1 = fuse_conv_bn_eval(module.linear1, _norm_of(module.nonlinear2))
            module.nonlinear2.batchnorm = nn.Identity()
        elif isinstance(module, TimeDelay):
            module.linear = fuse_conv_bn_eval(module.linear, _norm_of(module.nonlinear))
            module.nonlinear.batchnorm = nn.Identity()
    return model


def _norm_of(nonlinear: nn.Sequential) -> nn.BatchNorm1d:
    norm = nonlinear.batchnorm
    assert isinstance(norm, nn.BatchNorm1d)
    return norm


def _fold(owner: nn.Module, convolution: str, norm: str) -> None:
    fused = fuse_conv_bn_eval(getattr(owner, convolution), getattr(owner, norm))
    setattr(owner, convolution, fused)
    setattr(owner, norm, nn.Identity())


def load(path: Path) -> CamPlusPlus:
    """The network with the weights of `path`, ready for inference. Raises `ModelError`."""
    model = CamPlusPlus()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(state, strict=True)
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; `qa models fetch` gets it") from None
    except Exception as error:  # torch raises whatever the unpickler does
        raise ModelError(
            f"{path}: not the CAM++ weights that qa knows; `qa models verify`: {error}"
        ) from error
    return fold_norms(model.eval())
