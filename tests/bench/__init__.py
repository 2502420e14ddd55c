"""Measurements: what this project adds, beside what it is added to."""
