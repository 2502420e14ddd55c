"""Read the little that the improviser needs of what people write: words, and what they mention.

There is no grammar here: words have roots and meanings (`words.toml`), and a text mentions
numbers, dates, identifiers and names, each found by its form.
"""

from grader.simulator.replies.language.arithmetic import OPERATIONS, Step, steps, sums
from grader.simulator.replies.language.dates import dates, moments, relative_days, times
from grader.simulator.replies.language.marks import (
    codes,
    compounds,
    emails,
    identifiers,
    paths,
    phones,
    quoted,
    streets,
    symbols,
    tags,
    urls,
)
from grader.simulator.replies.language.mention import MAX_TEXT, Mention, Mentions, apart
from grader.simulator.replies.language.names import (
    after,
    names,
    objects,
    starts_sentence,
    things,
)
from grader.simulator.replies.language.numbers import currencies, numbers
from grader.simulator.replies.language.words import (
    is_clear,
    is_filler,
    is_known,
    is_plain,
    is_unit,
    kind_of,
    means,
    places_in,
    places_of,
    root,
    words_of_name,
    words_of_text,
    written_by,
)

__all__ = [
    "MAX_TEXT",
    "OPERATIONS",
    "Mention",
    "Mentions",
    "Step",
    "after",
    "apart",
    "codes",
    "compounds",
    "currencies",
    "dates",
    "emails",
    "identifiers",
    "is_clear",
    "is_filler",
    "is_known",
    "is_plain",
    "is_unit",
    "kind_of",
    "means",
    "moments",
    "names",
    "numbers",
    "objects",
    "paths",
    "phones",
    "places_in",
    "places_of",
    "quoted",
    "relative_days",
    "root",
    "starts_sentence",
    "steps",
    "streets",
    "sums",
    "symbols",
    "tags",
    "things",
    "times",
    "urls",
    "words_of_name",
    "words_of_text",
    "written_by",
]
