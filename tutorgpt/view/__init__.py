"""Figures and printed samples for the chapters."""

from tutorgpt.view.compare import compare_runs
from tutorgpt.view.decoding import plot_choices, plot_trade_off
from tutorgpt.view.live import LiveCurve, train
from tutorgpt.view.losses import plot_history, plot_ladder
from tutorgpt.view.matrices import plot_matrices
from tutorgpt.view.records import read_record
from tutorgpt.view.samples import show_sample, show_side_by_side, show_text
from tutorgpt.view.scaling import (
    plot_parts,
    plot_readings,
    plot_seen_and_new,
    plot_spending,
    plot_whole_model,
)
from tutorgpt.view.single_head import (
    plot_attention,
    plot_by_head_size,
    plot_distances,
    plot_steps,
)
from tutorgpt.view.tables import show_numbers

__all__ = [
    "LiveCurve",
    "compare_runs",
    "plot_attention",
    "plot_by_head_size",
    "plot_choices",
    "plot_distances",
    "plot_history",
    "plot_ladder",
    "plot_matrices",
    "plot_parts",
    "plot_readings",
    "plot_seen_and_new",
    "plot_spending",
    "plot_steps",
    "plot_trade_off",
    "plot_whole_model",
    "read_record",
    "show_numbers",
    "show_sample",
    "show_side_by_side",
    "show_text",
    "train",
]
