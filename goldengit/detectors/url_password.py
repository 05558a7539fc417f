"""Passwords inside URLs: the `userinfo` of RFC 3986, section 3.2.1."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

# A password that starts like this is a variable or a placeholder.
_PASSWORD = re.compile(r"://[^\s/?#:@]{0,256}:([^\s/?#@<${*\[%][^\s/?#@]{0,255})@(?=[\w\[])")


class UrlPassword(Detector):
    """The password in `scheme://user:password@host`."""

    kind = "url-password"
    hint = "://"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every password that stands in a URL."""
        for match in _PASSWORD.finditer(text):
            yield Hit(self.kind, *match.span(1))
