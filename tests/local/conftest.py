from probe_local import tiny

__all__ = ["tiny"]
