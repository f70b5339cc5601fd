"""No feed leads into the private network, whatever it says: counted where the connections would arrive."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
NAMESPACE = ["unshare", "--map-root-user", "--net"]


def can_make_namespaces() -> bool:
    return (
        bool(shutil.which("ip") and shutil.which("unshare"))
        and not subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode
    )


@pytest.mark.skipif(not can_make_namespaces(), reason="may not make a network namespace here")
def test_no_private_address_is_connected_to() -> None:
    """By address, by redirect, by name, by a name with two addresses, by a name that changes."""
    command = [*NAMESPACE, sys.executable, "-m", "tests.private_world"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["reached"] == []
    errors = found["errors"]
    assert errors.pop(found["good"]) == "", "the public server can be reached"
    refused = {url for url, error in errors.items() if "refused without `allow_private: true`" in error}
    left = {url: error for url, error in errors.items() if url not in refused}
    assert {url[:8] for url in left} <= {"http://m"}, "of two addresses one is public"
    assert found["counted"] == ["10.0.0.5"], "a connection that is allowed arrives and is counted"
