"""PyTorch's ``gradcheck``: central differences, entry by entry."""

from __future__ import annotations

from benchmarks.competitors.checks import _torch
from benchmarks.competitors.checks._setting import EVERY, Check, Setting

TITLE, PLACE, LIBRARY, LOOKS_AT = "torch gradcheck", 5, "torch", EVERY


def prepare(setting: Setting) -> Check:
    return _torch.prepared(setting, fast=False)
