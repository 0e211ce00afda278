"""A number of an exercise means the same in every version.

A learner's record knows exercises by their numbers alone, so a number that
came to mean another exercise would call passed what was never tried.
"""

from tutorgpt.learn.exercises import EXERCISES

USED = {
    "0.1": "A slope for each weight",
    "0.2": "Away from the mean of the row",
    "0.3": "The more it learns, the worse it gets",
    "0.4": "A slope that forgets",
    "0.5": "Downhill, and up again",
    "0.6": "Handed on too early",
    "1.1": "Nats and bits",
    "1.2": "Count the pairs",
    "1.3": "The loss, from nothing",
    "1.4": "One more character of memory",
    "1.5": "What the bigram model learns",
    "1.6": "A model that learns nothing",
    "2.1": "Attention on paper",
    "2.2": "Who may look at whom",
    "2.3": "Attention from three matrices",
    "2.4": "A head that cannot tell then from long ago",
    "2.5": "Give the current character a way past the head",
    "2.6": "Too good to be true",
    "3.1": "The price of many heads",
    "3.2": "Split the channels into heads",
    "3.3": "Join the heads again",
    "3.4": "Heads have no order",
    "3.5": "Heads that never learn",
    "4.1": "The price of thinking",
    "4.2": "A bump from three neurons",
    "4.3": "Eight thousand parameters for nothing",
    "4.4": "Dead neurons",
    "4.5": "What a neuron votes for",
    "5.1": "LayerNorm by hand",
    "5.2": "Two parts on one path",
    "5.3": "What the plus sign is worth",
    "5.4": "Deeper and worse",
    "5.5": "Well, well, well, nan",
    "6.1": "The whole model on paper",
    "6.2": "What one step costs",
    "6.3": "Dropout by hand",
    "6.4": "Warm up, then cool down",
    "6.5": "Knowing a text by heart",
    "6.6": "An evaluation that will not hold still",
    "6.7": "Four for three",
    "7.1": "How far back a head looks",
    "7.2": "Where a copying head should look",
    "7.3": "What perfect copying costs",
    "7.4": "A head's mean instead of zero",
    "7.5": "When the answer settles",
    "8.1": "Half the temperature",
    "8.2": "A draw is a race",
    "8.3": "Exactly k",
    "8.4": "The fewest that reach p",
    "8.5": "How much of it is new",
    "8.6": "What remembering costs",
    "8.7": "Worse the longer it reads",
    "8.8": "Not twice",
    "9.1": "What a second reading costs",
    "9.2": "A lesson for the writer",
    "9.3": "Look across",
    "9.4": "Both towers in one row",
    "9.5": "One step of a beam",
    "9.6": "A fair comparison",
    "9.7": "Turn the clocks",
    "9.8": "Fluent, and about nothing",
    "10.1": "One character, one to four bytes",
    "10.2": "Counted twice, merged once",
    "10.3": "Undo the merges",
    "10.4": "Watch it shrink",
    "10.5": "In the order learned",
    "10.6": "Wait for the rest",
    "10.7": "Better than it can be",
    "10.8": "Poet or parrot",
    "11.1": "RMSNorm by hand",
    "11.2": "Turn the pairs",
    "11.3": "The same words, further on",
    "11.4": "Ahead of its twin",
    "11.5": "Plus or minus",
    "11.6": "Trained right, read wrong",
    "11.7": "Fewer heads, shorter sight",
    "11.8": "Luck among many",
    "12.1": "Eight in the middle",
    "12.2": "What the facts add up to",
    "12.3": "Worse at one width",
    "12.4": "Right for a pair or two",
    "12.5": "No loss shows it",
    "12.6": "Worse when it is read again",
    "12.7": "Where vectors are short",
    "12.8": "One matrix again",
}
"""Every number that was ever given out, with what it asks for."""

REMOVED: set[str] = set()
"""Numbers whose exercise is gone; they are never given out again."""

REMEDY = (
    "a removed exercise leaves a gap (put its number into REMOVED), a new or "
    "changed one gets the next number that its chapter has never used (add "
    "it to USED); only a better wording of a title is edited in place"
)


def test_a_number_means_what_it_always_meant():
    """Number and title are those of the table, less what was removed."""
    now = {number: asked.title for number, asked in EXERCISES.items()}
    promised = {n: title for n, title in USED.items() if n not in REMOVED}

    assert now == promised, REMEDY


def test_the_exercises_stand_in_the_order_of_the_book():
    """By chapter, and within a chapter by number."""
    places = [tuple(map(int, number.split("."))) for number in EXERCISES]

    assert places == sorted(places)
    assert [number.split(".")[0] for number in EXERCISES] == [
        str(asked.chapter) for asked in EXERCISES.values()
    ]
