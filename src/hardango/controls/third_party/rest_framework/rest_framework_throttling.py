"""The API limits how much one client asks for.

Without a limit one client can try every number of an account, every code of four digits, every page of a
catalogue, or keep the expensive search busy. Django REST framework limits nothing by default.

`DEFAULT_THROTTLE_CLASSES` limits every view that says nothing else, at the rates of `DEFAULT_THROTTLE_RATES`. Both
are needed: AnonRateThrottle and UserRateThrottle without a rate for "anon" and "user" let everything pass, and
look as if they did not. The framework itself calls its throttles no protection against an attacker, for they
count loosely; a limit in the proxy is a better one. Whose address counts is what the control `client-ip` judges.

What breaks: clients that ask more often. They get 429 and the time to wait. That nothing is limited is the
default, so hardango says it only with `--pedantic`. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import (
    REST_FRAMEWORK,
    Option,
    classes,
    judged_where_used,
    option,
    stated_classes,
)
from hardango.controls.values import said
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

REST_FRAMEWORK_THROTTLING = Control(
    "rest-framework-throttling",
    title="Limit on requests to the API",
    weakness="The API answers without a limit",
    severity=Severity.LOW,
    settings=("REST_FRAMEWORK", "INSTALLED_APPS"),
    attack="One client tries all codes or numbers, or asks for the most expensive answer all day.",
    remedy='Set "DEFAULT_THROTTLE_CLASSES" and, for each scope, a rate in "DEFAULT_THROTTLE_RATES", such as '
    '{"anon": "60/min", "user": "600/min"}.',
    person="how often honest clients ask is not in the files",
    references=(
        asvs("2.4.1"), cwe(770), cwe(799),
        docs("https://www.django-rest-framework.org/api-guide/throttling/"),
    ),
)  # fmt: skip

SCOPES = {
    "rest_framework.throttling.AnonRateThrottle": "anon",
    "rest_framework.throttling.UserRateThrottle": "user",
}
RATES = {"user": None, "anon": None}
"""The default: no rate for either."""


@REST_FRAMEWORK_THROTTLING.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(settings, deployment, REST_FRAMEWORK, of_default)


def of_default(case: Case) -> Iterator[Judgement]:
    found = option(case, "REST_FRAMEWORK", "DEFAULT_THROTTLE_CLASSES", [])
    rates = option(case, "REST_FRAMEWORK", "DEFAULT_THROTTLE_RATES", RATES)
    names = classes(found.value)
    if names is None:
        why = found.unread or f"{found.name} is {said(found.value)}"
        yield unreadable(case, why, found.setting)._replace(pedantic=True)
    elif not names:
        message = f"{stated_classes(found)}: a view that says nothing limits nothing"
        yield bad(case, message, found.setting, pedantic=True)
    else:
        idle = [name for name in names if rate_of(name, rates) is None]
        if idle and len(idle) == len(names):
            message = f"{said(idle[0])} has no rate in {rates.name}: it lets everything pass"
            yield bad(case, message, found.setting)
        else:
            yield good(case, f"{found.name} limits the views that say nothing", found.setting)


def rate_of(name: str, rates: Option) -> object:
    """The rate of a throttle of the framework; None if it is surely unlimited."""
    scope = SCOPES.get(name)
    if scope is None or isinstance(rates.value, Unknown) or not isinstance(rates.value, dict):
        return name
    # A scope that the project's rates leave out is an error at the first request.
    return rates.value.get(scope, name)
