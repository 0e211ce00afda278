"""Speed and memory beside named peers; quality for the same seconds."""
