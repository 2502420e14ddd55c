"""Keep a submission from everything that is not its own, as well as this machine can.

    level = probe()

`Level` names the levels, strongest first. `probe` finds out which of them hold by trying.
"""

from grader.grading.sandbox.command import ENVIRONMENT, command_for
from grader.grading.sandbox.level import Level, Limits, refuse_unsealed
from grader.grading.sandbox.probing import ProbedLevel, explain, probe
from grader.grading.sandbox.readable import import_path
from grader.grading.sandbox.sandbox import Sandbox, reserve, sandbox_of
from grader.grading.sandbox.scratch import temporary_folder

__all__ = [
    "ENVIRONMENT",
    "Level",
    "Limits",
    "ProbedLevel",
    "Sandbox",
    "command_for",
    "explain",
    "import_path",
    "probe",
    "refuse_unsealed",
    "reserve",
    "sandbox_of",
    "temporary_folder",
]
