"""Who limits by address knows the address.

Behind a proxy, the connection comes from the proxy, and the client's address is in a header, mostly
X-Forwarded-For: each proxy appends the address that it sees. Only the entries of the site's own proxies, at the
right end, can be believed; what stands to the left of them is what the client sent.

A throttle that takes the left-most entry, or the whole header, counts for an address that the client makes
up: a new one for each guess, and no limit holds. The other way round, whoever knows somebody's address can get
it locked out. What each package does:

- Django REST framework takes the whole header as long as `NUM_PROXIES` is None, its default.
- django-axes takes REMOTE_ADDR, unless `AXES_IPWARE_META_PRECEDENCE_ORDER` names a header; then the left-most
  entry, unless `AXES_IPWARE_PROXY_COUNT` says how many entries stand to the right of the client's. That is one
  less than there are proxies that append: with one proxy, a count of 1 lets a made-up entry through.
- django-allauth took the left-most entry until 65.14.2; since then REMOTE_ADDR, or what
  `ALLAUTH_TRUSTED_PROXY_COUNT` and `ALLAUTH_TRUSTED_CLIENT_IP_HEADER` say.
- django-defender takes the left-most entry if `DEFENDER_BEHIND_REVERSE_PROXY` is on.
- django-ratelimit takes REMOTE_ADDR, or the header that `RATELIMIT_IP_META_KEY` names, as it is.

Say with `proxies` in `[tool.hardango.deployment]` how many proxies append; hardango then counts with that. What
breaks: with too small a number, all visitors behind the outer proxy share one limit; and with REMOTE_ADDR
behind a proxy all of them do: a few wrong passwords of one lock out everybody. gunicorn leaves that address
as it is, so hardango says it where gunicorn stands behind proxies that are declared. No check of Django looks at
any of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    doubted,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.packages import LISTS, at_least, in_use, used
from hardango.controls.stack import Wanted, look_alike
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

AXES = (
    ("AXES_IPWARE_META_PRECEDENCE_ORDER", "AXES_META_PRECEDENCE_ORDER",
     "IPWARE_META_PRECEDENCE_ORDER"),
    ("AXES_IPWARE_PROXY_COUNT", "AXES_PROXY_COUNT"),
    ("AXES_IPWARE_PROXY_TRUSTED_IPS", "AXES_PROXY_TRUSTED_IPS"),
    ("AXES_IPWARE_PROXY_ORDER", "AXES_PROXY_ORDER"),
    ("AXES_CLIENT_IP_CALLABLE",),
)  # fmt: skip
"""What each setting of django-axes is called: its name, and the older ones that it still reads."""

ALLAUTH = ("ALLAUTH_TRUSTED_CLIENT_IP_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT", "ACCOUNT_RATE_LIMITS",
           "ACCOUNT_ADAPTER")  # fmt: skip
DEFENDER = ("DEFENDER_BEHIND_REVERSE_PROXY", "DEFENDER_REVERSE_PROXY_HEADER",
            "DEFENDER_DISABLE_IP_LOCKOUT")  # fmt: skip

CLIENT_IP = Control(
    "client-ip",
    title="Whose word counts for the client's address",
    weakness="A client can choose the address that limits count for",
    severity=Severity.LOW,
    settings=(*(name for names in AXES for name in names), "REST_FRAMEWORK", *ALLAUTH, *DEFENDER,
              "RATELIMIT_IP_META_KEY"),
    attack="With a made-up address in a header, each guess counts as the first one of somebody else.",
    remedy="Tell the package how many proxies append to X-Forwarded-For, or let the proxy replace the "
    "header, and declare `proxies` in [tool.hardango.deployment].",
    person="how many proxies stand in front is not in the files",
    references=(
        asvs("4.1.3"), cwe(348), cwe(307), docs("https://www.django-rest-framework.org/api-guide/throttling/"),
        docs("https://django-axes.readthedocs.io/en/latest/4_configuration.html"),
        docs("https://docs.allauth.org/en/latest/common/rate_limits.html"),
    ),
)  # fmt: skip

EVERYBODY = "lock out everybody"
AXES_COUNTING = ("AXES_LOCKOUT_PARAMETERS", "AXES_ONLY_USER_FAILURES",
                 "AXES_LOCK_OUT_BY_COMBINATION_USER_AND_IP")  # fmt: skip
LIST = "HTTP_X_FORWARDED_FOR"
DIRECT = "REMOTE_ADDR"


@CLIENT_IP.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases(*LISTS):
        found: list[Judgement] = []
        for judge, app, package in PACKAGES:
            there = used(settings, case, deployment, app=app, package=package)
            if there.sure is not False:
                why = "" if there.sure else f"whether {package} is used is not known: {there.why}"
                found += [doubted(each, why) for each in judge(settings, deployment, case)]
        yield from found
        if not found:
            yield not_applicable(case, "Nothing here limits by the address of the client", *LISTS)


REWRITING = Wanted(
    "",
    hints=("forwarded", "realip", "remoteaddr", "proxyheader", "cloudflare", "clientip", "xff"),
    words=("remote_addr",),
)
"""Middleware that may put the client's address where Django looks."""


