from django.conf import settings
from django.db import models


class Doc(models.Model):
    title = models.CharField(max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    def __str__(self):
        return self.title


class Note(models.Model):
    """Has no owner: who may see it is a permission's to say."""

    text = models.TextField()
