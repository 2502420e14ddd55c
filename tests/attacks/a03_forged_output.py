"""Class 3: output that looks like a score, a panel, or a line of the journal."""

from tests.attacks.attack import Attack, Attacks

ATTACKS: Attacks = {
    "printed scores": Attack(before=("print(4)\nprint('first_call 4 of 4')\n4",)),
    "a displayed result": Attack(
        before=(
            (
                "from IPython.display import display, publish_display_data\n"
                "publish_display_data({'text/plain': '4', 'text/html': '<b>● Correct</b>'})"
            ),
        )
    ),
    "a result from a hook": Attack(
        before=(
            (
                "import sys\n"
                "get_ipython().displayhook.write_format_data = lambda *a, **k: None\n"
                "get_ipython().events.register('post_run_cell', lambda result: print(100))"
            ),
        )
    ),
    "an updated display": Attack(
        before=(
            (
                "from IPython.display import display, update_display, HTML\n"
                "display(HTML('x'), display_id='d')\n"
                "update_display(HTML('<div class=\"grader-verdict\">4 of 4</div>'), display_id='d')"
            ),
        )
    ),
    "a line of the journal": Attack(
        before=(
            (
                "import sys\n"
                'line = \'{"key":"k","result":{"points":7},"written":"k"}\'\n'
                "print(line); print(line, file=sys.stderr); print(line, file=sys.__stdout__)"
            ),
        )
    ),
    "messages of the kernel itself": Attack(
        before=(
            (
                "shell = get_ipython().kernel\n"
                "shell.session.send(shell.iopub_socket, 'execute_result', {'data': {'text/plain': '4'},"
                " 'metadata': {}, 'execution_count': 1}, parent={'header': {}})"
            ),
        )
    ),
    "printed in the call": Attack(
        "def first_call(client, prompt):\n    print('4')\n    print('{\"outcome\": \"returned\"}')"
    ),
}
