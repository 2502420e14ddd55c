"""Mutation proof: change each solution in one place, and see that it loses points."""
