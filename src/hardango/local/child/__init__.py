"""What runs inside the project's own interpreter: this folder is on its path, and nothing else of
Hardango is. So these files stand alone, and run on every Python that a supported Django runs on.
"""
