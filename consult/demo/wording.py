"""Made-up texts: sentences of a sample, with words dropped and inserted, as phones would type them.

Some hold details that could identify a person, all of them invented, so that the check before a
quote has something to find.
"""

import csv
import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

Samples: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]

# What a need or a task is about, by the key of the choice.
TOPICS: Mapping[str, str] = {
    "schools": "education",
    "health": "aid",
    "safety": "protection",
    "income": "livelihoods",
    "aid": "aid",
    "justice": "justice",
    "return_home": "displacement",
}
INSERTED: Mapping[str, Sequence[str]] = {
    "en": ("really", "still", "always", "here"),
    "fr": ("vraiment", "encore", "toujours", "ici"),
    "fa_AF": ("واقعاً", "هنوز", "همیشه", "اینجا"),
    "ps": ("رښتیا", "اوس", "تل", "دلته"),
}
OTHER_NEEDS: Mapping[str, Sequence[str]] = {
    "en": ("Clean water", "A road that is open in winter", "Help against drought"),
    "fr": ("De l’eau propre", "Une route praticable en saison des pluies", "La réparation du pont"),
    "fa_AF": ("آب پاک", "سرکی که در زمستان باز باشد", "کمک در برابر خشکسالی"),
    "ps": ("پاکې اوبه", "هغه لاره چې په ژمي کې خلاصه وي", "د وچکالۍ پر وړاندې مرسته"),
}
# Nobody has these names, numbers and addresses.
IDENTIFYING: Mapping[str, Sequence[str]] = {
    "en": (
        "My name is Jane Example.",
        "Call me on +93 70 012 3456.",
        "Write to voice@example.org.",
    ),
    "fr": ("Je m’appelle Jeanne Exemple.", "Appelez Mme Exemple au +243 81 012 3456."),
    "fa_AF": ("نام من نمونه گل است.", "با خانم نمونه به شمارهٔ ۰۷۰۰۱۲۳۴۵۶ تماس بگیرید."),
    "ps": ("زما نوم بېلګه ګل دی.", "له حاجي بېلګه سره په ۰۷۰۰۱۲۳۴۵۶ خبرې وکړئ."),
}
ORGANISATIONS: Mapping[str, Sequence[str]] = {
    "en": ("Example Women’s Network", "Example Youth Circle", "Example Peace House"),
    "fr": ("Réseau Exemple des femmes", "Cercle Exemple des jeunes", "Maison Exemple de la paix"),
    "fa_AF": ("شبکهٔ نمونهٔ زنان", "حلقهٔ نمونهٔ جوانان", "خانهٔ نمونهٔ صلح"),
    "ps": ("د ښځو د بېلګې شبکه", "د ځوانانو د بېلګې کړۍ", "د سولې د بېلګې کور"),
}

DROPPED = 0.12
ADDED = 0.1
RETYPED = 0.15
IDENTIFIED = 0.04
ZWNJ = "\u200c"
ARABIC_KEYBOARD = str.maketrans("یک", "يك")
NO_PASHTO_KEYBOARD = str.maketrans("ټځڅډړږښګڼېۍ", "تزسدرژشگنیی")


def samples() -> Samples:
    """Give the sample sentences that come with the program: language, then topic."""
    text = files("consult.demo").joinpath("data/sample_texts.tsv").read_text("utf-8")
    found: dict[str, dict[str, list[str]]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        found.setdefault(row["lang"], {}).setdefault(row["topic"], []).append(row["text"])
    return found


@dataclass
class Writer:
    """Writes the texts of one voice after another."""

    samples: Samples
    rng: random.Random

    def text(self, language: str, topics: Sequence[str], *, longest: int, sentences: int) -> str:
        """Write so many sentences on these topics, as far as they are there and fit; never none."""
        known = self.samples[language]
        about = [topic for topic in dict.fromkeys(topics) if topic in known] or list(known)
        pool = [sentence for topic in about for sentence in known[topic]]
        said = [
            self._changed(language, sentence)
            for sentence in self.rng.sample(pool, min(sentences, len(pool)))
        ]
        if sentences > 1 and self.rng.random() < IDENTIFIED:
            said.append(self.rng.choice(IDENTIFYING[language]))
        written = self._typed(language, " ".join(said))
        return written if len(written) <= longest else self._cut(written, longest)

    def other(self, language: str) -> str:
        """Write what stands beside `other`."""
        return self.rng.choice(OTHER_NEEDS[language])

    def organisation(self, language: str) -> str:
        """Name an organisation that does not exist."""
        return self.rng.choice(ORGANISATIONS[language])

    def _changed(self, language: str, sentence: str) -> str:
        """Drop a word or insert one, now and then."""
        words = sentence.split(" ")
        if len(words) > 4 and self.rng.random() < DROPPED:
            del words[self.rng.randrange(1, len(words) - 1)]
        if len(words) > 2 and self.rng.random() < ADDED:
            words.insert(self.rng.randrange(1, len(words)), self.rng.choice(INSERTED[language]))
        return " ".join(words)

    def _typed(self, language: str, text: str) -> str:
        """Type it on the keyboard that is at hand."""
        if self.rng.random() >= RETYPED:
            return text
        if language == "ps" and self.rng.random() < 0.5:
            return text.translate(NO_PASHTO_KEYBOARD)
        if language in ("fa_AF", "ps"):
            gap = self.rng.choice(("", " "))
            return text.replace(ZWNJ, gap).translate(ARABIC_KEYBOARD)
        bare = unicodedata.normalize("NFD", text)
        return "".join(c for c in bare if not unicodedata.combining(c)).lower()

    @staticmethod
    def _cut(text: str, longest: int) -> str:
        return text[:longest].rsplit(" ", 1)[0] if " " in text[:longest] else text[:longest]
