"""The numeric core: strategies, tracks, lags, moments, bounds and costs."""
