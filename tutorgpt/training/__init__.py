"""Training: `loop.train` makes a run of what `steps.training_steps` yields."""
