"""django-environ, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import outcomes, told
from tests.settings.libraries.agreeing import both

pytest.importorskip("environ")

READS = [
    # (expression, environment)
    ('env("X")', {}),
    ('env("X", default=None)', {}),
    ('env("X", default=None)', {"X": ""}),
    ('env("X", default="")', {"X": ""}),
    ('env("X", default=5)', {"X": "7"}),
    ('env("X", default=True)', {"X": "no"}),
    ('env("X", default=["a"])', {"X": "b,,c"}),
    ('env("X", cast=bool, default=False)', {"X": " Yes "}),
    ('env("X", cast=[int])', {"X": "1,2,"}),
    ('env("X", cast=(int,))', {"X": "(1,2)"}),
    ('env("X", cast=lambda text: text.upper())', {"X": "a"}),
    *[('env.bool("X")', {"X": text}) for text in ("", "0", "1", "2", "-1", "ok", "ON", "true1")],
    ('env.bool("X", default="false")', {}),
    ('env.bool("X", False)', {}),
    ('env.int("X")', {"X": "12"}),
    ('env.int("X")', {"X": "twelve"}),
    ('env.int("X", default=3)', {"X": "3"}),
    *[('env.float("X")', {"X": text}) for text in ("1.5", "1,5", "1.234,5", "-2", "1 000")],
    ('env.str("X", multiline=True)', {"X": r"a\nb\r\nc"}),
    ('env.str("X", choices=("a", "b"))', {"X": "a"}),
    ('env.str("X", choices=("a", "b"))', {"X": "c"}),
    ('env.str("X", default=5)', {}),
    ('env.bytes("X")', {"X": "ä"}),
    ('env.bytes("X", default=b"d")', {}),
    ('env.list("X")', {"X": ""}),
    ('env.list("X")', {"X": " a, b"}),
    ('env.list("X", cast=int, default=[])', {"X": "1,2"}),
    ('env.list("X", default=None)', {}),
    ('env.tuple("X")', {"X": "(a,b)"}),
    ('env.tuple("X", cast=int)', {"X": "1,2"}),
    ('env.dict("X")', {"X": "a=1,b=2=3,,"}),
    ('env.dict("X")', {"X": "a"}),
    ('env.dict("X", default={})', {}),
    ('env.dict("X", cast={"value": int, "cast": {"b": bool}})', {"X": "a=1;b=on"}),
    ('env.json("X")', {"X": '{"a": [1, null]}'}),
    ('env.json("X", default=[])', {"X": "{"}),
    ('env.url("X").hostname', {"X": "https://Host:1/p?q"}),
    ('env.url("X", default="https://d/").netloc', {}),
    ('env("X")', {"X": "$Y", "Y": "y"}),
    ('env("X")', {"X": "$Y"}),
    ('env("X", default="z")', {"X": "$Y"}),
    ('env.int("X", default=1)', {"X": "$Y", "Y": "2"}),
    ('env.list("X")', {"X": "$Y", "Y": "a,b"}),
    ('env("X", default="$Y")', {}),
    ('env.str("X", default="$Y")', {"Y": "y"}),
    ('"X" in env', {}),
    ('"X" in env', {"X": ""}),
    ('env.path("X")', {"X": "a/../b"}),
    ('env.path("X", default="c")("d")', {}),
    ('env.path("X", default="nowhere", required=True)', {}),
    ('env.get_value("X", cast=int, default=1)', {"X": "4"}),
    ('environ.Env.parse_value("1,2", [int])', {}),
]


@pytest.mark.parametrize(("expression", "env"), READS)
def test_reads(expression: str, env: dict[str, str]) -> None:
    library, model = both(f"import environ\nenv = environ.Env()\nV = {expression}\n", env)
    assert model == library


SCHEMES = [
    ("X=(bool, True)", 'env("X")', {}),
    ("X=(bool, True)", 'env("X")', {"X": "off"}),
    ("X=bool", 'env("X")', {"X": "off"}),
    ("X=bool", 'env("X")', {}),
    ("X=(list, ['a'])", 'env("X")', {"X": "b"}),
    ("X=(str, 'a')", 'env("X", default="b")', {}),
    ("X=(int, 1)", 'env.str("X")', {"X": "2"}),
    ("X=(str,)", 'env("X")', {"X": "a,b"}),
]


@pytest.mark.parametrize(("scheme", "expression", "env"), SCHEMES)
def test_schemes(scheme: str, expression: str, env: dict[str, str]) -> None:
    library, model = both(f"import environ\nenv = environ.Env({scheme})\nV = {expression}\n", env)
    assert model == library


URLS = {
    "db": [
        "postgres://user:p%40ss%2F@db.example.com:5432/name",
        "postgres:///name",
        "postgres:////var/run/postgresql/name",
        "postgresql://u:p@one:1,two:2,three/name",
        "postgres://u:p@[::1]:5433/name?sslmode=require&conn_max_age=600&pool=4",
        "postgres://u:pa#ss@host/name",
        "postgis://host/name?CONN_HEALTH_CHECKS=True&atomic_requests=true",
        "mysql://u@host/name?charset=utf8mb4",
        "mysql2://host:3306/name",
        "sqlite:///db.sqlite3",
        "sqlite:////abs/db.sqlite3",
        "sqlite://",
        "sqlite://:memory:",
        "oracle://u:p@host:1521/sid",
        "oracle://u:p@name",
        "ldap://cn=admin:pw@ldap.example.com:389",
        "mssql://u:p@host/name?driver=ODBC",
        "postgres://u:p@//cloudsql/project:region:instance/name",
        "made.up.engine://host/name",
        "",
        "host/name",
        "postgres://u:p@host:port/name",
    ],
    "cache": [
        "redis://:secret@host:6379/1",
        "rediss://one:1,two:2/0?client_class=x.Y&timeout=none",
        "rediscache:///path/to.sock",
        "memcache://one:1,two:2",
        "memcache:///tmp/memcached.sock",
        "pymemcache://host:11211/?key_prefix=ci",
        "filecache:///var/tmp/cache?timeout=60&max_entries=9",
        "locmemcache://",
        "dbcache://table",
        "nothing://",
        "",
    ],
    "email": [
        "smtp://user%40example.com:p%23w@smtp.example.com:587",
        "smtps://host",
        "smtp+tls://u:p@host:587?email_use_ssl=0&x=1",
        "smtp+ssl://host:465",
        "consolemail://",
        "filemail:///var/mail",
        "carrier-pigeon://",
    ],
    "channels": ["inmemory://", "redis://host:6379/0", "rediss+pubsub://host/1", "nothing://"],
    "search_url": [
        "elasticsearch://127.0.0.1:9200/index",
        "elasticsearch7s://host/path/index/?TIMEOUT=5&INCLUDE_SPELLING=yes",
        "solr://host:8983/solr/?BATCH_SIZE=3&EXCLUDED_INDEXES=a,b",
        "whoosh:///home/index?STORAGE=file&POST_LIMIT=2",
        "xapian:///home/index?FLAGS=1",
        "simple:///",
        "nothing://",
    ],
}


@pytest.mark.parametrize(
    ("reader", "url"), [(reader, url) for reader, several in URLS.items() for url in several]
)
def test_urls(reader: str, url: str) -> None:
    source = f'import environ\nenv = environ.Env()\nV = env.{reader}("X")\n'
    library, model = both(source, {"X": url})
    assert model == library


def test_url_options() -> None:
    library, model = both(
        """
