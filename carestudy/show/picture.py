"""Pictures: drawn in the package's one style, saved small and always with the same bytes, and read back as text."""

from __future__ import annotations

import base64
import hashlib
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from carestudy.show.looks import FAINT, GRID, INK, MUTED

WIDTH, DPI, COLOURS = 6.0, 168, 12  # a fifth smaller than with 192 and 16, and nobody sees it on a page 6.7 inches wide
LONG = 60  # numbers; a longer series is described by its ends and a hash
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "text.parse_math": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "ytick.major.size": 0,
    "xtick.major.size": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A finished picture: its bytes, and every number and word drawn in it, one artist a line."""

    png: bytes
    drawn: str

    @property
    def uri(self) -> str:
        """The picture as a data address."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def paint(painter: Callable[[Any], None], height: float) -> Picture:
    """The picture that a painter draws on an empty figure; pyplot and its global state are not used."""
    from matplotlib import style  # heavy, and only pictures need it
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style.context(["default", STYLE]), warnings.catch_warnings():
        # A sign that the font lacks is drawn as a box; the HTML beside the picture has the name.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
        canvas = FigureCanvasAgg(figure)
        painter(figure)
        canvas.draw()
        return Picture(_png(np.asarray(canvas.buffer_rgba())), "\n".join(_described(figure)))


def _png(pixels: Any) -> bytes:
    """A palette picture of four bits a pixel: smaller than Pillow writes it, and the same on every processor."""
    from PIL import Image

    image = Image.fromarray(pixels[..., :3].copy())
    small = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette_indices = np.asarray(small)
    height, width = palette_indices.shape
    even = np.pad(palette_indices, ((0, 0), (0, width % 2)))
    lines = np.pad(even[:, ::2] << 4 | even[:, 1::2], ((0, 0), (1, 0)))  # each line begins with its filter: none
    palette = bytes(small.getpalette() or ())[: 3 * COLOURS]
    metre = round(DPI / 0.0254)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"IDAT", zlib.compress(lines.astype(np.uint8).tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _described(figure: Any) -> Iterator[str]:
    for axes in figure.axes:
        if axes.get_title(loc="left"):
            yield f"[{axes.get_title(loc='left')}]"
        yield from _ticks("x", axes.xaxis)
        yield from _ticks("y", axes.yaxis)
        yield from (f"{_name(line)}: {_numbers(line.get_xydata())}" for line in axes.lines)
        yield from (f"{_name(shape)}: {_numbers(_points(shape))}" for shape in axes.collections)
        yield from (f"{_name(patch)}: {_numbers(_corners(patch))}" for patch in axes.patches)
        yield from (f"text: {_line(text.get_text())}" for text in axes.texts)


def _ticks(name: str, axis: Any) -> Iterator[str]:
    low, high = sorted(axis.get_view_interval())
    words = [_line(tick.label1.get_text()) for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    if any(words):
        yield f"{name}: {', '.join(filter(None, words))}"


def _corners(patch: Any) -> Any:
    return patch.get_patch_transform().transform(patch.get_path().vertices)[:4]


def _points(shape: Any) -> Any:
    from matplotlib.collections import LineCollection, PolyCollection

    if isinstance(shape, (LineCollection, PolyCollection)):
        return np.concatenate([path.vertices for path in shape.get_paths()] or [np.empty((0, 2))])
    return shape.get_offsets()


def _name(artist: Any) -> str:
    label = str(artist.get_label())
    return type(artist).__name__.lower() if label.startswith("_") or not label else label


def _line(text: str) -> str:
    return " ".join(text.split())


def _numbers(values: Any) -> str:
    pairs = np.asarray(values, float).reshape(-1, 2)
    words = [f"({x:.6g}, {y:.6g})" for x, y in pairs]
    if len(words) <= LONG:
        return " ".join(words)
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
    return f"{len(words)} points, {words[0]} to {words[-1]}, sha256 {digest}"
