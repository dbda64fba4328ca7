"""What proves inside the project's own interpreter. It needs Django and nothing else, stands beside
`hardango.local.child` there, and runs on every Python that a supported Django runs on.

    hardango_prove    the command: routes are dealt to workers, which may crash
    hardango_worker   one route: its paths, its roles, its requests
    hardango_gate     stops a request where the view's own code begins
    hardango_roles    users and their sessions
    hardango_send     one request through the whole stack, undone afterwards
    hardango_paths    paths that lead to a view
    hardango_rows     rows that a view wants to see, and whose they are
    hardango_learned  which rows those are, read from the view's own SQL
    hardango_consults which checks on the user were asked, and where
"""
