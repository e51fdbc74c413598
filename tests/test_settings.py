from dataclasses import fields

import pytest

from config.settings import BadSetting, Face, Profile, Settings, load

PRODUCTION = {
    "CONSULT_PROFILE": "production",
    "CONSULT_PUBLIC_URL": "https://consult.example",
    "HOST": "0.0.0.0",
}


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path):
    file = tmp_path / "consult.toml"
    file.write_text('port = 9000\nworkers = 3\nhigh_risk_places = ["AF"]\n')
    settings = load({"CONSULT_CONFIG": str(file), "PORT": "9100"})
    assert (settings.port, settings.workers, settings.host) == (9100, 3, "127.0.0.1")
    assert settings.high_risk_places == ("AF",)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "many"),
        ("CONSULT_PROFILE", "staging"),
        ("CONSULT_FACE", "back"),
        ("CONSULT_REWRITE_AT_START", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(variable, value):
    with pytest.raises(BadSetting, match=variable):
        load({variable: value})


def test_a_file_that_names_no_setting_is_refused(tmp_path):
    file = tmp_path / "consult.toml"
    file.write_text("prot = 9000\n")
    with pytest.raises(BadSetting, match="prot"):
        load({"CONSULT_CONFIG": str(file)})
    with pytest.raises(BadSetting, match="does not exist"):
        load({"CONSULT_CONFIG": str(tmp_path / "none.toml")})


def test_a_safe_production_has_no_problem():
    assert load(PRODUCTION).problems() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"CONSULT_PUBLIC_URL": "http://consult.example"}, "CONSULT_PUBLIC_URL"),
        ({"DATABASE_URL": "postgresql://db/consult"}, "DATABASE_URL"),
        ({"CONSULT_ARGON_MEMORY_BYTES": "1000000"}, "CONSULT_ARGON_MEMORY_BYTES"),
        ({"CONSULT_IDLE_MINUTES": "60"}, "CONSULT_IDLE_MINUTES"),
        ({"CONSULT_REWRITE_AT_START": "no"}, "CONSULT_REWRITE_AT_START"),
    ],
)
def test_production_says_which_setting_is_unsafe(change, named):
    problems = load({**PRODUCTION, **change}).problems()
    assert any(named in problem for problem in problems)


def test_outside_production_only_this_machine_is_served():
    assert any("HOST" in problem for problem in load({"HOST": "0.0.0.0"}).problems())
    assert load({"HOST": "127.0.0.1"}).problems() == []


def test_settings_are_typed_and_frozen():
    settings = load({"CONSULT_FACE": "public", "CONSULT_PROFILE": "testing"})
    assert settings.face is Face.PUBLIC
    assert settings.profile is Profile.TESTING
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]


def test_each_setting_says_what_it_is_for_and_has_its_own_variable():
    variables = [field.metadata["variable"] for field in fields(Settings)]
    assert len(set(variables)) == len(variables)
    assert all(field.metadata["what"] for field in fields(Settings))
