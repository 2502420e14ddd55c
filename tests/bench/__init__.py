"""Measurements in pairs: what this project adds, beside what it is added to."""
