"""six, held against the library itself."""

from __future__ import annotations

import pytest
from tests.settings.libraries.agreeing import both

pytest.importorskip("six")


@pytest.mark.parametrize(
    "expression",
    [
        "six.PY3, six.PY2",
        "[key + value for key, value in six.iteritems({'a': 'b'})]",
        "isinstance('a', six.string_types), isinstance(1, six.integer_types)",
        "six.text_type(1)",
        "six.ensure_str(b'a'), six.ensure_text('b'), six.ensure_binary('c')",
        "six.u('a'), six.b('b')",
        "urlparse('https://h/p').netloc, quote('a b')",
        "six.moves.urllib.parse.urlparse('//h').netloc",
        "list(range(2)), list(six.moves.map(str, [1]))",
    ],
)
def test_names(expression: str) -> None:
    source = f"""
import six
from six.moves import range
from six.moves.urllib.parse import quote, urlparse
V = {expression}
"""
    library, model = both(source)
    assert model == library
