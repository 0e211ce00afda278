"""What makes a step fast: the same mathematics in forms that cost less."""
