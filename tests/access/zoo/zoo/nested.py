from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path

from zoo.answers import inside

below = [
    path("open/", inside, name="open"),
    path("login/", login_required(inside), name="login"),
]

urlpatterns = [
    path("deep/", include((below, "deep"))),
    re_path(r"^year/(?P<year>[0-9]{4})/$", login_required(inside), name="year"),
    path("<int:number>/<slug:word>/", inside, name="converted"),
]
