"""Style transfer from coarse to fine.

Gatys et al., "A neural algorithm of artistic style" (2015): J(G) = α · J_content + β · J_style is
brought down by changing the picture, here its Fourier coefficients, by L-BFGS.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.nets.filter_pyramid import blur
from models.pipelines.detection.results import Detections
from models.pipelines.style.color import carry_chroma, carry_palette, equalized, to_rgb, to_ycbcr
from models.pipelines.style.content import range_penalty
from models.pipelines.style.detail import quilted_detail
from models.pipelines.style.faces import face_mask, protection, scaled
from models.pipelines.style.fourier import SHARP, SMOOTH, FourierPicture
from models.pipelines.style.objectives import Objective, StyleModel
from models.pipelines.style.options import (
    Losses,
    Picture,
    Progress,
    Step,
    TransferOptions,
    unseen,
)
from models.pipelines.style.sizes import resized, shrunk, sides, steps_at

_MARGIN = 16
"""The picture is continued on each side by one part in so many, and cut again at the end."""
_HISTORY_PLACES = 20 * 300 * 300
"""L-BFGS remembers as many pictures as have so many places together: memory is bounded."""
_RANGE_WEIGHT = 10.0
_WEAVE_SIGMA = 1.0
"""Pixels."""
_BARE = 3.0
"""Protection of luminance from which on a place begins without the style's detail."""


def transfer(
    content: Picture,
    style: Picture,
    model: StyleModel,
    options: TransferOptions,
    *,
    faces: Detections,
    alpha: float,
    beta: float,
    progress: Progress = unseen,
) -> Picture:
    """The content in the manner of the style, its longer side `options.size` pixels.

    `faces` are those of the content, in its pixels. They hold on to their eyes and mouths.
    Whatever `progress` raises ends the transfer.
    """
    plain, kept, painted = _prepared(content, style, options)
    protected = _protection(faces, content, plain, _margin(options))
    target = carry_palette(kept, painted)
    sizes = sides(max(target.shape[-2:]))
    steps = [steps_at(side, options.steps) for side in sizes]
    watch = _Watch(progress, steps, _margin(options) / sizes[-1])
    finest = finest_waves(painted)
    x = target
    for number, (side, count) in enumerate(zip(sizes, steps, strict=True)):
        ratio = side / sizes[-1]
        goal, manner = shrunk(target, ratio), shrunk(painted, ratio)
        guard = resized(protected, *goal.shape[-2:])
        objective = model.objective(goal, manner, guard, options.seed + number)
        start = resized(x, *goal.shape[-2:])
        if number:
            # Eyes and mouths begin without lines: descent would not get rid of them.
            free = (1 - guard[:, :1] / _BARE).clamp(min=0)
            start = (start + free * quilted_detail(start, manner)).clamp(0, 1)
        x = _optimized(start, objective, count, (alpha, beta), finest, watch)
    x = carry_palette(_cut(x, _margin(options)), painted)
    if options.preserve_colour:
        x = carry_chroma(x, plain)
    return to_picture(_blended(x, plain, faces, content, options))


def finest_waves(style: Tensor) -> float:
    """Cycles per pixel of the shortest waves that a picture in this manner needs.

    Told by the share of the luminance's variance that a blur of one pixel takes away: under
    5 % in washes and broad strokes, over 10 % in hatching and woodcuts.
    """
    luminance = to_ycbcr(style)[:, :1]
    variance = luminance.var().item() + 1e-6
    share = (luminance - blur(luminance, 1.0)).var().item() / variance
    return min(SHARP, max(SMOOTH, SMOOTH + 3 * (share - 0.05)))


def to_tensor(rgb: Picture) -> Tensor:
    """(H, W, 3) uint8 → (1, 3, H, W) in [0, 1]."""
    return torch.from_numpy(rgb.astype(np.float32) / 255).permute(2, 0, 1)[None]


def to_picture(x: Tensor) -> Picture:
    """The inverse of `to_tensor`, with values outside of [0, 1] cut off."""
    values = x[0].permute(1, 2, 0).clamp(0, 1).numpy()
    return np.asarray((255 * values).round(), dtype=np.uint8)


