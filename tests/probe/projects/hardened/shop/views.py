import uuid

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth import login as log_in
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

FLAGS = settings.FLAGS


def home(request):
    if "crash" in FLAGS and request.path != "/":
        raise ValueError("a view that fails")
    return render(request, "home.html", {"host": request.get_host() if "links" in FLAGS else ""})


def count(request):
    """Keeps something in the session of a visitor."""
    request.session["visits"] = request.session.get("visits", 0) + 1
    response = HttpResponse(f"{request.session['visits']} visits")
    if "language" in FLAGS:
        response.set_cookie("django_language", "en")
    return response


@login_required
def account(request):
    response = HttpResponse(f"<h1>Account of {request.user}</h1>")
    if "cached-account" in FLAGS:
        response["Cache-Control"] = "public, max-age=600"
    else:
        response["Cache-Control"] = "private, no-store"
    return response


class Limited(LoginView):
    """Five wrong passwords for a name from an address, then no more of them for this process."""

    failed = {}

    def counted(self):
        address = self.request.META["REMOTE_ADDR"]
        if "limit-by-header" in FLAGS:
            address = self.request.headers.get("X-Forwarded-For", "").split(",")[0] or address
        return self.request.POST.get("username", ""), address

    def post(self, request, *args, **kwargs):
        if self.failed.get(self.counted(), 0) >= 5:
            return HttpResponse("Too many attempts", status=429, headers={"Retry-After": "60"})
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        if self.request.POST.get("password"):
            self.failed[self.counted()] = self.failed.get(self.counted(), 0) + 1
        return super().form_invalid(form)


class Adopted(Limited):
    """Keeps the session that the visitor had before."""

    def form_valid(self, form):
        user = form.get_user()
        self.request.session["_auth_user_id"] = str(user.pk)
        self.request.session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        self.request.session["_auth_user_hash"] = user.get_session_auth_hash()
        return HttpResponseRedirect(self.get_success_url())


class Anywhere(Limited):
    def get_success_url(self):
        return self.request.POST.get("next") or self.request.GET.get("next") or "/"


class Telling(Limited):
    """Says whether an account exists."""

    def form_invalid(self, form):
        name = self.request.POST.get("username", "")
        if not get_user_model().objects.filter(username=name).exists():
            return HttpResponse("There is no such account", status=404)
        return super().form_invalid(form)


@csrf_exempt
def by_hand(request):
    user = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if request.method == "POST" and user:
        log_in(request, user)
        return HttpResponseRedirect("/")
    return render(request, "registration/login.html", {"form": None})


def leave(request):
    response = HttpResponseRedirect("/")
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response


def login():
    if "login-exempt" in FLAGS:
        return by_hand
    kinds = {"fixation": Adopted, "open-redirect": Anywhere, "telling": Telling, "no-limit": LoginView}
    kind = next((kinds[each] for each in FLAGS if each in kinds), Limited)
    return kind.as_view()


def download(request, path):
    if "inline" in FLAGS and path == "canary.html":
        response = HttpResponse("<script>document.title = 'run'</script>")
        response._csp_exempt = True
        return response
    whole = settings.MEDIA_ROOT / path
    if "traversal" not in FLAGS and not whole.resolve().is_relative_to(settings.MEDIA_ROOT):
        raise Http404
    if not whole.is_file():
        raise Http404
    return FileResponse(whole.open("rb"), as_attachment=True)


def text(content, kind="text/plain", status=200):
    return lambda request, **given: HttpResponse(content, content_type=kind, status=status)


def introspection(request):
    if "__schema" in request.GET.get("query", ""):
        return HttpResponse('{"data": {"__schema": {"queryType": {"name": "Query"}}}}', content_type="application/json")
    return HttpResponse('{"errors": [{"message": "Must provide query string."}]}', content_type="application/json", status=400)


LEFT_OPEN = [
    ("git", ".git/HEAD", text("ref: refs/heads/main\n")),
    ("env", ".env", text(f"SECRET_KEY={uuid.uuid4()}\nDATABASE_URL=postgres://shop@db/shop\n")),
    ("dump", "db.sqlite3", text(b"SQLite format 3\x00" + bytes(84), "application/x-sqlite3")),
    ("silk", "silk/", text("<html><head><title>Silky - Summary</title></head><body>silk</body></html>", "text/html")),
    ("metrics", "metrics", text("# HELP django_http_requests_total Requests\n# TYPE django_http_requests_total counter\n")),
    ("graphql", "graphql/", introspection),
    ("schema", "api/schema/", text("openapi: 3.0.3\ninfo:\n  title: Shop\n", "application/vnd.oai.openapi")),
    ("browsable", "api/", text("<html><head><title>Api Root – Django REST framework</title></head></html>", "text/html")),
    ("proxied-trace", "trace/", text("")),
]
