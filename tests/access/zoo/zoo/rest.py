"""Views of Django REST framework: the permission classes of a view, an action, a method."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils.decorators import method_decorator
from rest_framework import generics, serializers, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import (
    SAFE_METHODS,
    AllowAny,
    BasePermission,
    DjangoModelPermissions,
    IsAdminUser,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
)
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter, SimpleRouter
from rest_framework.views import APIView

from zoo.models import Doc


class DocSerializer(serializers.ModelSerializer):
    class Meta:
        model = Doc
        fields = ["title"]


class Answers(APIView):
    def get(self, request, *args, **kwargs):
        return Response("in")

    def post(self, request, *args, **kwargs):
        return Response("in")


class Default(Answers):
    pass


class Login(Answers):
    permission_classes = [IsAuthenticated]


class Any(Answers):
    permission_classes = [AllowAny]


class Empty(Answers):
    permission_classes = []


class Staff(Answers):
    permission_classes = [IsAdminUser]


class ReadOnly(Answers):
    permission_classes = [IsAuthenticatedOrReadOnly]


class ObjectOnly(BasePermission):
    """Says nothing of a request without an object."""

    def has_object_permission(self, request, view, obj):
        return obj.owner_id == request.user.id


class OnlyObject(Answers):
    permission_classes = [ObjectOnly]


class LoginOrObject(Answers):
    permission_classes = [IsAuthenticated | ObjectOnly]


class LoginAndObject(Answers):
    permission_classes = [IsAuthenticated & ObjectOnly]


class StaffOrLogin(Answers):
    permission_classes = [IsAdminUser | IsAuthenticated]


class NotLogin(Answers):
    permission_classes = [~IsAuthenticated]


class Both(Answers):
    permission_classes = [IsAuthenticated, IsAdminUser]


class IsMember(BasePermission):
    def has_permission(self, request, view):
        return request.user.is_authenticated


class Member(Answers):
    permission_classes = [IsMember]


class IsNothing(BasePermission):
    def has_permission(self, request, view):
        return True


class Nothing(Answers):
    permission_classes = [IsNothing]


class IsWriter(BasePermission):
    def has_permission(self, request, view):
        if request.method in SAFE_METHODS:
            return True
        return request.user.has_perm("zoo.change_doc")


class Writer(Answers):
    permission_classes = [IsWriter]


class IsStaffMember(IsAuthenticated):
    def has_permission(self, request, view):
        return super().has_permission(request, view) and request.user.is_staff


class StaffMember(Answers):
    permission_classes = [IsStaffMember]


class ForgetsSuper(IsAuthenticated):
    def has_permission(self, request, view):
        return True


class Forgets(Answers):
    permission_classes = [ForgetsSuper]


class Unchecked(Answers):
    permission_classes = [IsAuthenticated]

    def check_permissions(self, request):
        pass


class CheckedMore(Answers):
    permission_classes = [IsAuthenticated]

    def check_permissions(self, request):
        super().check_permissions(request)
        if not request.user.is_staff:
            self.permission_denied(request)


class Uninitialised(Answers):
    """initial() is where permissions are checked."""

    permission_classes = [IsAuthenticated]

    def initial(self, request, *args, **kwargs):
        self.format_kwarg = None
        neg = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = neg


class OwnInitial(Answers):
    """It does not go on to REST framework's, and asks all the same."""

    permission_classes = [IsAuthenticated]

    def initial(self, request, *args, **kwargs):
        self.format_kwarg = None
        neg = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = neg
        self.check_permissions(request)


class StaffOfObject(BasePermission):
    def has_permission(self, request, view):
        return False

    def has_object_permission(self, request, view, obj):
        return request.user.is_staff


class OwnInitialOfObject(Answers):
    """Objects are asked about, whatever the method does; the request never is."""

    permission_classes = [StaffOfObject]

    def initial(self, request, *args, **kwargs):
        self.format_kwarg = None
        neg = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = neg
        self.check_object_permissions(request, None)


class ByMethod(Answers):
    def get_permissions(self):
        if self.request.method == "GET":
            return [AllowAny()]
        return [IsAuthenticated()]


class Dispatching(Answers):
    permission_classes = [IsAuthenticated]

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


class Mixed(LoginRequiredMixin, Answers):
    permission_classes = [AllowAny]