def direct(
    settings: Settings, deployment: Deployment, case: Case, package: str, name: str
) -> Judgement:
    """A package counts for REMOTE_ADDR: that of the client, or that of the proxy for everybody."""
    message = f"{package} counts for REMOTE_ADDR"
    servers = {
        each.server for each in deployment.entry_points if each.server and each.role == "production"
    }
    workers = [flag.value or "" for flag in deployment.flags if flag.name == "worker_class"]
    kept = servers == {"gunicorn"} and not any("uvicorn" in each.lower() for each in workers)
    if not deployment.topology.proxies or not kept:
        return good(case, message, name)
    message += ", which behind the proxy is the proxy's own: a few wrong passwords of one visitor "
    message += EVERYBODY
    for stack in narrowed(settings, case, "MIDDLEWARE"):
        if isinstance(stack.outcomes["MIDDLEWARE"].value, Unknown):
            return unreadable(case, f"{message}, unless something in MIDDLEWARE changes it", name)
        other = look_alike(settings, stack, "MIDDLEWARE", REWRITING)
        if other:
            return unreadable(case, f"{message}, unless {other}", name)
    return bad(case, message, name)


def narrowed(settings: Settings, case: Case, *names: str) -> Iterator[Case]:
    """The cases of other settings within a case."""
    for each in settings.cases(*names):
        condition = each.condition & case.condition
        if condition.possible:
            yield Case(each.outcomes, condition)


def counted(
    deployment: Deployment, case: Case, setting: str, count: object, own: int = 0
) -> Judgement:
    """Whether a number of proxies is right; `own` is how many of them the package leaves out."""
    name = "NUM_PROXIES" if setting == "REST_FRAMEWORK" else setting
    if isinstance(count, Unknown):
        return unreadable(case, why_unknown(name, count), setting)
    proxies = deployment.topology.proxies
    if type(count) is int and proxies is None and own:
        message = f"{name} is {count}, which is right where {count + own} proxies append to "
        return unreadable(case, f"{message}X-Forwarded-For; how many do is not known", setting)
    if type(count) is not int or proxies is None:
        return good(case, f"{name} is {said(count)}", setting)
    if count > proxies - own:
        there = f"{proxies} {'proxy appends' if proxies == 1 else 'proxies append'}"
        message = f"{name} is {count}, and {there} to X-Forwarded-For: a made-up entry is believed"
        return bad(case, message, setting)
    return good(case, f"{name} is {count}, with {proxies} in front", setting)


# -- each package ----------------------------------------------------------------------------------


def of_axes(settings: Settings, deployment: Deployment, case: Case) -> Iterator[Judgement]:
    names = [first_set(settings, each) for each in AXES]
    for each in narrowed(settings, case, *names, *AXES_COUNTING):
        found = axes_case(settings, deployment, each, *names)
        if EVERYBODY in found.message and not by_address_alone(each):
            found = good(each, "django-axes counts for each account apart", names[0])
        yield found


def by_address_alone(case: Case) -> bool:
    """Whether django-axes counts the failures of an address, whatever the account: it does by
    default."""
    parameters, *others = (case.outcomes[name].value for name in AXES_COUNTING)
    if parameters is None:
        return not any(truth(each) is not False for each in others if each is not None)
    return isinstance(parameters, (list, tuple)) and any(
        each in ("ip_address", ["ip_address"], ("ip_address",)) for each in parameters
    )


def first_set(settings: Settings, names: tuple[str, ...]) -> str:
    """The first of several names for one setting that the project sets."""
    return next((name for name in names if name in settings), names[0])


