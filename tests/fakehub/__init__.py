"""A small GitHub for tests: what goldengit reads and writes there, over a real bare repository.

`with FakeGitHub(folder) as hub:` serves `hub.api`. Tests act on `hub` with plain methods (push,
open a pull request, review, merge); the program under test sees the results over HTTP.
"""

from tests.fakehub.clock import Clock
from tests.fakehub.hub import FakeGitHub
from tests.fakehub.openapi import fields_promised

__all__ = ["Clock", "FakeGitHub", "fields_promised"]
