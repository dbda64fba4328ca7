from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView, UpdateView

from .models import Customer


class SignUp(CreateView):
    form_class = UserCreationForm
    template_name = "registration/signup.html"
    success_url = reverse_lazy("customers:profile")

    def form_valid(self, form):
        response = super().form_valid(form)
        login(self.request, self.object)
        return response


class Profile(LoginRequiredMixin, UpdateView):
    fields = ["address", "phone"]
    template_name = "registration/profile.html"
    success_url = reverse_lazy("customers:profile")

    def get_object(self, queryset=None):
        return Customer.objects.get_or_create(user=self.request.user)[0]
