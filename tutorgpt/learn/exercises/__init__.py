"""All exercises, in the order of the book."""

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.exercises.bigram import (
    compute_the_loss,
    convert_nats_to_bits,
    count_bigram_parameters,
    count_pairs,
    count_triples,
    repair_the_step,
)
from tutorgpt.learn.exercises.decoding import (
    count_what_is_new,
    draw_by_a_race,
    forbid_repetition,
    halve_the_temperature,
    keep_the_fewest,
    keep_the_likeliest,
    price_the_cache,
    repair_the_reader,
)
from tutorgpt.learn.exercises.encoder_decoder import (
    compare_fairly,
    join_both_towers,
    look_across,
    prepare_a_lesson,
    price_a_second_reading,
    repair_the_decoder_layer,
    step_a_beam,
    turn_the_clocks,
)
from tutorgpt.learn.exercises.feed_forward import (
    build_a_bump,
    count_dead_neurons,
    count_feed_forward_parameters,
    rank_a_neurons_votes,
    repair_the_layer,
)
from tutorgpt.learn.exercises.gradients import (
    add_what_arrives,
    erase_the_slopes,
    nudge_each_weight,
    repair_the_sign,
    sort_the_tape,
    subtract_the_mean,
)
from tutorgpt.learn.exercises.looking_inside import (
    find_when_it_settles,
    find_where_to_copy,
    measure_looking_back,
    price_perfect_copying,
    replace_by_the_mean,
)
from tutorgpt.learn.exercises.modern import (
    correct_for_many,
    count_what_is_kept,
    normalise_by_length,
    repair_the_gate,
    repair_the_norm,
    repair_the_sharing,
    repair_the_turning,
    turn_the_pairs,
)
from tutorgpt.learn.exercises.multi_head import (
    count_multi_head_parameters,
    join_the_heads,
    rearrange_the_heads,
    repair_the_heads,
    split_into_heads,
)
from tutorgpt.learn.exercises.pretrained import (
    repair_the_bend,
    repair_the_epsilon,
    repair_the_tie,
)
from tutorgpt.learn.exercises.residual_norm import (
    compare_the_gradients,
    norm_by_hand,
    repair_the_block,
    repair_the_loss,
    write_a_block,
)
from tutorgpt.learn.exercises.scaling import (
    count_gpt_parameters,
    count_operations,
    count_readings,
    drop_by_hand,
    repair_the_evaluation,
    repair_the_shape,
    warm_up_and_cool_down,
)
from tutorgpt.learn.exercises.single_head import (
    attend_on_paper,
    attend_with_matrices,
    mask_the_future,
    pass_the_head,
    repair_the_head,
    repair_the_places,
)
from tutorgpt.learn.exercises.tokens import (
    encode_in_order,
    find_the_longest_copy,
    price_a_merge,
    repair_the_ruler,
    spell_a_character,
    undo_the_merges,
    wait_for_the_rest,
    watch_it_shrink,
)

EXERCISES: dict[str, Exercise] = {
    asked.EXERCISE.number: asked.EXERCISE
    for asked in (
        nudge_each_weight,
        subtract_the_mean,
        repair_the_sign,
        add_what_arrives,
        erase_the_slopes,
        sort_the_tape,
        convert_nats_to_bits,
        count_pairs,
        compute_the_loss,
        count_triples,
        count_bigram_parameters,
        repair_the_step,
        attend_on_paper,
        mask_the_future,
        attend_with_matrices,
        repair_the_places,
        pass_the_head,
        repair_the_head,
        count_multi_head_parameters,
        split_into_heads,
        join_the_heads,
        rearrange_the_heads,
        repair_the_heads,
        count_feed_forward_parameters,
        build_a_bump,
        repair_the_layer,
        count_dead_neurons,
        rank_a_neurons_votes,
        norm_by_hand,
        write_a_block,
        compare_the_gradients,
        repair_the_block,
        repair_the_loss,
        count_gpt_parameters,
        count_operations,
        drop_by_hand,
        warm_up_and_cool_down,
        count_readings,
        repair_the_evaluation,
        repair_the_shape,
        measure_looking_back,
        find_where_to_copy,
        price_perfect_copying,
        replace_by_the_mean,
        find_when_it_settles,
        halve_the_temperature,
        draw_by_a_race,
        keep_the_likeliest,
        keep_the_fewest,
        count_what_is_new,
        price_the_cache,
        repair_the_reader,
        forbid_repetition,
        price_a_second_reading,
        prepare_a_lesson,
        look_across,
        join_both_towers,
        step_a_beam,
        compare_fairly,
        turn_the_clocks,
        repair_the_decoder_layer,
        spell_a_character,
        price_a_merge,
        undo_the_merges,
        watch_it_shrink,
        encode_in_order,
        wait_for_the_rest,
        repair_the_ruler,
        find_the_longest_copy,
        normalise_by_length,
        turn_the_pairs,
        repair_the_turning,
        repair_the_norm,
        repair_the_gate,
        repair_the_sharing,
        count_what_is_kept,
        correct_for_many,
        repair_the_bend,
        repair_the_tie,
        repair_the_epsilon,
    )
}
"""Number -> exercise. A number never changes its meaning."""


def exercise(number: object) -> Exercise:
    """The exercise of this number, "2.2" or 2.2.

    Raises RefusalError, a ValueError, that names the ones there are.
    """
    asked = str(number).strip().replace(",", ".")
    if asked in EXERCISES:
        return EXERCISES[asked]
    chapter = asked.split(".")[0]
    mine = [n for n in EXERCISES if n.split(".")[0] == chapter]
    if mine:
        there = f"chapter {chapter} has {', '.join(mine)}"
    else:
        there = "choose one of " + ", ".join(EXERCISES)
    raise RefusalError(f"there is no exercise {number!r}: {there}")