@method_decorator(login_required, name="dispatch")
class Decorated(Answers):
    permission_classes = [AllowAny]


class BodyCheck(Answers):
    def get(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            self.permission_denied(request)
        return Response("in")


@api_view(["GET", "POST"])
def function(request):
    return Response("in")


@api_view(["GET", "POST"])
@permission_classes([IsAuthenticated])
def function_login(request):
    return Response("in")


@api_view(["GET"])
@permission_classes([])
def function_empty(request):
    return Response("in")


class Docs(viewsets.ModelViewSet):
    queryset = Doc.objects.all()
    serializer_class = DocSerializer
    permission_classes = [DjangoModelPermissions]

    @action(detail=False, methods=["get"])
    def count(self, request):
        return Response("in")

    @action(detail=False, methods=["post"], permission_classes=[AllowAny])
    def report(self, request):
        return Response("in")

    @action(detail=True, methods=["get"], permission_classes=[IsAdminUser])
    def audit(self, request, pk=None):
        return Response("in")


class ByAction(viewsets.ModelViewSet):
    queryset = Doc.objects.all()
    serializer_class = DocSerializer

    def get_permissions(self):
        if self.action in ("list", "retrieve"):
            return [AllowAny()]
        return [IsAuthenticated()]


class Owned(viewsets.ModelViewSet):
    serializer_class = DocSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return Doc.objects.filter(owner=self.request.user)


class ObjectChecked(viewsets.ModelViewSet):
    queryset = Doc.objects.all()
    serializer_class = DocSerializer
    permission_classes = [IsAuthenticated, ObjectOnly]


class ObjectUnchecked(viewsets.ModelViewSet):
    """retrieve takes the object without asking whether it may."""

    queryset = Doc.objects.all()
    serializer_class = DocSerializer
    permission_classes = [IsAuthenticated, ObjectOnly]

    def retrieve(self, request, pk=None):
        return Response(get_object_or_404(Doc, pk=pk).title)


class PublicList(generics.ListAPIView):
    queryset = Doc.objects.all()
    serializer_class = DocSerializer
    permission_classes = [AllowAny]


router = SimpleRouter()
router.register("docs", Docs)
router.register("by-action", ByAction, basename="by-action")
router.register("owned", Owned, basename="owned")
router.register("checked", ObjectChecked, basename="checked")
router.register("unchecked", ObjectUnchecked, basename="unchecked")

rooted = DefaultRouter()
rooted.register("docs", Docs, basename="rooted")

urlpatterns = [
    path("default/", Default.as_view()),
    path("login/", Login.as_view()),
    path("any/", Any.as_view()),
    path("empty/", Empty.as_view()),
    path("staff/", Staff.as_view()),
    path("read-only/", ReadOnly.as_view()),
    path("only-object/", OnlyObject.as_view()),
    path("login-or-object/", LoginOrObject.as_view()),
    path("login-and-object/", LoginAndObject.as_view()),
    path("staff-or-login/", StaffOrLogin.as_view()),
    path("not-login/", NotLogin.as_view()),
    path("both/", Both.as_view()),
    path("member/", Member.as_view()),
    path("nothing/", Nothing.as_view()),
    path("writer/", Writer.as_view()),
    path("staff-member/", StaffMember.as_view()),
    path("forgets/", Forgets.as_view()),
    path("unchecked-view/", Unchecked.as_view()),
    path("checked-more/", CheckedMore.as_view()),
    path("uninitialised/", Uninitialised.as_view()),
    path("own-initial/", OwnInitial.as_view()),
    path("own-initial-object/", OwnInitialOfObject.as_view()),
    path("by-method/", ByMethod.as_view()),
    path("dispatching/", Dispatching.as_view()),
    path("mixed/", Mixed.as_view()),
    path("decorated/", Decorated.as_view()),
    path("body-check/", BodyCheck.as_view()),
    path("login-none-in-urls/", Login.as_view(permission_classes=[])),
    path("any-login-in-urls/", Any.as_view(permission_classes=[IsAuthenticated])),
    path("wrapped/", login_required(Any.as_view())),
    path("function/", function),
    path("function-login/", function_login),
    path("function-empty/", function_empty),
    path("public-list/", PublicList.as_view()),
    path("", include(router.urls)),
    path("rooted/", include(rooted.urls)),
]