import environ
env = environ.Env()
A = env.db(default="postgres://h/n", engine="my.engine")
B = env.cache_url("C", default="redis://h/1?TIMEOUT=5", backend="django_redis.cache.RedisCache")
C = env.cache(default=None)
environ.Env.DB_SCHEMES["postgres"] = "psqlextra.backend"
D = env.db_url("D", default="postgres://h/n")
E = environ.Env.email_url_config("smtp://h:25", backend="x.Backend")
"""
    )
    assert model == library


DOT_ENV = r"""
# a comment
PLAIN=value
export EXPORTED=yes
SINGLE='quo"ted'
DOUBLE="a\nb \"c\" \\d"
COMMENT=a # not a comment
SPACED = no
EMPTY=
URL=postgres://u:p@h/n?a=b
TWICE=1
TWICE=2
PROXY=$PLAIN
lower=case
HALF="open
"""
NAMES = "PLAIN EXPORTED SINGLE DOUBLE COMMENT SPACED EMPTY URL TWICE PROXY lower HALF".split()


@pytest.mark.parametrize(
    "call",
    [
        "environ.Env.read_env()",
        "env.read_env(overwrite=True)",
        "environ.Env.read_env(os.path.join(os.path.dirname(__file__), '.env'))",
        "env.read_env(environ.Path(__file__).path('../.env'))",
        "env.read_env(str(environ.Path(__file__) - 1 + '.env'), parse_comments=True)",
        "env.read_env('nowhere', EXTRA='1')",
        "env.read_env(PLAIN='mine', EXTRA=1)",
    ],
)
@pytest.mark.parametrize("env", [{}, {"PLAIN": "from outside"}])
def test_env_files(call: str, env: dict[str, str]) -> None:
    source = f"import os\nimport environ\nenv = environ.Env()\n{call}\n"
    source += "V = {name: env(name, default='unset') for name in %r}\n" % [*NAMES, "EXTRA"]
    library, model = both({"settings.py": source, ".env": DOT_ENV}, env)
    assert model == library


def test_values_of_env_files_keep_their_place() -> None:
    from tests.settings.evaluating import evaluated

    source = "import environ\nenv = environ.Env()\nenv.read_env()\nDEBUG = env.bool('DEBUG')\n"
    found = evaluated({"settings.py": source, ".env": "# first\nDEBUG=on\n"}, closed=True)
    (outcome,) = found["DEBUG"]
    assert outcome.value is True
    assert [(each.variable, str(each.place)) for each in outcome.readings] == [("DEBUG", ".env:2")]


SUBCLASS = """
import environ
class Env(environ.Env):
    BOOLEAN_TRUE_STRINGS = ("si",)
    def __init__(self, **scheme):
        super().__init__(**scheme)
        self.prefix = "APP_"
    def twice(self, name):
        return 2 * self.int(name, default=1)
