"""A real nginx in front of the started project, with the project's own configuration.

What the configuration says of requests and answers stays word for word: headers, redirects,
locations, limits. Only what ties it to its machine is adapted: ports, certificates, the address of
the application, the directories of static files and media, logs.

https://nginx.org/en/docs/http/ngx_http_core_module.html
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping

from hardango.light import NamedTuple
from hardango.local.nginx_syntax import BadSyntax, Directive, parse, quoted, walk, written
from hardango.project.names import role_of_path

_LARGEST = 200_000
_MOST_FILES = 400
_PROGRAMS = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
_MIME = ("/etc/nginx/mime.types", "/usr/local/etc/nginx/mime.types",
         "/opt/homebrew/etc/nginx/mime.types")  # fmt: skip

_DROPPED = frozenset(
    "access_log error_log ssl_dhparam ssl_trusted_certificate ssl_client_certificate ssl_crl "
    "ssl_stapling ssl_stapling_verify ssl_verify_client resolver resolver_timeout user pid "
    "worker_processes worker_rlimit_nofile load_module events daemon env master_process "
    "thread_pool client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path "
    "scgi_temp_path proxy_bind ssl_session_ticket_key lock_file working_directory "
    "open_log_file_cache perl_modules http2 http3 quic_retry ssl_early_data".split()
)
"""What ties a configuration to its machine, and decides nothing that is proven."""
_OF_APPLICATION = re.compile(r"(?i)web|app|django|backend|api|wsgi|asgi|gunicorn|uvicorn|server")


class NoNginx(Exception):
    """The project's nginx cannot be run; the text is a sentence."""


class Site(NamedTuple):
    """What a configuration is adapted to: the ports of nginx and of the application, the files of
    the certificate, where static files and media are, the address from which nginx asks, the
    values of `${…}`, and the directory that is its own."""

    http: int
    https: int
    application: int
    certificate: str
    key: str
    served: tuple[tuple[str, str], ...]
    address: str
    variables: Mapping[str, str]
    directory: str


class Adapted(NamedTuple):
    """A configuration that can run here; `said` what was changed that a reader must know, `secure`
    whether it serves HTTPS by itself, `names` those that it serves."""

    text: str
    said: tuple[str, ...]
    secure: bool
    names: tuple[str, ...]


def program() -> str | None:
    """nginx, None if it is not installed."""
    return shutil.which("nginx") or next((each for each in _PROGRAMS if os.path.isfile(each)), None)


# -- the project's own -----------------------------------------------------------------------------


def find(root: str) -> str | None:
    """The file in which the project configures nginx for production, relative to `root`."""
    found = []
    for file in _files(root):
        text = _text(os.path.join(root, file))
        role = role_of_path(file)
        if role in ("development", "test") or not re.search(r"_pass\b", text):
            continue
        try:
            directives = tuple(walk(parse(text)))
        except BadSyntax:
            continue
        names = {each.name for each in directives}
        passes = names & {"proxy_pass", "uwsgi_pass", "fastcgi_pass", "grpc_pass"}
        if not passes or not any(each.block for each in directives if each.name == "server"):
            continue  # it serves files, and stands in front of nothing
        rank = (role != "production", "proxy_pass" not in names, "ssl_certificate" not in names,                file.count("/"), file)  # fmt: skip
        found.append((rank, file))
    return min(found)[1] if found else None


def _files(root: str) -> Iterator[str]:
    count = 0
    for folder, below, names in os.walk(root):
        below[:] = sorted(each for each in below if not each.startswith(".git"))
        inside = "nginx" in os.path.relpath(folder, root).lower()
        for name in sorted(names):
            named = "nginx" in name.lower()
            if (inside or named) and (".conf" in name or name.endswith((".template", ".nginx"))
                                      or (named and "." not in name)):  # fmt: skip
                count += 1
                if count > _MOST_FILES:
                    return
                yield os.path.relpath(os.path.join(folder, name), root)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as opened:
            return opened.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


# -- adapting it -----------------------------------------------------------------------------------


def adapted(root: str, file: str, site: Site, without: frozenset[str] = frozenset()) -> Adapted:
    """The configuration in `file` of `root`, for this machine. `without` are directives that this
    nginx does not know. Raises NoNginx."""
    work = _Adapting(root, site, without)
    directives = work.included(file, work.read(file))
    top = [each for each in directives if each.name == "http"]
    inside = [one for each in top for one in each.block or ()] if top else list(directives)
    if not any(each.name == "server" for each in inside):
        raise NoNginx(f"{file} configures no server")
    for each in walk(inside):
        if each.name in ("uwsgi_pass", "fastcgi_pass", "scgi_pass", "grpc_pass"):
            raise NoNginx(f"{file} speaks to the application by {each.name}, not by HTTP")
    work.learn(inside)
    body = [one for each in inside for one in work.changed(each, None)]
    names = tuple(one for each in walk(inside) if each.name == "server_name"
                  for one in each.arguments if re.fullmatch(r"[\w.-]+", one) and one != "_")  # fmt: skip
    return Adapted(_whole(body, site), tuple(dict.fromkeys(work.said)), work.secure, names)


