"""The action's scripts as modules (they are files of no package), and a runner that has them."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from tests.workflows.harness import ROOT, Runner


def script(name: str, checkout: Path = ROOT) -> ModuleType:
    """Return `action/NAME.py` of a checkout, imported from its place."""
    spec = spec_from_file_location(f"action_{name}", checkout / "action" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def equipped(temp: Path, workspace: Path) -> Runner:
    """Return a runner whose temporary folder holds this environment as the action would leave it.

    The action finds it by the hash of everything it would install, so what runs is the code under
    test. How it gets there is the matter of test_install.py.
    """
    runner = Runner(temp, workspace)
    home = temp / f"goldengit-{script('install').key()}"
    home.symlink_to(sys.prefix, target_is_directory=True)
    home.with_name(f"{home.name}.ready").touch()
    return runner
