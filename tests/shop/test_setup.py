"""The set-up installs only what is missing, and says what to type where it cannot."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.environment import ROOT
from tools import setup


def test_a_second_run_does_nothing_and_takes_no_time() -> None:
    command = [sys.executable, "tools/setup.py"]
    subprocess.run(command, cwd=ROOT, check=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert time.monotonic() - started < 3  # about 0.1 s on a quiet machine


def test_who_is_not_root_gets_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(SystemExit) as stop:
        setup.install_system_packages(["libpango-1.0-0", "fonts-dejavu-core"])
    command = "sudo apt-get install -y --no-install-recommends libpango-1.0-0 fonts-dejavu-core"
    assert f"`{command}`" in str(stop.value)


def test_another_system_gets_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as stop:
        setup.install_system_packages(["libpango-1.0-0"])
    assert "libpango-1.0-0" in str(stop.value)


def test_nothing_missing_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    setup.install_system_packages([])


def test_a_python_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as stop:
        setup.check_python()
    assert "is 3.9" in str(stop.value)


def test_an_environment_copied_from_elsewhere_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "VENV", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    (tmp_path / "bin/pip").write_text("#!/somewhere/else/.venv/bin/python\n")
    assert not setup.usable()
    (tmp_path / "bin/pip").write_text(f"#!{tmp_path}/bin/python\n")
    assert setup.usable()
