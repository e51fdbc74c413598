"""The voices that the written briefing quotes: the first lines of every demonstration.

A briefing names them by their place in this list; their translations stand in `briefing.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """Who speaks, and the words that are quoted, each under the question it answers."""

    language: str
    use: str
    profile: Mapping[str, str]
    words: Mapping[str, str]
    addressee: str | None = None
    organisation: str | None = None


def _profile(
    sex: str,
    age_band: str,
    place: str,
    setting: str,
    organisation_kind: str,
    displacement: str = "host",
) -> Mapping[str, str]:
    return {
        "sex": sex,
        "age_band": age_band,
        "place": place,
        "setting": setting,
        "organisation_kind": organisation_kind,
        "displacement": displacement,
    }


VOICES = (
    Voice(
        language="ps",
        use="quote_anonymous",
        profile=_profile("woman", "30_44", "AF-KAN", "urban", "women_led"),
        words={
            "needs_words": "زموږ لوڼې په کورونو کې په پټه لوست وايي. "
            "که ښوونځي پرانیستل شي، لومړی به یې وېره ورکه شي."
        },
    ),
    Voice(
        language="fa_AF",
        use="quote_anonymous",
        profile=_profile("woman", "18_29", "AF-BAM", "rural", "women_and_youth_led"),
        words={
            "needs_words": "کلینیک سیار از بهار به این سو به قریهٔ ما نیامده است. "
            "اگر بیاید، زنان حامله دیگر شب در راه نمی‌مانند."
        },
    ),
    Voice(
        language="fr",
        use="quote_anonymous",
        profile=_profile("woman", "30_44", "CD-NK", "camp", "women_led", "internally_displaced"),
        words={
            "needs_words": "Les enfants nés dans le camp n’ont pas d’acte de naissance. "
            "Avec un papier, ma fille pourrait passer l’examen."
        },
    ),
    Voice(
        language="fr",
        use="quote_anonymous",
        profile=_profile("man", "45_59", "CD-SK", "rural", "other"),
        words={
            "recommendation": "La radio communautaire doit expliquer le mandat en swahili. "
            "Aujourd’hui, personne ici ne sait ce que la mission a le droit de faire."
        },
        addressee="un_missions",
    ),
    Voice(
        language="en",
        use="quote_anonymous",
        profile=_profile("woman", "18_29", "AF-KAB", "urban", "youth_led"),
        words={
            "recommendation": "Women-led groups should brief the Security Council before the "
            "mandate is renewed, and in a closed meeting when that is safer for them."
        },
        addressee="member_states",
    ),
    Voice(
        language="ps",
        use="quote_anonymous",
        profile=_profile("man", "45_59", "AF-NAN", "rural", "none"),
        words={
            "needs_words": "د کلي مشرانو او ځوانو ښځو د اوبو شخړه په ګډه حل کړه. "
            "نور کلي هم دا کار کولی شي، خو د سفر او غونډو پیسې نه لري."
        },
    ),
    Voice(
        language="fa_AF",
        use="quote_attributed",
        profile=_profile("woman", "45_59", "AF-HER", "urban", "women_led"),
        words={"mandate_words": "محافظت از زنانی که با مأموریت صحبت می‌کنند باید وظیفهٔ آن باشد."},
        organisation="شبکهٔ نمونهٔ زنان",
    ),
    Voice(
        language="fr",
        use="quote_anonymous",
        profile=_profile("mixed_group", "mixed_group", "CD-IT", "rural", "women_and_youth_led"),
        words={
            "recommendation": "Donnez aux petits groupes de femmes et de jeunes un financement "
            "de plus d’un an. En trois mois, on ne réconcilie pas deux villages."
        },
        addressee="donors",
    ),
)