def usual(site: Site) -> Adapted:
    """The configuration that Django's and gunicorn's documentation show, for a project that has
    none of its own."""
    locations = "".join(
        f"location {url} {{ alias {quoted(path.rstrip('/') + '/')}; }}\n"
        for url, path in site.served
    )
    text = f"""
        server {{
            listen 80; listen 443 ssl;
            client_max_body_size 4G;
            {locations}
            location / {{
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header Host $http_host;
                proxy_redirect off;
                proxy_pass http://application:8000;
            }}
        }}
    """
    work = _Adapting("", site, frozenset())
    directives = parse(text)
    work.learn(directives)
    body = [one for each in directives for one in work.changed(each, None)]
    return Adapted(_whole(body, site), (), True, ())


def _whole(body: Iterable[Directive], site: Site) -> str:
    folders = [Directive((f"{name}_temp_path", quoted(os.path.join(site.directory, name))))
               for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]  # fmt: skip
    mime = next((each for each in _MIME if os.path.isfile(each)), None)
    own = [
        Directive(("access_log", "off")),
        *folders,
        *([Directive(("include", mime))] if mime else []),
        *([Directive(("proxy_bind", site.address))] if site.address != "127.0.0.1" else []),
        Directive(("ssl_certificate", quoted(site.certificate))),
        Directive(("ssl_certificate_key", quoted(site.key))),
    ]
    pid = quoted(os.path.join(site.directory, "nginx.pid"))
    return written([
        Directive(("daemon", "off")), Directive(("master_process", "off")),
        Directive(("pid", pid)), Directive(("error_log", "stderr")),
        Directive(("events",), ()), Directive(("http",), (*own, *body)),
    ])  # fmt: skip


