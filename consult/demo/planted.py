"""What is hidden in the made-up voices on purpose, so that a figure can be held against it.

Tests read `PLANTED` and look for the same truths in what a user sees.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """The truths (ANALYSIS section 11) and where they lie; the rest is chance.

    They are planted from `least` submissions on; the withdrawn voice always is.
    """

    least: int = 100

    # Women choose it more often than men, by this much of all who answered.
    gap_question: str = "needs"
    gap_choice: str = "schools"
    gap: float = 0.15
    gap_women: float = 0.6

    # Nobody in rural areas answers this.
    silent_question: str = "speaking_safety"
    silent_setting: str = "rural"

    # One place has few voices and another none; they must look alike.
    thin_place: str = "AF-NUR"
    thin_place_voices: int = 3
    empty_place: str = "AF-PKA"

    # A row of seven: four women, and the three men who are the rest of it.
    split_question: str = "mission_contact"
    split_choice: str = "letter"
    split_women: int = 4
    split_men: int = 3

    # A group so small that hiding it alone would give it away.
    small_sex: str = "another"
    small_sex_voices: int = 2

    # A choice that few took, in a question whose rows add up.
    thin_row_question: str = "speaking_safety"
    thin_row_choice: str = "very_safe"
    thin_row_voices: int = 3

    # A filter that leaves few.
    filter_age: str = "under_18"
    filter_age_voices: int = 4

    # One people table brings nearly all of a cell; others bring a few.
    people_cell: str = "men_60_plus"
    people_large: int = 240
    people_others: int = 8

    # The withdrawn voice: the only one from the empty place, with words that nobody else uses.
    withdrawn_words: str = "Withdrawn: these words may stand nowhere."

    @property
    def reserved(self) -> frozenset[tuple[str, str]]:
        """The (question, choice) pairs that nobody takes by chance."""
        return frozenset(
            {
                ("place", self.thin_place),
                ("place", self.empty_place),
                (self.split_question, self.split_choice),
                ("sex", self.small_sex),
                (self.thin_row_question, self.thin_row_choice),
                ("age_band", self.filter_age),
            }
        )


PLANTED = Planted()
