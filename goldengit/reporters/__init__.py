"""The shelf of reporters: results for people, CI and other programs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from goldengit.models.finding import Report
from goldengit.reporters import github, json, junit, sarif, text
from goldengit.reporters.base import Look

Render = Callable[[Report, Look], str]

# What `--format` takes. Every rendering ends with a newline.
REPORTERS: Mapping[str, Render] = MappingProxyType(
    {
        "text": text.render,
        "json": json.render,
        "github": github.render,
        "sarif": sarif.render,
        "junit": junit.render,
    }
)
