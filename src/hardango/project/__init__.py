"""What lies on disk: the project, its settings modules, and how production starts it."""

from __future__ import annotations

from hardango.project.find import find_project
from hardango.project.model import Project, ProjectError

__all__ = ["Project", "ProjectError", "find_project"]
