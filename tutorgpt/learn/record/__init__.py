"""What a learner has tried, passed and answered, kept on this machine."""
