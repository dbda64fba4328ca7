"""Views that are classes: guards that run, and guards that stand where nothing reaches them."""

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import (
    AccessMixin,
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import DetailView, ListView, TemplateView

from zoo.models import Doc


class Answers(View):
    def get(self, request, *args, **kwargs):
        return HttpResponse("in")

    def post(self, request, *args, **kwargs):
        return HttpResponse("in")


class Open(Answers):
    pass


class Login(LoginRequiredMixin, Answers):
    pass


class LoginLast(Answers, LoginRequiredMixin):
    """View.dispatch calls no other, so that of the mixin never runs."""


class LoginAfterTemplate(TemplateView, LoginRequiredMixin):
    template_name = "about.html"


class LoginTemplate(LoginRequiredMixin, TemplateView):
    template_name = "about.html"


class Inherits(Login):
    pass


class InheritsOpen(Open, Login):
    """The guard still comes before View in the order of all bases."""


class Jumps(Login):
    def dispatch(self, request, *args, **kwargs):
        return View.dispatch(self, request, *args, **kwargs)


class CallsSuper(Login):
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


class CallsNothing(Login):
    def dispatch(self, request, *args, **kwargs):
        return HttpResponse("in")


class Assigned(Login):
    dispatch = View.dispatch


class Skips(Login):
    """One too far."""

    def dispatch(self, request, *args, **kwargs):
        return super(LoginRequiredMixin, self).dispatch(request, *args, **kwargs)


class SuperSometimes(Login):
    def dispatch(self, request, *args, **kwargs):
        if request.method == "POST":
            return self.post(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)


class AccessOnly(AccessMixin, Answers):
    """What the other mixins are made of; by itself it checks nothing."""


class HandlesNothing(LoginRequiredMixin, Answers):
    def handle_no_permission(self):
        return self.get(self.request)


class HandlesOtherwise(LoginRequiredMixin, Answers):
    def handle_no_permission(self):
        return redirect("login")


class Permission(PermissionRequiredMixin, Answers):
    permission_required = "zoo.view_doc"


class Permissions(PermissionRequiredMixin, Answers):
    permission_required = ("zoo.view_doc", "zoo.change_doc")


class PermissionEmpty(PermissionRequiredMixin, Answers):
    permission_required = ()


class PermissionAlways(PermissionRequiredMixin, Answers):
    permission_required = "zoo.view_doc"

    def has_permission(self):
        return True


class PermissionOwn(PermissionRequiredMixin, Answers):
    permission_required = "zoo.view_doc"

    def has_permission(self):
        return self.request.user.is_superuser


class PermissionAnd(PermissionRequiredMixin, Answers):
    permission_required = "zoo.view_doc"

    def has_permission(self):
        return super().has_permission() and self.request.user.is_staff


class PermissionGiven(PermissionRequiredMixin, Answers):
    def get_permission_required(self):
        return ("zoo.view_doc",)


class PermissionGivenNone(PermissionRequiredMixin, Answers):
    permission_required = "zoo.view_doc"

    def get_permission_required(self):
        return ()


class PassesStaff(UserPassesTestMixin, Answers):
    def test_func(self):
        return self.request.user.is_staff


class PassesAll(UserPassesTestMixin, Answers):
    def test_func(self):
        return True


class PassesTruthy(UserPassesTestMixin, Answers):
    def test_func(self):
        return self.request.user is not None


class LoginAndPasses(LoginRequiredMixin, UserPassesTestMixin, Answers):
    def test_func(self):
        return self.request.user.is_superuser


@method_decorator(login_required, name="dispatch")
class DecoratedDispatch(Answers):
    pass


@method_decorator(login_required, name="get")
class DecoratedGet(Answers):
    pass


@method_decorator(login_required, name="post")
class DecoratedPost(Answers):
    pass


@method_decorator([login_required, permission_required("zoo.view_doc")], name="dispatch")
class DecoratedList(Answers):
    pass


class DecoratedMethod(View):
    @method_decorator(login_required)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def get(self, request):
        return HttpResponse("in")

    def post(self, request):
        return HttpResponse("in")


class DecoratedOverridden(DecoratedDispatch):
    """The guard is on a method that this class has anew."""

    def dispatch(self, request, *args, **kwargs):
        return View.dispatch(self, request, *args, **kwargs)


class DecoratedGetOverridden(DecoratedGet):
    def get(self, request, *args, **kwargs):
        return HttpResponse("in")


class DecoratedPostOnlyHere(View):
    def get(self, request):
        return HttpResponse("in")

    @method_decorator(permission_required("zoo.view_doc"))
    def post(self, request):
        return HttpResponse("in")


class Members:
    """A mixin of one's own."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("login")
        return super().dispatch(request, *args, **kwargs)


class OwnMixin(Members, Answers):
    pass


class OwnMixinLast(Answers, Members):
    pass


class OwnDispatch(Answers):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OwnDispatchLate(Answers):
    """Acts, then looks."""

    def dispatch(self, request, *args, **kwargs):
        answer = super().dispatch(request, *args, **kwargs)
        if not request.user.is_authenticated:
            answer["X-Late"] = "yes"
        return answer


class Setup(Answers):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise PermissionDenied


class ChecksInGet(Open):
    """post is inherited, and checks nothing."""

    def get(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("login")
        return HttpResponse("in")


class ChecksInBoth(View):
    def get(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("login")
        return HttpResponse("in")

    def post(self, request, *args, **kwargs):
        return self.get(request)


class OldIdiom(Answers):
    @classmethod
    def as_view(cls, **initkwargs):
        return login_required(super().as_view(**initkwargs))


class Chained(UserPassesTestMixin, Answers):
    """Two of the same: only the first test_func is ever asked."""

    def test_func(self):
        return self.request.user.is_authenticated


class ChainedOpen(Chained):
    def test_func(self):
        return True


class List(LoginRequiredMixin, ListView):
    model = Doc
    template_name = "about.html"


class ListOpen(ListView):
    model = Doc
    template_name = "about.html"


class Detail(PermissionRequiredMixin, DetailView):
    model = Doc
    template_name = "about.html"
    permission_required = "zoo.view_doc"


urlpatterns = [
    path("open/", Open.as_view()),
    path("login/", Login.as_view()),
    path("login-last/", LoginLast.as_view()),
    path("login-after-template/", LoginAfterTemplate.as_view()),
    path("login-template/", LoginTemplate.as_view()),
    path("inherits/", Inherits.as_view()),
    path("inherits-open/", InheritsOpen.as_view()),
    path("jumps/", Jumps.as_view()),
    path("calls-super/", CallsSuper.as_view()),
    path("calls-nothing/", CallsNothing.as_view()),
    path("assigned/", Assigned.as_view()),
    path("skips/", Skips.as_view()),
    path("super-sometimes/", SuperSometimes.as_view()),
    path("access-only/", AccessOnly.as_view()),
    path("handles-nothing/", HandlesNothing.as_view()),
    path("handles-otherwise/", HandlesOtherwise.as_view()),
    path("permission/", Permission.as_view()),
    path("permissions/", Permissions.as_view()),
    path("permission-empty/", PermissionEmpty.as_view()),
    path("permission-always/", PermissionAlways.as_view()),
    path("permission-own/", PermissionOwn.as_view()),
    path("permission-and/", PermissionAnd.as_view()),
    path("permission-given/", PermissionGiven.as_view()),
    path("permission-given-none/", PermissionGivenNone.as_view()),
    path("permission-in-urls/", Permission.as_view(permission_required="zoo.change_doc")),
    path("permission-none-in-urls/", Permission.as_view(permission_required=())),
    path("passes-staff/", PassesStaff.as_view()),
    path("passes-all/", PassesAll.as_view()),
    path("passes-truthy/", PassesTruthy.as_view()),
    path("login-and-passes/", LoginAndPasses.as_view()),
    path("decorated-dispatch/", DecoratedDispatch.as_view()),
    path("decorated-get/", DecoratedGet.as_view()),
    path("decorated-post/", DecoratedPost.as_view()),
    path("decorated-list/", DecoratedList.as_view()),
    path("decorated-method/", DecoratedMethod.as_view()),
    path("decorated-overridden/", DecoratedOverridden.as_view()),
    path("decorated-get-overridden/", DecoratedGetOverridden.as_view()),
    path("decorated-post-only/", DecoratedPostOnlyHere.as_view()),
    path("own-mixin/", OwnMixin.as_view()),
    path("own-mixin-last/", OwnMixinLast.as_view()),
    path("own-dispatch/", OwnDispatch.as_view()),
    path("own-dispatch-late/", OwnDispatchLate.as_view()),
    path("setup/", Setup.as_view()),
    path("checks-in-get/", ChecksInGet.as_view()),
    path("checks-in-both/", ChecksInBoth.as_view()),
    path("old-idiom/", OldIdiom.as_view()),
    path("chained/", Chained.as_view()),
    path("chained-open/", ChainedOpen.as_view()),
    path("wrapped/", login_required(Open.as_view())),
    path("unwrapped/", Open.as_view()),
    path("list/", List.as_view()),
    path("list-open/", ListOpen.as_view()),
    path("detail/<int:pk>/", Detail.as_view()),
]
