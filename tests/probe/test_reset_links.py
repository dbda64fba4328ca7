"""Which of the mails that were caught is the one that resets a password."""

from __future__ import annotations

import pytest

from hardango.controls.live.reset_links import _to_canary

CANARY = "canary@shop.example"
MAILS = [
    (f"Subject: Reset\nTo: {CANARY}\n\nhttps://evil.example/reset/", True),
    (f"To: {CANARY}\n\nhttps://evil.example/reset/", True),
    # Django tells the admins of a request for a host that is none of the site's.
    (f"Subject: Invalid HTTP_HOST header\nTo: admin@shop.example\n\nemail={CANARY} evil.example", False),
    (f"To: other@shop.example\nReply-To: {CANARY}\n\nevil.example", False),
]  # fmt: skip


@pytest.mark.parametrize("mail, counts", MAILS)
def test_only_mail_to_the_account_counts(mail: str, counts: bool) -> None:
    assert _to_canary([mail], CANARY) == ([mail] if counts else [])