class _Adapting:
    """One configuration, while it is adapted."""

    def __init__(self, root: str, site: Site, without: frozenset[str]) -> None:
        self.root, self.site, self.without = root, site, without
        self.said: list[str] = []
        self.secure = False
        self.upstreams: set[str] = set()
        self.application = ""
        self._depth = 0

    def read(self, file: str) -> tuple[Directive, ...]:
        text = re.sub(
            r"\$\{([A-Z][A-Z0-9_]*)\}", self._variable, _text(os.path.join(self.root, file))
        )
        if file.endswith((".template", ".j2", ".tmpl")):
            text = re.sub(r"\$([A-Z][A-Z0-9_]+)\b", self._variable, text)
        try:
            return parse(text)
        except BadSyntax as error:
            raise NoNginx(f"{file}: {error}") from None

    def _variable(self, found: re.Match[str]) -> str:
        name = found[1]
        if name in self.site.variables:
            return self.site.variables[name]
        if re.search("PORT", name):
            return "80"
        return self.site.variables.get("HOST", "site.hardango.test")

    def included(self, file: str, directives: Iterable[Directive]) -> tuple[Directive, ...]:
        """The directives, with those of the project's own files that they include."""
        done: list[Directive] = []
        for each in directives:
            if each.name == "include" and each.arguments:
                done += self._include(file, each.arguments[0])
            elif each.block is not None:
                done.append(each._replace(block=self.included(file, each.block)))
            else:
                done.append(each)
        return tuple(done)

    def _include(self, file: str, pattern: str) -> tuple[Directive, ...]:
        name = pattern.rpartition("/")[2]
        if name in ("mime.types", "uwsgi_params", "fastcgi_params", "proxy_params"):
            return _PROXY_PARAMS if name == "proxy_params" else ()
        self._depth += 1
        folder = os.path.dirname(file)
        near = [each for each in _files(self.root)
                if fnmatch.fnmatch(each.rpartition("/")[2], name) and each != file
                and (os.path.dirname(each) in (folder, os.path.join(folder, _last_folder(pattern)))
                     or _last_folder(pattern) == _last_folder(each))]  # fmt: skip
        found: list[Directive] = []
        for each in near[:20] if self._depth < 20 else ():
            found += self.included(each, self.read(each))
        if not near:
            self.said.append(f"nginx: {pattern} is not in the project, and left out ({file})")
        return tuple(found)

    def learn(self, directives: Iterable[Directive]) -> None:
        """Which names are upstreams, and which address is the application's."""
        everything = list(walk(directives))
        self.upstreams = {each.arguments[0] for each in everything
                          if each.name == "upstream" and each.arguments}  # fmt: skip
        asked = [address for each in everything for address in _addresses(each)]
        hosts = list(dict.fromkeys(each for each in asked if each not in self.upstreams))
        of_it = [each for each in hosts if _OF_APPLICATION.search(each.partition(":")[0])
                 or each.startswith(("127.", "localhost", "unix:", "0.0.0.0"))]  # fmt: skip
        self.application = (of_it or hosts or [""])[0]
        for each in hosts:
            if each != self.application and not self._is_application(each):
                self.said.append(f"nginx: {each} is not started, only the application is")

    def _is_application(self, address: str) -> bool:
        """Whether an address is that of Django: the same host, whatever the port."""
        return address.partition(":")[0] == self.application.partition(":")[0]

    def changed(self, directive: Directive, within: Directive | None) -> Iterator[Directive]:
        """What becomes of a directive in the block of `within`."""
        name, arguments = directive.name, directive.arguments
        if name in _DROPPED:
            return
        if name in self.without:
            self.said.append(f"nginx: this nginx does not know {name}: left out")
            return
        if within is None and name in ("ssl_certificate", "ssl_certificate_key"):
            return  # it has one of ours
        if name == "listen":
            yield from self._listen(arguments)
        elif name == "ssl_certificate":
            yield Directive((name, quoted(self.site.certificate)))
        elif name == "ssl_certificate_key":
            yield Directive((name, quoted(self.site.key)))
        elif name == "ssl" and arguments == ("on",):
            return
        elif name == "server" and directive.block is None:
            yield Directive((name, self._address(arguments[0]), *directive.words[2:]))
        elif name in ("proxy_pass", "set") and arguments:
            yield Directive((*directive.words[:-1], self._passed(directive.words[-1])))
        elif name in ("alias", "root") and arguments:
            yield self._directory(directive, within)
        elif name == "auth_basic_user_file":
            yield Directive((name, quoted(self._empty_file())))
        elif directive.block is not None:
            yield self._block(directive)
        else:
            yield directive

    def _block(self, directive: Directive) -> Directive:
        assert directive.block is not None
        inside = [one for each in directive.block for one in self.changed(each, directive)]
        if directive.name == "server" and not any(each.name == "listen" for each in inside):
            inside.insert(0, Directive(("listen", f"127.0.0.1:{self.site.http}")))
        listens = dict.fromkeys(each for each in inside if each.name == "listen")
        others = [each for each in inside if each.name != "listen"]
        return directive._replace(block=(*listens, *others))

    def _listen(self, arguments: tuple[str, ...]) -> Iterator[Directive]:
        if not arguments or arguments[0].startswith(("[", "unix:")) or "quic" in arguments:
            return
        secure = "ssl" in arguments[1:] or arguments[0].endswith("443")
        self.secure = self.secure or secure
        port = self.site.https if secure else self.site.http
        kept = [
            each
            for each in arguments[1:]
            if each in ("default_server", "default", "proxy_protocol")
        ]
        yield Directive(("listen", f"127.0.0.1:{port}", *(["ssl"] if secure else []), *kept))

    def _address(self, address: str) -> str:
        """Of an address the one here: the application's, or one where nobody listens."""
        if self._is_application(address):
            return f"127.0.0.1:{self.site.application}"
        return "127.0.0.1:9"

    def _passed(self, word: str) -> str:
        """The value of a proxy_pass or a variable, with the address of here."""

        def here(found: re.Match[str]) -> str:
            host = found[2]
            if host in self.upstreams or "$" in host:
                return found[0]
            scheme = "http://" if self._is_application(host) else found[1]
            return scheme + self._address(host)

        return re.sub(r"(https?://)(unix:[^:\s\"';]+:?|[^/\s\"';]+)", here, word)

    def _directory(self, directive: Directive, within: Directive | None) -> Directive:
        """Where static files and media are here; any other directory is empty."""
        path = directive.arguments[0]
        location = within.arguments[-1] if within and within.name == "location" else ""
        for url, folder in self.site.served:
            if location and location.strip("/^~ ") == url.strip("/"):
                # A slash that is missing there, or too much, decides whether one can climb out.
                return Directive(("alias", quoted(folder.rstrip("/") + ("/" if path.endswith("/")
                                 or directive.name == "root" else ""))))  # fmt: skip
        served = [folder for url, folder in self.site.served
                  if path.rstrip("/").endswith(url.strip("/")) and url.strip("/")]  # fmt: skip
        if served and directive.name == "alias":
            return Directive(("alias", quoted(served[0].rstrip("/") + "/" * path.endswith("/"))))
        empty = os.path.join(self.site.directory, "empty", "")
        os.makedirs(empty, exist_ok=True)
        return Directive((directive.name, quoted(empty if path.endswith("/") else empty[:-1])))

    def _empty_file(self) -> str:
        path = os.path.join(self.site.directory, "empty-file")
        with open(path, "a", encoding="utf-8"):
            return path


_PROXY_PARAMS = parse("""
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
""")
"""What Debian's package of nginx ships under that name."""


def _last_folder(path: str) -> str:
    return os.path.dirname(path).rpartition("/")[2]


def _addresses(directive: Directive) -> Iterator[str]:
    """The addresses that a directive passes requests to."""
    if directive.name == "upstream":
        for each in directive.block or ():
            if each.name == "server" and each.arguments:
                yield each.arguments[0]
    elif directive.name in ("proxy_pass", "set") and directive.arguments:
        for found in re.finditer(r"https?://(unix:[^:\s]+|[^/\s$]+)", directive.arguments[-1]):
            yield found[1]
