"""Admin sites: their pages are guarded by a wrapper that a page of one's own can lack."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from zoo.models import Doc, Note


class DocAdmin(admin.ModelAdmin):
    search_fields = ["title"]

    def get_urls(self):
        return [
            path("report/", self.report, name="report"),
            path("report-guarded/", self.admin_site.admin_view(self.report), name="guarded"),
            *super().get_urls(),
        ]

    def report(self, request):
        return HttpResponse("in")


class NoteAdmin(admin.ModelAdmin):
    """Whoever may enter the admin sees the notes."""

    def has_view_permission(self, request, obj=None):
        return True


class OpenSite(admin.AdminSite):
    """Everybody may enter it."""

    def has_permission(self, request):
        return True


class OwnSite(admin.AdminSite):
    def has_permission(self, request):
        return request.user.is_active and request.user.is_superuser


class OwnPages(admin.AdminSite):
    def get_urls(self):
        return [
            path("raw/", self.raw),
            path("wrapped/", self.admin_view(self.raw)),
            *super().get_urls(),
        ]

    def raw(self, request):
        return HttpResponse("in")


site = admin.AdminSite("back")
site.register(Doc, DocAdmin)
site.register(Note, NoteAdmin)
open_site = OpenSite("open")
open_site.register(Note, NoteAdmin)
own_site = OwnSite("own")
own_site.register(Doc)
pages_site = OwnPages("pages")

urlpatterns = [
    path("admin/", site.urls),
    path("open/", open_site.urls),
    path("own/", own_site.urls),
    path("pages/", pages_site.urls),
]
