"""Training with every strategy side by side: what truncation does to learning."""
