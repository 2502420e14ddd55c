"""A course on Anthropic's Messages API that grades itself.

Learners import `grader.classroom`; everyone else runs the `grader` command.
"""
