"""The facets and the list of places."""

import pytest

from consult.questionnaires import places
from consult.questionnaires.keys import is_choice_key
from consult.questionnaires.profile import FACETS, is_facet


def test_every_facet_offers_choices_with_keys_that_a_question_may_have():
    assert all(is_choice_key(key) for choices in FACETS.values() for key in choices)
    assert [facet for facet, choices in FACETS.items() if not choices] == ["place"]
    assert is_facet("sex")
    assert not is_facet("people")


def test_all_areas_of_both_countries_are_there_with_names_in_four_languages():
    assert len(places.of(["AF"])) == 1 + 34
    assert len(places.of(["CD"])) == 1 + 26
    assert len(places.PLACES) == 62
    for place in places.PLACES.values():
        assert set(place.names) == set(places.LANGUAGES)
        assert all(place.names.values())


def test_a_country_stands_before_its_areas():
    assert [place.code for place in places.of(["AF"])][:2] == ["AF", "AF-BDS"]
    assert [place.is_country for place in places.of(["CD"])].index(True) == 0


@pytest.mark.parametrize(
    ("code", "country", "iso"),
    [("AF", "AF", "AF"), ("AF-KAB", "AF", "AF-KAB"), ("AF-KAB-03", "AF", "AF-KAB")],
)
def test_a_code_tells_what_it_lies_in(code, country, iso):
    assert places.country(code) == country
    assert places.iso(code) == iso


def test_a_place_has_its_own_name_in_each_language():
    kandahar = places.PLACES["AF-KAN"]
    assert (kandahar.name("fa_AF"), kandahar.name("fr")) == ("کندهار", "Kandahar")
    assert kandahar.name("sw") == "Kandahar"
