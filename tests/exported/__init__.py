"""What ``bptt export`` writes."""
