"""What the user says of what stands in front of Django, for the controls to count with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.model import Judgement, Opinion
from hardango.project.model import Deployment


def adds_header(deployment: Deployment, header: str) -> str:
    """That the proxy adds a response header by itself, as a sentence; "" if nobody says so."""
    topology = deployment.topology
    if header.lower() not in topology.headers:
        return ""
    return f"The proxy adds {header}{_said_at(deployment)}"


def redirects(deployment: Deployment) -> str:
    """That the proxy sends plain HTTP to HTTPS, as a sentence; "" if nobody says so."""
    if deployment.topology.redirect != "proxy":
        return ""
    return f"The proxy redirects to HTTPS{_said_at(deployment)}"


def checks_hosts(deployment: Deployment) -> str:
    """That the proxy refuses a wrong Host header, as a sentence; "" if nobody says so."""
    if deployment.topology.hosts != "proxy":
        return ""
    return f"The proxy refuses other host names{_said_at(deployment)}"


def names_user(deployment: Deployment, header: str) -> str:
    """That the proxy sets or removes the header that names the user, as a sentence; "" if nobody
    says so."""
    if not header or deployment.topology.user_header.lower() != header.lower():
        return ""
    return f"The proxy sets or removes it on every request{_said_at(deployment)}"


def limits_logins(deployment: Deployment) -> str:
    """That the proxy limits how often somebody can try to log in, as a sentence; "" if nobody
    says so."""
    if deployment.topology.logins != "proxy":
        return ""
    return f"The proxy limits attempts to log in{_said_at(deployment)}"


def moved(judgements: Iterable[Judgement], said: str) -> Iterator[Judgement]:
    """The judgements: if the sentence `said` tells what protects instead, those that are bad or
    not known are satisfied elsewhere."""
    for each in judgements:
        if said and each.opinion in (Opinion.BAD, Opinion.UNREADABLE):
            yield Judgement(Opinion.ELSEWHERE, said, each.condition, each.chain)
        else:
            yield each


def _said_at(deployment: Deployment) -> str:
    place = deployment.topology.place
    return f", says {place}" if place is not None else ""
