"""What a view's own body answers: who reads this got in."""

from django.http import HttpResponse


def inside(request, *args, **kwargs):
    return HttpResponse("in")
