"""The line under a quote, by property: always shared by enough, never a district."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.reading import attribution
from consult.reading.attribution import LEFT_OUT, NAMED, Crowd


@dataclass
class Voice:
    answers: dict[str, Any] = field(default_factory=dict)


profiles = st.fixed_dictionaries(
    {},
    optional={
        "sex": st.sampled_from(["woman", "man", "undisclosed"]),
        "age_band": st.sampled_from(["18_29", "30_44"]),
        "place": st.sampled_from(["AF-KAB", "AF-KAB-01", "AF-HER", "AF"]),
        "setting": st.sampled_from(["rural", "urban"]),
        "organisation_kind": st.sampled_from(["women_led", "none"]),
        "minority": st.sampled_from(["yes", "no"]),
    },
)


@given(st.lists(profiles, min_size=1, max_size=40), st.sampled_from([5, 10]))
def test_what_is_named_is_shared_by_enough_and_no_more_is_left_out_than_must(
    given_profiles: list[dict[str, str]], least: int
) -> None:
    voices: list[Any] = [Voice(profile) for profile in given_profiles]
    crowd = Crowd.of(voices)
    for voice in voices:
        whole = attribution.facets(voice)
        named = attribution.coarsened(voice, crowd, least=least)
        sharing = sum(
            all(attribution.facets(other).get(key) == value for key, value in named.items())
            for other in voices
        )
        assert not named or sharing >= least
        assert named.items() <= whole.items()
        left = [key for key in LEFT_OUT if key in whole and key not in named]
        assert left == [key for key in LEFT_OUT if key in whole][: len(left)]
        if left:
            back = {key: whole[key] for key in whole if key in named or key == left[-1]}
            assert crowd.sharing(back) < least


def test_a_district_is_named_by_its_province_and_some_facets_never() -> None:
    voice: Any = Voice({"place": "AF-KAB-01", "disability": "yes", "sex": "undisclosed"})
    assert attribution.facets(voice) == {"place": "AF-KAB"}
    assert set(NAMED) == set(LEFT_OUT)


def test_a_sensitive_question_is_never_named() -> None:
    voices: list[Any] = [Voice({"sex": "woman"}) for _ in range(20)]
    crowd = Crowd.of(voices)
    assert attribution.coarsened(voices[0], crowd, least=5, unnamed={"sex"}) == {}
