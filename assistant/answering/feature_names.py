"""The features that the judge decides by, by name and in their order, and which of them speak for a candidate or against it."""

from __future__ import annotations

FACT_FEATURES = (
    "subject",  # share of the question's content that the figure's own words hold
    "clause",  # … that its clause holds
    "sentence",  # … that its sentence holds
    "context",  # … with headings and the paragraph's opening
    "missing",  # weight of the heaviest word that nothing there stands for
    "absent",  # share of the question's content that no passage found has
    "asked",  # share of the figure's own words that the question has
    "indicator",  # 1 the indicator asked, -1 another, 0 none asked
    "period",  # 1 the very time, less for one that holds it, -1 another
    "role",  # how sure the question asks for the figure's role, -1 to 1
    "measure",  # how likely it asks for this kind of number
    "unit",  # 1 a unit it may come in, -1 another, 0 any
    "elsewhere",  # 1 a figure of another place
    "rank",  # 1 for the passage found first, less for later ones
    "dense",  # cosine of the passage below the best one's
    "summed",  # 1 an average or a sum over years
    "in all",  # 1 a total where a total is asked for, or what was added where that is; -1 the other
    "newest",  # 1 for the newest report in scope
    "question",  # weight of the question's content: how much there is to fit
    "section",  # 1 in a part of the report that is asked for (problems, terms), -1 in such a part that is not
    "taken",  # weight of the heaviest word that another figure of the sentence is of, and this one is not
    "own cosine",  # of the question and the figure's own words
    "own cosine, below",  # … below the best candidate's
    "clause cosine",
    "clause cosine, below",
)
SENTENCE_FEATURES = (
    "sentence",
    "context",
    "heading",  # share of the question's content that the innermost heading holds
    "missing",
    "absent",
    "period",
    "role",
    "rank",
    "dense",
    "phrases",  # neighbouring words of the question that are neighbours here too
    "length",  # characters, by 100
    "series",  # marks of a series, for lists
    "numbers",  # 1 where a figure stands in it
    "newest",
    "question",
    "names",  # how likely names are asked for
    "text",  # how likely words are asked for
    "clause",  # share of the question's content that the best clause holds
    "row",  # names in a row in that clause, or in what it leads in
    "counted",  # share of the question's content that is a thing which the sentence counts
    "named",  # how many of those things it names beside their number
    "by name",  # 1 where the wording asks for names: 分别叫什么
    "kind",  # 1 where it has what is asked for (a date, a rank, a reason), -1 where it lacks that, 0 where anything will do
    "numbers asked",  # 1 where the question's own numbers stand in it, -1 where one does not, 0 where it has none
    "section",
    "cosine",  # of the question and the sentence
    "cosine, below",
)
_SLOTS = ("indicator", "period", "role", "measure", "unit")
FOR = ("subject", "clause", "sentence", "context", "asked", *_SLOTS, "rank", "section")
AGAINST = ("missing", "elsewhere", "taken")  # what holds for all candidates alike is in neither
INCREASING = frozenset(
    {*FOR, "dense", "heading", "phrases", "newest", "in all", "named", "kind", "cosine", "cosine, below"}
    | {"numbers asked", "own cosine", "own cosine, below", "clause cosine", "clause cosine, below"}
)
DECREASING = frozenset({*AGAINST, "absent"})
"""Features that can only speak for a candidate, and only against it: no accident of the training data turns them round."""
