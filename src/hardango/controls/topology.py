"""What the user says of what stands in front of Django, for the controls to count with."""

from __future__ import annotations

from hardango.project.model import Deployment


def adds_header(deployment: Deployment, header: str) -> str:
    """That the proxy adds a response header by itself, as a sentence; "" if nobody says so."""
    topology = deployment.topology
    if header.lower() not in topology.headers:
        return ""
    return f"The proxy adds {header}{_said_at(deployment)}"


def _said_at(deployment: Deployment) -> str:
    place = deployment.topology.place
    return f", says {place}" if place is not None else ""
