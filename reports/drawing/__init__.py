"""Charts drawn by Matplotlib: a function for each kind of chart, joined by `reports.drawing.painting`."""
