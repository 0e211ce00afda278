"""An id of a question means the same in every version.

A record, in the file of the package or in a browser, keeps the chosen letter
or number by the question's id alone.
"""

from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters

USED = {
    "0.p1": "c",
    "0.p2": 1.6094,
    "0.q1": "a",
    "0.q2": 24,
    "0.q3": 0.8,
    "0.q4": 7,
    "0.q5": "b",
    "0.q6": 2000,
    "0.q7": "a",
    "1.p1": "b",
    "1.p2": 4.437,
    "1.q1": 1.3863,
    "1.q2": "c",
    "1.q3": 1024,
    "1.q4": "a",
    "1.q5": "d",
    "1.q6": 8.7239,
    "1.q7": "b",
    "2.p1": "a",
    "2.p2": 2.404,
    "2.q1": "b",
    "2.q2": 768,
    "2.q3": 0.2,
    "2.q4": "d",
    "2.q5": "a",
    "2.q6": "c",
    "2.q7": 3,
    "3.p1": 3072,
    "3.p2": 2.269,
    "3.q1": 4128,
    "3.q2": "c",
    "3.q3": "a",
    "3.q4": 8,
    "3.q5": "b",
    "3.q6": "d",
    "3.q7": 131072,
    "4.p1": "c",
    "4.p2": "a",
    "4.q1": 1024,
    "4.q2": 1056,
    "4.q3": "b",
    "4.q4": "d",
    "4.q5": "c",
    "4.q6": 0.6667,
    "4.q7": "a",
    "5.p1": "d",
    "5.p2": 1.97,
    "5.q1": -1.3416,
    "5.q2": "b",
    "5.q3": "c",
    "5.q4": "a",
    "5.q5": 448,
    "5.q6": 6,
    "5.q7": "d",
    "6.p1": "b",
    "6.p2": 1.971,
    "6.q1": 1.3333,
    "6.q2": 172.6,
    "6.q3": 8.6,
    "6.q4": "c",
    "6.q5": "a",
    "6.q6": "c",
    "6.q7": "b",
    "7.p1": 1.24,
    "7.p2": "c",
    "7.q1": 0.3611,
    "7.q2": 4,
    "7.q3": "b",
    "7.q4": "d",
    "7.q5": "a",
    "7.q6": "c",
    "7.q7": "a",
    "8.p1": "a",
    "8.p2": 496,
    "8.q1": 0.7311,
    "8.q2": 3,
    "8.q3": "b",
    "8.q4": "d",
    "8.q5": 262144,
    "8.q6": "c",
    "8.q7": "b",
    "9.p1": "c",
    "9.p2": "d",
    "9.q1": 22,
    "9.q2": 1,
    "9.q3": "c",
    "9.q4": "b",
    "9.q5": "d",
    "9.q6": 0.36,
    "9.q7": "c",
    "10.p1": "b",
    "10.p2": "c",
    "10.q1": 10,
    "10.q2": 13,
    "10.q3": "a",
    "10.q4": 2.164,
    "10.q5": "d",
    "10.q6": "c",
    "10.q7": "b",
    "11.p1": 1,
    "11.p2": "b",
    "11.q1": "b",
    "11.q2": "d",
    "11.q3": "a",
    "11.q4": 393216,
    "11.q5": 196736,
    "11.q6": 12544,
    "11.q7": "c",
    "12.p1": "c",
    "12.p2": "b",
    "12.q1": 352512,
    "12.q2": "b",
    "12.q3": 46080,
    "12.q4": "c",
    "12.q5": "b",
    "12.q6": 6144,
    "12.q7": "a",
}
"""Every id that was ever given out, with its right letter or number."""

REMOVED: set[str] = set()
"""Ids whose question is gone; they are never given out again."""

REMEDY = (
    "a removed question leaves a gap (put its id into REMOVED), and a new "
    "one, or one with other answers, gets the next id that its chapter has "
    "never used (add it to USED)"
)


def key(question):
    """The right letter of a choice, or the right number."""
    if question.kind == "number":
        return question.answer
    return next(c.letter for c in question.choices if c.right)


def test_an_id_means_what_it_always_meant():
    """Ids and keys are those of the table, less what was removed."""
    now = {q.id: key(q) for n in quiz_chapters() for q in load_quiz(n)}
    promised = {id: k for id, k in USED.items() if id not in REMOVED}

    assert now == promised, REMEDY
