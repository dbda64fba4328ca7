"""Every control, in the order in which a reader would want to meet them."""

from __future__ import annotations

from hardango.controls.allowed_hosts import ALLOWED_HOSTS
from hardango.controls.debug import DEBUG
from hardango.controls.model import Control

CATALOGUE: tuple[Control, ...] = (
    DEBUG,
    ALLOWED_HOSTS,
)  # fmt: skip