def axes_case(
    settings: Settings, deployment: Deployment, case: Case,
    order: str, count: str, trusted: str, end: str, code: str,
) -> Judgement:  # fmt: skip
    finder = case.outcomes[code].value
    if finder is not None:
        message = f"{code} decides: the project's own code finds the address"
        if isinstance(finder, Unknown) and code not in settings:
            message = why_unknown(code, finder)
        return unreadable(case, message, code)
    ipware = finds_by_ipware(deployment)
    if ipware is False:
        return direct(settings, deployment, case, "django-axes, without django-ipware,", order)
    value = case.outcomes[order].value
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown(order, value), order)
    asked = list(value) if isinstance(value, (list, tuple)) else []
    told = f"{order} has X-Forwarded-For"
    if value is None and order in settings:
        asked, told = (
            [LIST],
            f"{order} is None, which leaves it to django-ipware: X-Forwarded-For first",
        )
    if LIST not in asked or (DIRECT in asked and asked.index(DIRECT) < asked.index(LIST)):
        other = next((each for each in asked if each != DIRECT), None)
        if other is None or asked[0] == DIRECT:
            return nowhere(case, count, ipware) or direct(
                settings, deployment, case, "django-axes", order
            )
        message = (
            f"django-axes believes {said(other)}: safe only if the proxy sets it on every request"
        )
        return unreadable(case, message, order)
    if case.outcomes[end].value == "right-most" and deployment.topology.proxies != 0:
        return good(case, f"{end} is 'right-most': the entry of the nearest proxy counts", end)
    if case.outcomes[count].value is not None:
        return counted(deployment, case, count, case.outcomes[count].value, own=1)
    if truth(case.outcomes[trusted].value):
        return good(case, f"{trusted} names the proxies", trusted)
    message = f"{told}, and {count} is not set: the left-most entry is believed"
    return bad(case, message, order, severity=Severity.MEDIUM)


def nowhere(case: Case, count: str, ipware: bool | None) -> Judgement | None:
    """django-axes asks for REMOTE_ADDR only, which is one address and no list of several."""
    number = case.outcomes[count].value
    if type(number) is not int or number < 1:
        return None
    message = (
        f"{count} is {number}, and no header is asked: django-axes finds no address, and counts "
    )
    message += "everybody as one"
    if ipware is None:
        return unreadable(case, f"{message}, if django-ipware is installed", count)
    return bad(case, message, count)


def finds_by_ipware(deployment: Deployment) -> bool | None:
    """Whether django-axes has django-ipware, without which it asks for REMOTE_ADDR whatever the
    settings say; until version 6 it always had. None: not known."""
    packages = deployment.packages or {}
    if "django-ipware" in packages or at_least(deployment, "django-axes", (6,)) is False:
        return True
    # A list that has what Django itself needs names everything that is installed.
    return False if "asgiref" in packages and "sqlparse" in packages else None


def of_rest_framework(
    settings: Settings, deployment: Deployment, case: Case
) -> Iterator[Judgement]:
    """Throttles that all views have by default; those of single views cannot be seen here."""
    name = "REST_FRAMEWORK"
    for each in narrowed(settings, case, name):
        options = each.outcomes[name].value
        if isinstance(options, Unknown):
            yield unreadable(each, why_unknown(name, options), name)
            continue
        options = options if isinstance(options, dict) else {}
        throttles, count = options.get("DEFAULT_THROTTLE_CLASSES"), options.get("NUM_PROXIES")
        limits = truth(throttles) and truth(options.get("DEFAULT_THROTTLE_RATES"))
        if not limits or not isinstance(throttles, (list, tuple)):
            yield not_applicable(each, "Django REST framework limits nothing by default", name)
        elif count is not None:
            yield counted(deployment, each, name, count)
        elif all(by_header(settings, throttle) for throttle in throttles):
            message = "NUM_PROXIES of REST_FRAMEWORK is None: throttles take all of X-Forwarded-For"
            yield bad(each, f"{message}, whatever the client puts there", name)
        else:
            message = (
                "NUM_PROXIES of REST_FRAMEWORK is None, and a throttle of the project's own may"
            )
            yield unreadable(each, f"{message} find the address otherwise", name)


