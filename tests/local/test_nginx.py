"""The project's nginx runs in front of it, with what it says of requests and answers unchanged."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from probe_local import reading

from hardango.client import client
from hardango.evidence import Request
from hardango.local import nginx
from hardango.local.launch import CannotStart, Started, Wish, started
from hardango.local.nginx_syntax import BadSyntax, parse, walk, written

Tiny = Callable[..., Path]

SITE = nginx.Site(
    8080, 8443, 8100, "/tls/site.pem", "/tls/site.key",
    (("/static/", "/copy/static"), ("/media/", "/copy/media")), "127.0.0.2",
    {"HOST": "shop.example", "NGINX_HOST": "shop.example"}, "/nowhere",
)  # fmt: skip

# What a configuration says in its server, what must and what must not be in the adapted one.
ADAPTED = [
    ("listen 80;", ["listen 127.0.0.1:8080;"], ["listen 80"]),
    ("listen 80; listen [::]:80;", ["listen 127.0.0.1:8080;"], ["::"]),
    ("listen 443 ssl http2 default_server;", ["listen 127.0.0.1:8443 ssl default_server;"], ["http2"]),
    ("ssl_certificate /etc/a.pem; ssl_certificate_key /etc/a.key; ssl_dhparam /etc/dh.pem;",
     ['ssl_certificate "/tls/site.pem";', 'ssl_certificate_key "/tls/site.key";'], ["/etc/"]),
    ("location / { proxy_pass http://web:8000; }", ["proxy_pass http://127.0.0.1:8100;"], ["web"]),
    ("location / { proxy_pass http://web:8000/app/; }", ["proxy_pass http://127.0.0.1:8100/app/;"], []),
    ("location / { proxy_pass http://unix:/run/gunicorn.sock; }",
     ["proxy_pass http://127.0.0.1:8100;"], ["unix"]),
    ("location / { set $to http://web:8000; proxy_pass $to; }",
     ["set $to http://127.0.0.1:8100;", "proxy_pass $to;"], ["web"]),
    ("location / { proxy_pass http://web:8000; } location /a { proxy_pass http://node:3000; }",
     ["proxy_pass http://127.0.0.1:8100;", "proxy_pass http://127.0.0.1:9;"], ["node"]),
    ("location /static/ { alias /app/static/; }", ['alias "/copy/static/";'], ["/app"]),
    ("location /static { alias /app/static/; }", ['alias "/copy/static/";'], ["/app"]),
    ("location /static { alias /app/static; }", ['alias "/copy/static";'], ['static/"']),
    ("location /static/ { root /srv; }", ['alias "/copy/static/";'], ["/srv"]),
    ("location /media/ { alias /srv/uploads/; autoindex on; }",
     ['alias "/copy/media/";', "autoindex on;"], ["/srv"]),
    ("root /var/www/html; location / { try_files $uri @app; }", ["try_files $uri @app;"], ["/var/www"]),
    ("add_header X-Frame-Options \"DENY\" always; add_header X-Frame-Options \"DENY\" always;",
     ['add_header X-Frame-Options "DENY" always;\n        add_header X-Frame-Options "DENY" always;'], []),
    ("access_log /var/log/a; error_log /var/log/b; resolver 8.8.8.8;", [], ["/var/log", "8.8.8.8"]),
    ("if ($host !~* ^(shop\\.example)$) { return 444; }", ["if ($host !~* ^(shop\\.example)$) {"], []),
    ("return 301 https://$host$request_uri;", ["return 301 https://$host$request_uri;"], []),
    ("server_name ${NGINX_HOST};", ["server_name shop.example;"], ["$"]),
    ("include /etc/letsencrypt/options-ssl-nginx.conf;", [], ["letsencrypt"]),
    ("include proxy_params;", ["proxy_set_header X-Forwarded-Proto $scheme;"], ["include proxy"]),
]  # fmt: skip


@pytest.mark.parametrize("said, there, absent", ADAPTED, ids=[each[0][:50] for each in ADAPTED])
def test_only_what_ties_it_to_its_machine_is_adapted(
    tmp_path: Path, said: str, there: list[str], absent: list[str]
) -> None:
    (tmp_path / "nginx.conf").write_text(f"server {{ {said} }}")
    site = SITE._replace(directory=str(tmp_path / "own"))
    text = nginx.adapted(str(tmp_path), "nginx.conf", site).text
    served = text[text.index("server {") :]
    assert [each for each in there if each not in served] == []
    assert [each for each in absent if each in served] == []
    assert "daemon off;" in text
    assert "proxy_bind 127.0.0.2;" in text


def test_upstreams_lead_to_the_application(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text(
        "user www-data; events {} http { upstream app { server web:8000 fail_timeout=0; }\n"
        "server { listen 80; location / { proxy_pass http://app; } } }"
    )
    text = nginx.adapted(str(tmp_path), "nginx.conf", SITE._replace(directory=str(tmp_path))).text
    assert "server 127.0.0.1:8100 fail_timeout=0;" in text
    assert "proxy_pass http://app;" in text
    assert "www-data" not in text


CANNOT = [
    ("server { location / { uwsgi_pass web:8000; } }", "uwsgi_pass"),
    ("server { listen 80;", "does not end"),
    ("map $a $b { default 1; }", "configures no server"),
]


@pytest.mark.parametrize("text, why", CANNOT)
def test_what_cannot_be_run_says_why(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "nginx.conf").write_text(text)
    with pytest.raises(nginx.NoNginx, match=why):
        nginx.adapted(str(tmp_path), "nginx.conf", SITE._replace(directory=str(tmp_path)))


SYNTAX = [
    "a b; c { d 'e f' \"g;h\"; }",
    "location ~* \\.(css|js)$ { expires 1y; }",
    "map $http_upgrade $c { default upgrade; '' close; }",
    "# nothing; here {\nlog_format m '$remote_addr \"$request\" {}';",
    "set $x ${y}z; rewrite ^/(.*)$ /a#b/$1 last;",
]


@pytest.mark.parametrize("text", SYNTAX)
def test_what_is_read_is_written_again(text: str) -> None:
    directives = parse(text)
    assert parse(written(directives)) == directives
    assert list(walk(directives))


@pytest.mark.parametrize("text", ["a", "a }", "{ a; }", "}", "a 'b;", "a { b;", "a {" * 50])
def test_what_is_no_configuration(text: str) -> None:
    with pytest.raises(BadSyntax):
        parse(text)


PASSES = "server { location / { proxy_pass http://web; } }"
FOUND = [
    ({"nginx/nginx.conf": PASSES}, "nginx/nginx.conf"),
    ({"deploy/nginx.conf": PASSES, "nginx/dev.conf": PASSES}, "deploy/nginx.conf"),
    ({"nginx/prod.conf": PASSES, "nginx/site.conf": PASSES}, "nginx/prod.conf"),
    ({"nginx/media.conf": "server { location / { alias /media; } }"}, None),
    ({"nginx.conf": "http { include conf.d/*.conf; }"}, None),
    ({"setup.conf": PASSES}, None),
    ({"nginx.conf": PASSES + "}"}, None),
]


@pytest.mark.parametrize("files, found", FOUND)
def test_where_nginx_is_configured(
    tmp_path: Path, files: dict[str, str], found: str | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert nginx.find(str(tmp_path)) == found


# -- for real --------------------------------------------------------------------------------------

real = pytest.mark.skipif(
    nginx.program() is None, reason="nginx is not installed (apt-get install nginx-light)"
)

CONF = """
upstream app {{ server web:8000; }}
server {{
    listen 80;
    server_name tiny.example.org;
    return 301 https://$host$request_uri;
}}
server {{
    listen 443 ssl;
    server_name tiny.example.org;
    ssl_certificate /etc/letsencrypt/live/tiny/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/tiny/privkey.pem;
    brotli on;
    location / {{
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        {scheme}
        {more}
        proxy_pass http://app;
    }}
}}
"""
SETS = "proxy_set_header X-Forwarded-Proto $scheme;"

# What the configuration says, whether Django sees HTTPS, what of HSTS comes out.
REAL = [
    (SETS, "", True, "max-age=31536000"),
    (SETS, "proxy_hide_header Strict-Transport-Security;", True, ""),
    ("proxy_set_header X-Forwarded-Proto http;", "", False, ""),
    (SETS, 'add_header Strict-Transport-Security "max-age=60";', True, "max-age=31536000"),
]


@real
@pytest.mark.parametrize("scheme, more, secure, hsts", REAL)
def test_nginx_stands_before_the_project(
    tiny: Tiny, scheme: str, more: str, secure: bool, hsts: str
) -> None:
    root = tiny(**{"nginx/default.conf": CONF.format(scheme=scheme, more=more)})
    with started(reading(root), Wish(python=sys.executable, seconds=20.0)) as run:
        send = client(run.way)
        page, plain = (send(site_request(run, base)) for base in (run.https, run.http))
        assert run.proxy == "nginx"
        assert not run.stand_in
        assert any("brotli" in each for each in run.said)
        seen = json.loads(page.text)
        assert seen["secure"] is secure
        assert seen["peer"] == "127.0.0.2"
        assert page.get("Strict-Transport-Security") == hsts
        assert plain.status == 301
        assert plain.get("Location") == "https://tiny.example.org/"


def site_request(run: Started, base: str) -> Request:
    return Request(
        base + "/", headers=(("Host", base.partition("://")[2]), ("Connection", "close"))
    )


@real
def test_an_nginx_that_refuses_its_configuration_says_so(tiny: Tiny) -> None:
    root = tiny(**{"nginx/default.conf": CONF.format(scheme=SETS, more="proxy_buffers many;")})
    with pytest.raises(CannotStart, match=r"nginx does not start with nginx/default.conf") as caught, \
         started(reading(root), Wish(python=sys.executable, seconds=20.0)):  # fmt: skip
        pass
    assert any("proxy_buffers" in each for each in caught.value.lines)
