"""The profile: the questions by which figures are broken down, asked the same way everywhere.

Facets are ordinary questions whose keys are these names. A consultation may leave one out, offer
fewer of its choices or ask it of groups only; it never renames one.
"""

UNDISCLOSED = "undisclosed"
PLACE = "place"
PEOPLE = "people"

FACETS: dict[str, tuple[str, ...]] = {
    "sex": ("woman", "man", "another", "mixed_group", UNDISCLOSED),
    "age_band": ("under_18", "18_29", "30_44", "45_59", "60_plus", "mixed_group", UNDISCLOSED),
    PLACE: (),  # its choices are the places of `places.py`, counted at the ISO 3166-2 level
    "setting": ("rural", "urban", "camp", "abroad", UNDISCLOSED),
    "organisation_kind": ("women_led", "youth_led", "women_and_youth_led", "other", "none"),
    "displacement": (
        *("host", "internally_displaced", "refugee", "returnee"),
        *("mixed_group", UNDISCLOSED),
    ),
    "disability": ("yes", "no", UNDISCLOSED),
    "minority": ("yes", "no", UNDISCLOSED),
    "scale_of_work": ("local", "provincial", "national", "regional_or_exile"),
}


def is_facet(key: str) -> bool:
    """Say whether figures may be broken down by the question with this key."""
    return key in FACETS
