"""Hardango takes a Django project from its defaults to hardened for production."""

__version__ = "0.1.0"
