"""PyTorch's ``gradcheck`` in its fast mode: a central difference along one direction, always the same."""

from __future__ import annotations

from benchmarks.competitors.checks import _torch
from benchmarks.competitors.checks._setting import ONE, Check, Setting

TITLE, PLACE, LIBRARY, LOOKS_AT = "torch gradcheck, fast", 6, "torch", ONE


def prepare(setting: Setting) -> Check:
    return _torch.prepared(setting, fast=True)
