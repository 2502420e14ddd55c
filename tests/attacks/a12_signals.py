"""Class 12: signals, other processes, and the kernel's own channels."""

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_CALL = "def first_call(client, prompt):\n"

ATTACKS: Attacks = {
    "kill the parent": Attack(
        RIGHT_CALL, before=("import os\nos.kill(os.getppid(), 9)",), points=(ALL, 3)
    ),
    "kill everything": Attack(RIGHT_CALL, before=("import os\nos.kill(-1, 9)",), points=(ALL, 3)),
    "kill a bystander": Attack(
        RIGHT_CALL, before=("import os\nos.kill(BYSTANDER, 9)",), points=(ALL, 3)
    ),
    "trace a bystander": Attack(
        RIGHT_CALL,
        before=(
            (
                "import ctypes\nlibc = ctypes.CDLL(None)\n"
                "assert libc.ptrace(16, BYSTANDER, 0, 0) == 0, 'refused'"
            ),
        ),
        points=(ALL, 3),
    ),
    "become somebody else": Attack(
        f"import os\nos.setuid(0); os.chroot('/')\n{RIGHT_CALL}",
    ),
    "mount": Attack(
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "assert libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0, 'refused'\n"
        f"{RIGHT_CALL}",
    ),
    "a namespace of its own": Attack(
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "assert libc.unshare(0x10000000) == 0, 'refused'\n"
        f"{RIGHT_CALL}",
    ),
    "talk to its own shell channel": Attack(
        before=(
            (
                "import json, zmq, glob\n"
                "connection = json.load(open(get_ipython().kernel.parent.connection_file))\n"
                "socket = zmq.Context().socket(zmq.DEALER)\n"
                "socket.connect(f\"ipc://{connection['ip']}-{connection['shell_port']}\")\n"
                "socket.send_multipart([b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'])"
            ),
        )
    ),
    "forge a reply on the shell channel": Attack(
        f"{_CALL}"
        "    kernel = get_ipython().kernel\n"
        "    kernel.session.send(kernel.shell_stream or kernel.iopub_socket, 'execute_reply',\n"
        "        {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}},\n"
        "        parent=kernel.get_parent())\n"
        "    return 'full marks'"
    ),
}
"""BYSTANDER is put in by the test: the number of a process that has to go on living."""
