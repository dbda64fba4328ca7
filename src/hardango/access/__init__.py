"""Who can reach what: every route of a project, what its view demands, and the proof of it."""
