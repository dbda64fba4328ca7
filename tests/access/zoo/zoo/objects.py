"""Rows of which only their owner may see one."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.generic import DetailView

from zoo.models import Doc


def anybody(request, pk):
    return HttpResponse(get_object_or_404(Doc, pk=pk).title)


@login_required
def every_user(request, pk):
    return HttpResponse(get_object_or_404(Doc, pk=pk).title)


@login_required
def owner(request, pk):
    return HttpResponse(get_object_or_404(Doc, pk=pk, owner=request.user).title)


@login_required
def filtered(request, pk):
    doc = Doc.objects.filter(pk=pk, owner=request.user).first()
    if doc is None:
        raise Http404
    return HttpResponse(doc.title)


@login_required
def compared(request, pk):
    doc = get_object_or_404(Doc, pk=pk)
    if doc.owner != request.user:
        raise PermissionDenied
    return HttpResponse(doc.title)


@login_required
def other_query(request, pk):
    """What is filtered by the user is not what is shown."""
    mine = Doc.objects.filter(owner=request.user)
    doc = get_object_or_404(Doc, pk=pk)
    return HttpResponse(f"{doc.title}, one of {mine.count()}")


class Scoped(LoginRequiredMixin, DetailView):
    model = Doc
    template_name = "about.html"

    def get_queryset(self):
        return super().get_queryset().filter(owner=self.request.user)


class Unscoped(LoginRequiredMixin, DetailView):
    model = Doc
    template_name = "about.html"


class Ignored(LoginRequiredMixin, DetailView):
    """get_queryset is filtered, but this view takes its object without it."""

    model = Doc
    template_name = "about.html"

    def get_queryset(self):
        return super().get_queryset().filter(owner=self.request.user)

    def get_object(self):
        return get_object_or_404(Doc, pk=self.kwargs["pk"])


urlpatterns = [
    path("anybody/<int:pk>/", anybody),
    path("every-user/<int:pk>/", every_user),
    path("owner/<int:pk>/", owner),
    path("filtered/<int:pk>/", filtered),
    path("compared/<int:pk>/", compared),
    path("other-query/<int:pk>/", other_query),
    path("scoped/<int:pk>/", Scoped.as_view()),
    path("unscoped/<int:pk>/", Unscoped.as_view()),
    path("ignored/<int:pk>/", Ignored.as_view()),
]
