"""Talks to a site: requests, TLS, proofs. Only the target that the user named is asked."""
