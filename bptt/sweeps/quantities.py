"""What is measured at a point, by column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    title: str
    unit: str


QUANTITIES: dict[str, Quantity] = {
    "log10_norm": Quantity("log10 of the spectral norm of c_T ⋯ c_1", "decades"),
    "log10_norm_per_step": Quantity("log10 of the spectral norm of c_T ⋯ c_1, divided by T", "decades per step"),
    "log10_norm_last": Quantity("log10 of the spectral norm of c_T alone", "decades"),
    "exponent": Quantity("largest Lyapunov exponent", "nats per step"),
    "log10_bound": Quantity("T log10 of what the weights bound ‖c_t‖ by (γ σ_1)", "decades"),
    "sigma_1": Quantity("largest singular value of the recurrent matrices", "1"),
    "saturation": Quantity("mean of |φ′| over steps, units and functions", "1"),
}
"""A value that is nothing at a point (a bound that does not hold) is None; the logarithm of zero is −∞."""
