"""How the made-up voices lean: weights, medians and shares. Nobody was asked; all of it is fiction.

What is not named here leans nowhere, so the same generator can fill any questionnaire.
"""

from collections.abc import Mapping

Weights = Mapping[str, float]
AGREEMENT = ("strongly_agree", "agree", "neither", "disagree", "strongly_disagree")


def _agreement(*weights: float) -> Weights:
    return dict(zip(AGREEMENT, weights, strict=True))


# The weight of each choice, by question; of a matrix by QUESTION.ROW; 1 where nothing is said.
LEANINGS: Mapping[str, Weights] = {
    "sex": {"woman": 56, "man": 26, "another": 0.5, "mixed_group": 13.5, "undisclosed": 4},
    "age_band": {
        **{"under_18": 1, "18_29": 31, "30_44": 30, "45_59": 17},
        **{"60_plus": 6, "mixed_group": 11, "undisclosed": 4},
    },
    "setting": {"rural": 16, "urban": 50, "camp": 15, "abroad": 13, "undisclosed": 6},
    "displacement": {
        **{"host": 46, "internally_displaced": 22, "refugee": 11},
        **{"returnee": 10, "mixed_group": 6, "undisclosed": 5},
    },
    "disability": {"yes": 14, "no": 80, "undisclosed": 6},
    "minority": {"yes": 22, "no": 68, "undisclosed": 10},
    "organisation_kind": {
        **{"women_led": 37, "youth_led": 15, "women_and_youth_led": 15, "other": 16, "none": 17}
    },
    "needs": {
        **{"schools": 24, "health": 18, "safety": 18, "income": 15, "aid": 11},
        **{"justice": 10, "return_home": 11, "other": 3, "none": 0},
    },
    "speaking_safety": {"very_safe": 1, "safe": 11, "neither": 20, "unsafe": 37, "very_unsafe": 32},
    "threats": {"yes": 38, "no": 46, "undisclosed": 16},
    "mission_contact": {"in_person": 26, "remote": 12, "letter": 2, "tried": 24, "not_tried": 40},
    "trust.listens_women": _agreement(8, 27, 24, 27, 14),
    "trust.reaches_rural": _agreement(3, 10, 18, 38, 31),
    "trust.protects": _agreement(6, 21, 27, 29, 17),
    "trust.explains": _agreement(4, 14, 22, 36, 24),
    "tasks": {
        **{"protect": 44, "monitor_rights": 18, "women_at_table": 20},
        **{"aid_access": 13, "local_peace": 9},
    },
    "recommendation": {
        **{"member_states": 26, "un_institutions": 12, "un_missions": 27, "parties": 11},
        **{"international_organisations": 7, "donors": 12, "mediators": 5},
    },
}
# What multiplies a weight for those of one group: (facet, its value, question) -> choice -> factor.
SHIFTS: Mapping[tuple[str, str, str], Weights] = {
    ("country", "AF", "needs"): {"schools": 1.8, "income": 1.2},
    ("country", "CD", "needs"): {"safety": 1.7, "justice": 1.6, "return_home": 1.4},
    ("setting", "rural", "needs"): {"health": 1.9, "return_home": 1.3},
    ("setting", "abroad", "needs"): {"return_home": 2},
    ("setting", "camp", "needs"): {"return_home": 3.5, "aid": 1.6},
    ("setting", "camp", "displacement"): {"host": 0.1, "internally_displaced": 3},
    ("setting", "abroad", "displacement"): {"host": 0.15, "refugee": 6},
    ("sex", "woman", "organisation_kind"): {"women_led": 1.6, "women_and_youth_led": 1.4},
    ("sex", "man", "organisation_kind"): {"women_led": 0.08, "women_and_youth_led": 0.3},
    ("sex", "mixed_group", "age_band"): {"mixed_group": 6},
    ("sex", "woman", "speaking_safety"): {"very_unsafe": 1.5, "safe": 0.7},
    ("sex", "woman", "tasks"): {"women_at_table": 1.5},
    ("sex", "man", "trust.listens_women"): {"agree": 1.5},
    ("setting", "rural", "mission_contact"): {"in_person": 0.4, "not_tried": 1.5},
    ("country", "AF", "trust.reaches_rural"): {"strongly_disagree": 1.4},
}

# Median and spread (of the logarithm) of a number, and what multiplies the median in a group.
NUMBERS: Mapping[str, tuple[float, float]] = {
    "clinic_hours": (1.5, 0.8),
    "girls_in_school": (3, 0.8),
}
NUMBER_SHIFTS: Mapping[tuple[str, str, str], float] = {
    ("setting", "rural", "clinic_hours"): 2.2,
    ("country", "AF", "girls_in_school"): 0.35,
    ("country", "CD", "girls_in_school"): 1.7,
}
# Days since a date, in the middle, and their spread.
DAYS_AGO = (120.0, 0.9)

# How many voices a place sends; 2 where nothing is said.
PLACES: Weights = {
    **{"AF": 6, "AF-KAB": 42, "AF-HER": 25, "AF-BAL": 22, "AF-NAN": 22, "AF-KAN": 17},
    **{"AF-BAM": 15, "AF-KDZ": 12, "AF-GHA": 12, "AF-BDS": 12, "AF-TAK": 8, "AF-PAR": 7},
    **{"AF-FYB": 6, "AF-HEL": 6, "AF-KHO": 6, "AF-DAY": 5, "AF-BGL": 5, "AF-LAG": 4},
    **{"CD": 4, "CD-NK": 40, "CD-SK": 30, "CD-IT": 22, "CD-KN": 20, "CD-TA": 12, "CD-MA": 6},
    **{"CD-KC": 4, "CD-HK": 5, "CD-TO": 4, "CD-LU": 3},
}
PLACE_WEIGHT = 1.5
REMOTE_CONGO_WEIGHT = 0.35

# The language people answer in, by country; Pashto comes first in some provinces.
LANGUAGES: Mapping[str, Weights] = {
    "AF": {"fa_AF": 58, "ps": 24, "en": 15, "fr": 3},
    "CD": {"fr": 86, "en": 14},
}
PASHTO_PLACES = frozenset(
    f"AF-{area}"
    for area in ("KAN", "HEL", "NAN", "KHO", "PIA", "PKA", "ZAB", "URU", "LAG", "KNR", "LOG", "WAR")
)
PASHTO_LANGUAGES: Weights = {"ps": 80, "fa_AF": 10, "en": 9, "fr": 1}

CHANNELS: Weights = {"web": 74, "facilitator": 15, "paper": 7, "import": 4}
BURST_SHARE = 0.06
USES: Weights = {"count": 34, "quote_anonymous": 50, "quote_attributed": 16}

MISSING = 0.15
EXCLUSIVE_SHARE = 0.02
PARTIAL_BALLOTS = 0.25
# Of all voices: those of groups that say how many took part.
GROUP_SHARE = 0.5
# How many of a multiple choice are ticked: one, two, three.
TICKS = (0.15, 0.3, 0.55)
# The larger, the closer the groups are to each other.
LIKENESS = 150.0
