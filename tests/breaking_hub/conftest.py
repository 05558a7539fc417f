"""The world of the gate's own tests, for attacks on it."""

from tests.merging.conftest import _no_certificates, hubbed, hubbed_with

__all__ = ["_no_certificates", "hubbed", "hubbed_with"]
