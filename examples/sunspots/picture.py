"""The loss curve, as an SVG that is the same bytes for the same losses."""

from __future__ import annotations

from pathlib import Path


def loss_curve(losses: list[float], path: Path) -> None:
    """Needs matplotlib: pip install matplotlib"""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with matplotlib.rc_context({"svg.hashsalt": "bptt", "font.size": 10, "svg.fonttype": "none"}):
        figure, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
        axes.plot(range(len(losses)), losses, color="#1f4e79", linewidth=1.2)
        axes.set(xlabel="Adam step", ylabel="training loss L", yscale="log", xlim=(0, len(losses)))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(which="both", linewidth=0.3)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