env = Env(APP_A=(int, 4))
A = env("A")
B = env.bool("B")
C = env.twice("C")
env.smart_cast = False
D = env("D", default=5)
env.escape_proxy = True
E = env("E")
"""


def test_subclasses_and_attributes() -> None:
    env = {"APP_B": "si", "APP_C": "3", "APP_D": "6", "APP_E": r"\$x"}
    library, model = both(SUBCLASS, env)
    assert model == library


def test_files_that_variables_name() -> None:
    source = "import environ\nenv = environ.FileAwareEnv()\nA = env('A')\nB = env.int('B')\n"
    files = {"settings.py": source, "secret": "s3cret"}
    library, model = both(files, {"A_FILE": "secret", "A": "x", "B": "2"})
    assert model == library


PATHS = """
import os
import environ
ROOT = environ.Path("/srv/site/app")
A = str(ROOT)
B = ROOT("static", "css")
C = str(ROOT - 2)
D = ROOT.path("..", "x").root
E = str(ROOT + "y")
F = os.path.join(ROOT, "z")
G = str(~ROOT)
H = str(environ.Path("/srv/file.py", is_file=True))
I = ROOT[1:4]
J = ROOT.find("site")
"""


def test_paths() -> None:
    library, model = both(PATHS)
    assert model == library


OPEN = [
    ('env.bool("X", False)', [("unknown: read from X", ["X is set"]), (False, ["X is unset"])]),
    ('env.bool("X")', [("unknown: read from X", [])]),
    ('env.list("X", default=["*"])', [(["unknown: read from X"], ["X is set"]), (["*"], ["X is unset"])]),
    ('"a" if env.bool("X", False) else "b"', [("a", ["X is true"]), ("b", ["X is unset or X is false"])]),
    ('env.list("X") == [] or env.str("X") == "prod"', None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), [each for each in OPEN if each[1]])
def test_open_environments(expression: str, expected: list[tuple[object, list[str]]]) -> None:
    found = outcomes(f"import environ\nenv = environ.Env()\nV = {expression}\n")["V"]
    assert sorted(([told(value), list(when)] for value, when in found), key=str) == sorted(
        ([value, when] for value, when in expected), key=str
    )


def test_a_database_that_is_not_known_still_has_its_keys() -> None:
    source = """
import environ
env = environ.Env()
DATABASES = {"default": env.db()}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
"""
    ((value, when),) = outcomes(source)["DATABASES"]
    entry = value["default"]  # type: ignore[index]
    assert when == ()
    assert entry["ATOMIC_REQUESTS"] is True
    assert told(entry["ENGINE"]) == "unknown: read from DATABASE_URL"
    assert entry["PASSWORD"].variables == ("DATABASE_URL",)