def by_header(settings: Settings, throttle: object) -> bool:
    """Whether a throttle of Django REST framework, or of the project, finds the client by
    `get_ident()` as the framework has it."""
    if not isinstance(throttle, str):
        return False
    if throttle.startswith("rest_framework.throttling."):
        return True
    definition = settings.definition(throttle)
    own = ("get_ident", "get_cache_key", "allow_request")
    return (
        definition is not None
        and any(base.startswith("rest_framework.throttling.") for base in definition.bases)
        and definition.overrides.isdisjoint(own)
    )


def of_allauth(settings: Settings, deployment: Deployment, case: Case) -> Iterator[Judgement]:
    header, count, limits, adapter = ALLAUTH
    for each in narrowed(settings, case, *ALLAUTH):
        newer = at_least(deployment, "django-allauth", (65, 14, 2))
        if each.outcomes[limits].value is False:
            yield not_applicable(each, f"{limits} is False", limits)
        elif not each.outcomes[adapter].default:
            said_so = "is set" if adapter in settings else "may be set"
            message = f"{adapter} {said_so}: the project's own get_client_ip() may decide"
            yield unreadable(each, message, adapter)._replace(pedantic=True)
        elif newer is False:
            package = in_use(deployment, "django-allauth")
            version = ".".join(map(str, package.version or ())) if package else ""
            message = (
                f"django-allauth {version or 'before 65.14.2'} believes the left-most entry of"
            )
            yield bad(each, f"{message} X-Forwarded-For", limits)
        elif each.outcomes[header].value:
            message = f"{header} is {said(each.outcomes[header].value)}: safe only if the proxy sets it on every request"
            yield unreadable(each, message, header)
        elif each.outcomes[count].value is not None:
            yield counted(deployment, each, count, each.outcomes[count].value)
        elif newer is None:
            message = (
                "django-allauth before 65.14.2 believes the left-most entry of X-Forwarded-For; "
            )
            message += "which version production has is not known"
            yield unreadable(each, message, limits)._replace(pedantic=True)
        else:
            yield direct(settings, deployment, each, "django-allauth", count)


def of_defender(settings: Settings, deployment: Deployment, case: Case) -> Iterator[Judgement]:
    behind, header, alone = DEFENDER
    for each in narrowed(settings, case, *DEFENDER):
        on = truth(each.outcomes[behind].value)
        named = each.outcomes[header].value if not each.outcomes[header].default else LIST
        if on is None or isinstance(named, Unknown):
            name = behind if on is None else header
            value = each.outcomes[name].value
            reason = why_unknown(name, value) if isinstance(value, Unknown) else name
            yield unreadable(each, reason, name)
        elif truth(each.outcomes[alone].value):
            yield good(each, "django-defender counts for no address", alone)
        elif not on:
            yield direct(settings, deployment, each, "django-defender", behind)
        elif named == LIST:
            message = (
                f"{behind} is on: django-defender believes the left-most entry of X-Forwarded-For"
            )
            yield bad(each, message, behind, severity=Severity.MEDIUM)
        else:
            message = (
                f"django-defender believes {said(named)}: safe only if the proxy sets it on every"
            )
            yield unreadable(each, f"{message} request", header)


def of_ratelimit(settings: Settings, deployment: Deployment, case: Case) -> Iterator[Judgement]:
    name = "RATELIMIT_IP_META_KEY"
    for each in narrowed(settings, case, name) if name in settings else ():
        value = each.outcomes[name].value
        if isinstance(value, Unknown):
            yield unreadable(each, why_unknown(name, value), name)
        elif not value or value == DIRECT:
            yield good(each, "django-ratelimit counts for REMOTE_ADDR", name)
        elif value == LIST:
            message = f"{name} is {said(value)}: the whole header counts, as the client sends it"
            yield bad(each, message, name, severity=Severity.MEDIUM)
        else:
            message = f"{name} is {said(value)}: safe only if that is what the proxy says"
            yield unreadable(each, message, name)


PACKAGES = (
    (of_axes, "axes", "django-axes"),
    (of_rest_framework, "rest_framework", "djangorestframework"),
    (of_allauth, "allauth", "django-allauth"),
    (of_defender, "defender", "django-defender"),
    (of_ratelimit, "", "django-ratelimit"),
)


@CLIENT_IP.prove
def prove(site: Site) -> Iterator[Proof]:
    """Once a limit is met, another address in X-Forwarded-For must not lift it."""
    from hardango.controls.throttles import prove_address

    yield from prove_address(site)
