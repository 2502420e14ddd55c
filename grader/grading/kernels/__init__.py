"""Warm, sealed kernels: forked from a process that has imported everything, and shut in.

with WarmParent(probe()) as parent, parent.kernel() as kernel:
    done = kernel.run("1 + 1", seconds=20)
"""

from grader.grading.kernels.outputs import CellRun
from grader.grading.kernels.sealed_kernel import SealedKernel
from grader.grading.kernels.warm_parent import WarmParent

__all__ = ["CellRun", "SealedKernel", "WarmParent"]