def _margin(options: TransferOptions) -> int:
    return max(4, options.size // _MARGIN)


def _prepared(
    content: Picture, style: Picture, options: TransferOptions
) -> tuple[Tensor, Tensor, Tensor]:
    """Content as it is, content continued into the margin, style; all at their final size."""
    ratio = options.size / max(content.shape[:2])
    height, width = (max(16, round(side * ratio)) for side in content.shape[:2])
    plain = resized(to_tensor(content), height, width)
    margin = _margin(options)
    kept = F.pad(to_tensor(equalized(to_picture(plain))), (margin,) * 4, "reflect")
    painted = to_tensor(style)
    places = kept.shape[-2] * kept.shape[-1]
    painted = shrunk(painted, (places / (painted.shape[-2] * painted.shape[-1])) ** 0.5)
    if options.preserve_colour:
        painted = carry_palette(painted, kept)
    return plain, kept, painted


def _protection(faces: Detections, content: Picture, plain: Tensor, margin: int) -> Tensor:
    height, width = plain.shape[-2:]
    weights = protection(_as_large(faces, content, plain), height, width)
    return F.pad(torch.from_numpy(weights)[None], (margin,) * 4, "reflect")


def _as_large(faces: Detections, content: Picture, plain: Tensor) -> Detections:
    height, width = content.shape[:2]
    return scaled(faces, plain.shape[-1] / width, plain.shape[-2] / height)


def _blended(
    x: Tensor, plain: Tensor, faces: Detections, content: Picture, options: TransferOptions
) -> Tensor:
    """Faces, or all but faces, as they were before."""
    if not (options.keep_faces or options.faces_only):
        return x
    mask = face_mask(_as_large(faces, content, plain), *plain.shape[-2:])
    styled = torch.from_numpy(mask if options.faces_only else 1 - mask)
    return plain + styled * (x - plain)


def _cut(x: Tensor, margin: int) -> Tensor:
    return x[:, :, margin:-margin, margin:-margin]


class _Watch:
    """Tells the caller about every step of the whole transfer."""

    def __init__(self, progress: Progress, steps: Sequence[int], margin: float) -> None:
        self._progress = progress
        self._margin = margin
        places = [(size, one) for size, count in enumerate(steps, 1) for one in range(1, count + 1)]
        self._steps = (
            Step(number, len(places), one, steps[size - 1], size, len(steps))
            for number, (size, one) in enumerate(places, 1)
        )

    def step(self, losses: Losses, variable: FourierPicture) -> None:
        """Report one more step; `losses` are those before the next one."""

        def preview() -> Picture:
            with torch.no_grad():
                x = variable.picture()
                return to_picture(_cut(x, max(1, round(self._margin * max(x.shape[-2:])))))

        self._progress(next(self._steps), losses, preview)


def _optimized(
    start: Tensor,
    objective: Objective,
    steps: int,
    weights: tuple[float, float],
    finest: float,
    watch: _Watch,
) -> Tensor:
    """The picture after so many steps of L-BFGS from `start`, in [0, 1]."""
    variable = FourierPicture(start, finest)
    places = start.shape[-2] * start.shape[-1]
    optimizer = torch.optim.LBFGS(
        [variable.z],
        max_iter=steps,
        max_eval=4 * steps,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=min(20, max(4, _HISTORY_PLACES // places)),
        line_search_fn="strong_wolfe",
    )
    reported = 0
    losses = Losses(0.0, 0.0, 0.0)

    def evaluate() -> Tensor:
        nonlocal losses, reported
        # The optimizer counts a step when it begins: so one step is over when the next is counted.
        while reported < optimizer.state[variable.z].get("n_iter", 0) - 1:
            reported += 1
            watch.step(losses, variable)
        optimizer.zero_grad()
        x = variable.picture()
        content, style = objective.losses(x)
        total = weights[0] * content + weights[1] * style
        losses = Losses(total.item(), content.item(), style.item())
        total = total + _RANGE_WEIGHT * range_penalty(x)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(evaluate)  # type: ignore[no-untyped-call]
    for _ in range(steps - reported):
        watch.step(losses, variable)
    with torch.no_grad():
        return _without_weave(variable.picture()).clamp(0, 1)


def _without_weave(x: Tensor) -> Tensor:
    """The picture with the finest changes of chroma taken out.

    Neither loss looks at them closely, so they collect what descent leaves behind; eyes see
    little of them, except as a weave over even places.
    """
    ycc = to_ycbcr(x)
    return to_rgb(torch.cat([ycc[:, :1], blur(ycc[:, 1:], _WEAVE_SIGMA)], dim=1))
