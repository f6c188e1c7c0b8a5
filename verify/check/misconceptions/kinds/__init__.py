"""Misconceptions, one idea a file: ``TEXTS`` of each are ``verify.check.misconceptions.text.Text``."""
