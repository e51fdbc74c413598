import os
import socket
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from config.settings import Profile, load
from consult.safekeeping import secrets
from consult.upkeep import installing, serving
from consult.upkeep.installing import Exposed
from consult.upkeep.serving import NotSetUp, PortInUse


@pytest.fixture
def fresh(tmp_path):
    return load({}, instance=tmp_path / "new", argon_memory_bytes=8 * 2**20, argon_passes=1)


def test_it_makes_secret_database_and_two_recovery_keys_once(fresh, tmp_path):
    out = tmp_path / "keys" / "recovery"
    assert "recovery.1" in installing.install(fresh, out)[0]
    words = [(tmp_path / "keys" / f"recovery.{n}").read_text().split() for n in (1, 2)]
    assert [len(each) for each in words] == [24, 24]
    assert words[0] != words[1]
    before = secrets.path(fresh.instance).read_bytes()
    assert installing.install(fresh, out) == ["The installation is set up."]
    assert secrets.path(fresh.instance).read_bytes() == before


def test_only_the_owner_can_read_secret_and_keys(fresh, tmp_path):
    installing.install(fresh, tmp_path / "recovery")
    for file in (secrets.path(fresh.instance), tmp_path / "recovery.1"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_a_file_the_keys_are_shown_with_what_to_do(fresh):
    lines = installing.install(fresh)
    assert lines[0].startswith("Recovery key 1: ")
    assert "two places" in lines[-1]


def test_production_writes_its_keys_neither_to_a_file_nor_into_a_pipe(fresh, tmp_path):
    production = replace(fresh, profile=Profile.PRODUCTION)
    with pytest.raises(Exposed):
        installing.install(production, tmp_path / "recovery")
    with pytest.raises(Exposed):
        installing.install(production)
    assert not fresh.instance.exists()


def test_production_does_not_serve_before_it_is_set_up(fresh):
    with pytest.raises(NotSetUp, match="flask init"):
        serving.serve(replace(fresh, profile=Profile.PRODUCTION, port=free_port()))


def test_a_port_in_use_is_said_before_anything_is_done(fresh):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortInUse):
            serving.serve(replace(fresh, port=taken.getsockname()[1]))
    assert not fresh.instance.exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"PORT": "many"}, "PORT"),
        ({"DATABASE_URL": "nothing"}, "DATABASE_URL"),
        ({"HOST": "0.0.0.0"}, "HOST"),
        ({"CONSULT_PROFILE": "production"}, "CONSULT_PUBLIC_URL"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_1(tmp_path, change, said):
    environment = {**os.environ, "INSTANCE": str(tmp_path / "i"), **change}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
