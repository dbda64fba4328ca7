"""Starts a local project as production would, where it can do no harm."""
