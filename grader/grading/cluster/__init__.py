"""Grade on other machines too, by a Dask cluster: `grader grade --cluster ADDRESS`.

The way is that of the local crew. Here, `client` reads submissions, `flow` hands them to the
cluster in chunks, and one writer and one journal keep what comes back. There, `station` has a crew
of its own on each worker, and lets no worker take part whose course or version differs. `address`
reads what `--cluster` names, and `lab` starts a cluster where there is none.

Submissions and answers are JSON in a str, written and read by us; nothing that a submission says is
ever unpickled.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.cluster.address import Address, read_address
    from grader.grading.cluster.client import Cluster
    from grader.grading.cluster.lab import join_cluster, serve_cluster

__all__ = ["Address", "Cluster", "join_cluster", "read_address", "serve_cluster"]

__getattr__ = loader(__name__)
