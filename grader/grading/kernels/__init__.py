"""Warm, sealed kernels: forked from a parent that has imported everything, inside a sandbox.

    with WarmParent(probe()) as warm, warm.kernel() as kernel:
        kernel.run("1 + 1", seconds=5).outputs

`fork_server` is the warm parent's process, `keeper` stands between it and each kernel,
`kernel_process` is the kernel; `warm_parent` and `sealed_kernel` are the graders' side of them.
"""

from grader.grading.kernels.sealed_kernel import CellRun, SealedKernel
from grader.grading.kernels.warm_parent import WarmParent

__all__ = ["CellRun", "SealedKernel", "WarmParent"]
