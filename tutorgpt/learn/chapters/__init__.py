"""All exercises, in the order of the book."""

from tutorgpt.learn.chapters import (
    beams,
    beams_fair,
    bigram_counts,
    bigram_model,
    block,
    block_bugs,
    choosing,
    choosing_k,
    choosing_p,
    clocks,
    costs,
    gpt_bugs,
    head_attend,
    head_models,
    heads,
    heads_order,
    inside,
    inside_parts,
    neurons,
    neurons_votes,
    norm,
    remembering,
    schedule,
    towers,
    towers_look,
    towers_row,
    unread,
    writing,
)
from tutorgpt.learn.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.number: exercise
    for exercise in (
        bigram_counts.BITS,
        bigram_counts.PAIRS,
        bigram_counts.LOSS,
        bigram_model.TRIPLES,
        bigram_model.PARAMETERS,
        bigram_model.STUCK,
        head_attend.PAPER,
        head_attend.MASK,
        head_attend.ATTEND,
        head_models.PLACES,
        head_models.PAST_THE_HEAD,
        head_models.FUTURE,
        heads.COUNT,
        heads.SPLIT,
        heads.JOIN,
        heads_order.EXCHANGE,
        heads_order.FROZEN,
        neurons.COUNT,
        neurons.BUMP,
        neurons.NO_BEND,
        neurons_votes.DEAD,
        neurons_votes.VOTES,
        norm.NORM,
        block.BLOCK,
        block.PATH,
        block_bugs.FORGETS,
        block_bugs.NAN,
        costs.PARAMETERS,
        costs.FLOPS,
        schedule.DROP,
        schedule.COSINE,
        costs.READING,
        gpt_bugs.RESTLESS,
        gpt_bugs.EXCHANGED,
        inside.LOOK_BACK,
        inside.WHERE,
        inside.COPYING,
        inside_parts.MEAN,
        inside_parts.SETTLED,
        choosing.ODDS,
        choosing.RACE,
        choosing_k.KEEP_K,
        choosing_p.NUCLEUS,
        writing.DISTINCT,
        writing.BYTES,
        remembering.GROWTH,
        remembering.CLOSED,
        towers.READING,
        towers.LESSON,
        towers_look.ACROSS,
        towers_row.ONE_ROW,
        beams.STEP,
        beams_fair.FAIR,
        clocks.TURN,
        unread.UNREAD,
    )
}


def exercise(number: str) -> Exercise:
    """The exercise of this number; ValueError names the ones there are."""
    known = EXERCISES.get(str(number))
    if known is None:
        raise ValueError(
            f"there is no exercise {number!r}: choose one of "
            f"{', '.join(EXERCISES)}"
        )
    return known
