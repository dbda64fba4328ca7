"""What runs in the project's own interpreter, which may be an old one: it needs Django alone, and
nothing of Hardango. The files are copied to where it runs, see `hardango.local.launch.within`."""
