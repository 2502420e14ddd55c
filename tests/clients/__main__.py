"""Try real clients with every active model: `python -m tests.clients [CLIENT …]`.

Each is installed in an environment of its own below .venv/clients, or below the folder that the
variable CLIENTS names, and runs against `grader serve`; no other machine is reached. At the end
comes a table of clients and features. The exit code is 1 if the simulator is at fault anywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader.catalog import active_models
from tests.clients.environments import install
from tests.clients.running import run
from tests.clients.table import Client, Outcome, judge, read_table, render
from tests.serving import serving

FOLDER = Path(__file__).parents[2] / ".venv" / "clients"
AT_ONCE = 2


def main(names: list[str]) -> int:
    """Install and try the clients of these names, all without any; return the exit code."""
    clients, theirs = read_table()
    unknown = {*names} - {client.name for client in clients}
    if unknown:
        known = ", ".join(client.name for client in clients)
        print(f"No client is named {', '.join(sorted(unknown))}; there are {known}.")
        return 2
    chosen = [client for client in clients if client.name in names or not names]
    folder = Path(os.environ.get("CLIENTS") or FOLDER)
    places = {}
    for client in chosen:
        try:
            places[client.name] = install(client, folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{client.name} could not be installed: {error}")
            return 1
    models = active_models()
    with serving() as server, ThreadPoolExecutor(AT_ONCE) as pool:

        def tried(client: Client) -> list[Outcome]:
            outcomes = run(client, places[client.name], server.address, models)
            good = sum(not outcome.problem for outcome in outcomes)
            print(f"{client.name}: {good} of {len(outcomes)} tries", flush=True)
            return outcomes

        outcomes = [outcome for each in pool.map(tried, chosen) for outcome in each]
    judged = judge(outcomes, theirs)
    print(*render(judged), sep="\n")
    return int(not judged or any(each.verdict == "OURS" for each in judged))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
