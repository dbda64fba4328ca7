"""`manage.py hardango VERB …`: Hardango with the interpreter and the settings of this project."""

from __future__ import annotations

import os
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Runs hardango (audit, prove, access, deps, …) for this project, with its own Python; "
        "rotate-secret makes a new SECRET_KEY and keeps the old one as a fallback."
    )
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the rest of the command line on as it is: its options are Hardango's."""
        verb, *rest = argv[2:] or ["audit"]
        if verb == "rotate-secret":
            from hardango.django.rotation import main as rotate

            sys.exit(rotate(rest))
        from hardango.cli import main

        module = os.environ.get("DJANGO_SETTINGS_MODULE")
        if verb in ("audit", "access") and module and "--settings" not in rest:
            rest = [*rest, "--settings", module]
        if verb == "access" and not any(each.startswith("--python") for each in rest):
            rest = [*rest, "--python", sys.executable]
        sys.exit(main([verb, *rest]))
