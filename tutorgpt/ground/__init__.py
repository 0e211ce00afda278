"""What every room stands on, and nothing of the package stands below."""
