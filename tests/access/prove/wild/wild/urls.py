from django.urls import path

from wild import views

urlpatterns = [path(f"{each.__name__}/", each) for each in views.ALL]
