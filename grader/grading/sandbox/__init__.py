"""Sealing a process off from this machine, and finding out how well that can be done here.

`level` names the levels and the limits, `probing` finds the strongest one, `namespaces`,
`landlock` and `seccomp` are what they are made of, and `sealing` puts them on a process.
"""

from grader.grading.sandbox.level import Level, Limits
from grader.grading.sandbox.probing import explain, objection_to, probe

__all__ = ["Level", "Limits", "explain", "objection_to", "probe"]
