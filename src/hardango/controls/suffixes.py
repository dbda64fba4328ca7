"""Endings of host names under which strangers can have a name."""

from __future__ import annotations

from hardango.controls.values import said

PRIVATE_NAMES = frozenset(("localhost", "local", "internal", "lan", "test", "intranet", "home"))
"""Suffixes of one label under which the public cannot register a name."""

REGISTRY_LABELS = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org")
)
"""Second-level labels that, before a country code, are open for registration (".co.uk")."""

SHARED = frozenset((
    "amazonaws.com", "appspot.com", "awsapprunner.com", "azurecontainerapps.io",
    "azurefd.net", "azurewebsites.net", "cleverapps.io", "cloudapp.azure.com", "cloudfront.net",
    "cloudfunctions.net", "code.run", "deta.app", "deta.dev", "duckdns.org", "elasticbeanstalk.com",
    "firebaseapp.com", "fly.dev", "github.dev", "app.github.dev", "github.io", "gitlab.io",
    "gitpod.io", "glitch.me", "herokuapp.com", "hf.space", "koyeb.app", "lhr.life", "loca.lt",
    "netlify.app", "ngrok-free.app", "ngrok-free.dev", "ngrok.app", "ngrok.dev", "ngrok.io",
    "nip.io", "northflank.app", "now.sh", "ondigitalocean.app", "onrender.com", "pages.dev",
    "preview.app.github.dev", "pythonanywhere.com", "railway.app", "up.railway.app", "repl.co",
    "replit.app", "replit.dev", "run.app", "a.run.app", "scalingo.io", "serveo.net", "sslip.io",
    "trafficmanager.net", "trycloudflare.com", "ts.net", "vercel.app", "web.app", "workers.dev",
    "xip.io", "zeabur.app",
))  # fmt: skip
"""Domains of platforms and tunnels under which anybody can have a name. From the documentation of
the platforms and the private section of publicsuffix.org."""

SHARED_SERVICES = frozenset(("compute", "compute-1", "elb", "execute-api", "lambda-url", "s3"))
"""Labels that amazonaws.com puts between a customer's name and its own."""


def too_broad(host: object) -> str:
    """Why the item accepts names of other people; "" if it does not, or is "*"."""
    if not isinstance(host, str) or not host.startswith("."):
        return ""
    labels = [label for label in host.lower().strip(".").split(".") if label]
    if not labels:
        return ""
    if all(label.isdigit() for label in labels):
        return f"{said(host)} is no range of addresses but a suffix that any name can end in"
    if len(labels) == 1 and labels[0] not in PRIVATE_NAMES:
        return f"{said(host)} in ALLOWED_HOSTS accepts every name below a top-level domain"
    if len(labels) == 2 and labels[0] in REGISTRY_LABELS and len(labels[1]) == 2:
        return f"{said(host)} in ALLOWED_HOSTS accepts every name that can be registered there"
    while len(labels) > 2 and (labels[0] in SHARED_SERVICES or is_region(labels[0])):
        labels = labels[1:]
    if ".".join(labels) in SHARED:
        return f"{said(host)} in ALLOWED_HOSTS accepts every customer of that platform"
    return ""


def is_region(label: str) -> bool:
    """Whether a label is a cloud region ("eu-west-1", "westeurope-01", "osc-fr1")."""
    return "-" in label and label[-1].isdigit()


def is_local(host: str) -> bool:
    """Whether only the machine itself is meant: an entry that development left behind."""
    bare = host.partition("/")[0]
    name = bare.rpartition(":")[0] if bare.rpartition(":")[2].isdecimal() else bare
    return name in ("localhost", "127.0.0.1", "[::1]", "0.0.0.0") or name.endswith(".localhost")
