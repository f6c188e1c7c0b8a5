"""Tasks: one file each, with the model, the data, the settings of the optimiser and what the task is for."""
