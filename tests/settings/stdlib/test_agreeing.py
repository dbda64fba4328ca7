"""The models of the standard library hold against it: both run the same lines and say the same."""

from __future__ import annotations

import sys

import pytest
from tests.settings.libraries.agreeing import both

PROGRAMS = {
    "os.walk": """
import os
HERE = os.path.dirname(os.path.abspath(__file__))
A = [os.path.relpath(os.path.join(d, f), HERE) for d, _, fs in os.walk(HERE)
     for f in sorted(fs) if f.startswith("data.")]
B = list(os.walk(os.path.join(HERE, "nothing")))
""",
    "distutils": """
import os, warnings
warnings.simplefilter("ignore")
from distutils.util import strtobool
A = [bool(strtobool(word)) for word in ("yes", "ON", "1", "f", "False", "n")]
B = bool(strtobool(os.environ.get("NOT_SET", "no")))
try:
    strtobool("perhaps")
except ValueError:
    C = "refused"
""",
    "json": """
import json
A = json.loads('{"a": [1, true, null, 1.5]}')
B = json.dumps({"b": [1, None]}, indent=1)
try:
    C = json.loads("{")
except json.JSONDecodeError:
    C = "no JSON"
with open("data.json") as file:
    D = json.load(file)
""",
    "tomllib": """
import tomllib
with open("data.toml", "rb") as file:
    A = tomllib.load(file)["tool"]
try:
    B = tomllib.loads("=")
except tomllib.TOMLDecodeError:
    B = None
""",
    "ast": """
import ast
A = ast.literal_eval("[1, ('a', None)]")
try:
    B = ast.literal_eval("open('x')")
except ValueError:
    B = "refused"
""",
    "base64, csv": """
import base64, csv
A = base64.b64decode(base64.b64encode(b"abc")).decode()
with open("data.csv") as file:
    B = list(csv.reader(file))
with open("data.csv") as file:
    C = [row["host"] for row in csv.DictReader(file)]
""",
    "configparser": """
import configparser
p = configparser.ConfigParser({"base": "/srv"})
A = p.read(["data.ini", "not-there.ini"])
B = [p.get("site", "path"), p.getint("site", "port"), p.getboolean("site", "debug")]
C = p.get("site", "nothing", fallback=7)
D = [p.has_section("site"), p.has_option("site", "x"), "site" in p, p.sections()]
E = p["site"].get("nothing", "d"), p["site"]["host"], p["site"].getboolean("debug")
F = sorted(p.items("site"))
try:
    p.get("nowhere", "x")
except configparser.NoSectionError:
    G = "no section"
r = configparser.RawConfigParser()
r.optionxform = str
r.read_string("[A]\\nKey = %(no)s")
H = r.items("A")
p.set("site", "port", "81")
I = p.getint("site", "port")
""",
    "re": r"""
import re
A = re.match(r"(\d+)\.(?P<minor>\d+)", "12.34").groupdict()
B = re.sub(r"\s+", " ", "a  b \n c")
C = re.split(r"[,;]\s*", "a, b;c")
D = re.findall("[a-z]+", "ab1cd")
E = bool(re.search("^b", "a\nb", re.M))
F = re.compile("x", re.I).sub("y", "aXb")
G = re.escape("a.b")
H = [m.start() for m in re.finditer("a", "banana")]
""",
    "string, textwrap, shlex": """
import shlex, string, textwrap
A = string.ascii_lowercase + string.digits
B = string.Template("$a-${b}").safe_substitute(a=1)
C = textwrap.dedent("  a\\n   b")
D = shlex.split("a 'b c' --d=e"), shlex.quote("a b")
""",
    "urllib.parse": """
from urllib.parse import parse_qs, quote, unquote, urlencode, urljoin, urlparse, urlsplit, urlunparse
u = urlparse("https://user:p%40ss@example.com:8443/path;x?q=1#f")
A = [u.scheme, u.hostname, u.port, u.username, u.password, u.path, u[1]]
B = u._replace(scheme="http").geturl()
C = quote("a b/ü"), unquote("a%20b"), urlencode({"a": 1, "b": "c d"})
D = parse_qs("a=1&a=2"), urljoin("https://a/b/", "c"), urlunparse(("http", "h", "/p", "", "", ""))
E = urlsplit("//example.com").netloc
try:
    F = urlparse("http://h:port").port
except ValueError:
    F = "no port"
""",
    "datetime, decimal, math": """
import datetime, decimal, math
A = datetime.timedelta(days=1, hours=2).total_seconds()
B = str(datetime.date(2020, 1, 31) + datetime.timedelta(days=1))
C = str(decimal.Decimal("1.10") + 1)
D = [math.ceil(1.2), math.factorial(5), math.pi]
""",
    "collections": """
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
o = OrderedDict([("a", 1), ("b", 2)])
o.move_to_end("a")
A = list(o.items())
d = defaultdict(list)
d["x"].append(1)
B = d["x"], dict(d)
Point = namedtuple("Point", "x y", defaults=[9])
p = Point(1)
C = [p.x, p.y, tuple(p._replace(x=5)), p._asdict(), p[1]]
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
D = [m["a"], m["b"], m.get("c", 4), "b" in m]
E = Counter("banana")["a"]
q = deque([1, 2])
q.appendleft(0)
F = [q.popleft(), list(q)]
class Settings(OrderedDict):
    def __init__(self, *pairs):
        super().__init__(pairs)
        self["z"] = 1
G = list(Settings(("q", 1)))
""",
    "functools, operator, itertools": """
import functools, itertools, operator
A = functools.reduce(operator.or_, [1, 2, 4])
B = functools.reduce(lambda a, b: {**a, **b}, [{"a": 1}, {"b": 2}], {})
C = functools.partial(int, base=2)("101")
@functools.lru_cache(maxsize=None)
def double(x):
    return 2 * x
D = double(4)
E = list(itertools.chain([1], (2,), itertools.chain.from_iterable([[3], [4]])))
F = list(itertools.product("ab", [1, 2])), list(itertools.islice([1, 2, 3], 1, 3))
G = sorted([{"n": 2}, {"n": 1}], key=operator.itemgetter("n"))
H = list(itertools.accumulate([1, 2, 3])), list(itertools.starmap(pow, [(2, 3)]))
""",
    "copy, contextlib": """
import contextlib, copy
a = {"x": [1]}
b = copy.deepcopy(a)
c = copy.copy(a)
b["x"].append(2)
c["x"].append(3)
A = [a, b, c]
with contextlib.suppress(KeyError):
    a["missing"]
    B = "not reached"
@contextlib.contextmanager
def managed():
    yield 7
with managed() as C:
    pass
""",
    "enum": """
from enum import Enum, IntEnum, StrEnum, auto
class Stage(str, Enum):
    DEV = "dev"
    PROD = "prod"
    LIVE = "prod"
    @property
    def live(self):
        return self is Stage.PROD
class Level(IntEnum):
    LOW = 1
    HIGH = auto()
class Name(StrEnum):
    ONE = auto()
A = [Stage("prod").live, Stage.LIVE.name, Stage["DEV"].value, Stage.DEV == "dev", str(Stage.DEV)]
B = [level.name for level in Level], Level.HIGH > Level.LOW, int(Level.HIGH)
C = f"{Name.ONE}", Name.ONE.upper(), Name("one") is Name.ONE
try:
    Stage("no")
except ValueError:
    D = "no stage"
""",
    "dataclasses": """
from dataclasses import asdict, dataclass, field, replace
from typing import ClassVar
@dataclass
class Base:
    host: str
    kind: ClassVar[str] = "db"
@dataclass
class Db(Base):
    port: int = 5432
    options: dict = field(default_factory=dict)
    def __post_init__(self):
        self.url = f"{self.host}:{self.port}"
a, b = Db("x"), Db(host="y", port=1)
a.options["t"] = 1
A = asdict(a), asdict(b), a.url, Db.kind
B = asdict(replace(b, port=2))
try:
    Db()
except TypeError:
    C = "host is required"
""",
    "typing, types": """
import types
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, TypedDict, cast
if TYPE_CHECKING:
    from nowhere import Nothing
class Point(NamedTuple):
    x: int
    y: int = 2
class Options(TypedDict, total=False):
    a: int
Alias = Optional[str] | None
x, y = Point(1)
A = x, y, Point(3).x
B = cast("list[int]", [1]), Options(a=1)
C = types.SimpleNamespace(a=1).a
""",
    "inspect": """
import inspect, sys
class Base:
    DEBUG = True
    HOSTS = ["a"]
    @property
    def NAME(self):
        return "of " + self.HOSTS[0]
    @classmethod
    def load(cls, name):
        for member, value in inspect.getmembers(cls()):
            if member.isupper():
                setattr(sys.modules[name], member, value)
class Production(Base):
    DEBUG = False
    HOSTS = Base.HOSTS + ["b"]
Production.load(__name__)
A = [name for name, value in inspect.getmembers(Production, callable) if "__" not in name]
B = [name for name in dir(Production()) if name.isupper()]
""",
    "dataclasses that are equal": """
from dataclasses import dataclass, field
@dataclass
class Site:
    host: str = "a"
    ports: list = field(default_factory=list)
    seen: int = field(default=0, compare=False)
@dataclass
class Shop(Site):
    pass
@dataclass(eq=False)
class Alone:
    x: int = 1
@dataclass
class Own:
    x: int = 1
    def __eq__(self, other):
        return NotImplemented if isinstance(other, Own) else other == 7
class Plain:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return self.x == other.x
one = Site(ports=[1])
A = [Site() == Site(), Site() != Site(), Site() == Site("b"), Site(seen=1) == Site(seen=2)]
B = [one == Site("a", [1]), one == one, Site() == Shop(), Shop() == Shop(), Site() == "a"]
C = [Alone() == Alone(), Own() == Own(), Own() == 7, Own() == 8]
D = [Plain(1) == Plain(1), Plain(1) != Plain(1), Plain(1) == Plain(2), Plain(1) in [Plain(1)]]
E = Site() in [Site("b"), Site()]
""",
    "email.utils": """
from email.utils import formataddr, getaddresses, parseaddr
A = getaddresses(["Ann <ann@example.com>, bob@example.com"])
B = parseaddr("Ann <ann@example.com>"), parseaddr("")
C = formataddr(("Ann, B.", "ann@example.com"))
D = [name for name, address in getaddresses([""])]
""",
    "hashlib, hmac, uuid": """
import hashlib, hmac, uuid
h = hashlib.sha256(b"a")
h.update(b"b")
A = h.hexdigest(), hashlib.md5(b"").hexdigest(), hashlib.new("sha1", b"x").hexdigest()
B = hmac.new(b"key", b"message", hashlib.sha256).hexdigest()
C = str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.com"))
D = hashlib.blake2b(b"x", digest_size=8).hexdigest()
""",
    "ssl, logging, ipaddress": """
import ipaddress, logging, logging.handlers, ssl
A = int(ssl.CERT_NONE), int(ssl.CERT_REQUIRED), int(ssl.PROTOCOL_TLS_CLIENT)
B = logging.DEBUG, logging.getLevelName("INFO"), logging.getLevelName(40)
C = logging.handlers.SysLogHandler.LOG_LOCAL7
D = ipaddress.ip_address("10.1.2.3") in ipaddress.ip_network("10.0.0.0/8")
""",
}

FILES = {
    "data.json": "[1, {}]",
    "data.toml": "[tool]\nname = 'x'\n",
    "data.csv": "host,port\na,1\nb,2\n",
    "data.ini": "[site]\npath = %(base)s/site\nport = 80\ndebug = off\nhost = example.com\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_model_says_what_python_says(name: str) -> None:
    if name == "distutils" and sys.version_info >= (3, 12):
        pytest.skip("this Python has no distutils any more")
    python, model = both({**FILES, "settings.py": PROGRAMS[name]})
    assert isinstance(python, dict), f"Python raised {python}"
    assert model == python
