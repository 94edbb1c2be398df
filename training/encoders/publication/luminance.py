"""A first layer that sees luminance alone, for networks that learnt from grey pictures."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from models.errors import InvalidWeightsError
from models.registry.loading import network_of
from models.registry.manifests.encoders import EncoderManifest

_LUMINANCE = torch.tensor([0.299, 0.587, 0.114])
"""Of red, green and blue, as grey pictures are made (ITU-R BT.601)."""


def seeing_luminance(state: Mapping[str, Tensor], manifest: EncoderManifest) -> dict[str, Tensor]:
    """Give a colour picture the embedding that its grey copy has.

    Grey pictures never tell the channels of the first convolution apart, so training leaves their
    differences to chance, and colours then mean anything. A grey picture's embedding stays as it
    is, but for the outermost pixels of a network that centres its channels itself, each by another
    value. Raises InvalidWeightsError where the first layer is no convolution of three channels, or
    the manifest centres them by different values.
    """
    layers = network_of(manifest).named_modules()
    name = next((f"{name}.weight" for name, one in layers if isinstance(one, nn.Conv2d)), "")
    first = state.get(name)
    if first is None or first.shape[1] != 3 or len(set(manifest.input.mean)) > 1:
        raise InvalidWeightsError(
            f"{manifest.architecture.name} cannot be made to see luminance alone: its first layer "
            "is no convolution of three channels that are centred alike."
        )
    shares = _LUMINANCE.to(first).view(1, 3, 1, 1)
    if manifest.input.channels == "bgr":
        shares = shares.flip(1)
    changed = {**state, name: first.sum(1, keepdim=True) * shares}
    shift = state.get("shift")
    if shift is not None:  # what the network itself centres its channels by
        common = (shares[0] * shift).sum()
        bias = name.removesuffix("weight") + "bias"
        changed["shift"] = torch.full_like(shift, float(common))
        changed[bias] = state[bias] + (first * (shift - common)).sum(dim=(1, 2, 3))
    return changed
