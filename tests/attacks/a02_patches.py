"""Class 2: patching what judges, or what it is judged with."""

from tests.attacks.attack import Attack, Attacks

_LIAR = "def first_call(client, prompt):\n    return 'full marks'"

ATTACKS: Attacks = {
    "check replaced": Attack(before=("def check(name):\n    return 100",)),
    "check replaced in the course": Attack(
        before=(
            (
                "import grader.classroom.checking as c, grader.classroom as g\n"
                "c.check = g.check = lambda name: 100"
            ),
        )
    ),
    "the verdict replaced": Attack(
        _LIAR,
        before=(
            (
                "import grader.exams.verdict as v\n"
                "v.Verdict.points = property(lambda self: 100)\n"
                "v.outcome_of = lambda *a, **k: 'Correct'"
            ),
        ),
    ),
    "the exam replaced": Attack(
        _LIAR,
        before=(
            "import grader.exams.exam as e\ne.Exam.expect = lambda self, *a, **k: True",
            "import grader.exams as x\nx.examine = lambda *a, **k: None",
        ),
    ),
    "asserts and comparisons stripped": Attack(
        _LIAR,
        before=(
            (
                "import ast\n"
                "class Strip(ast.NodeTransformer):\n"
                "    def visit_Assert(self, node): return ast.Pass()\n"
                "    def visit_Compare(self, node): return ast.Constant(True)\n"
                "get_ipython().ast_transformers.append(Strip())"
            ),
        ),
    ),
    "what is typed replaced": Attack(
        _LIAR,
        before=(
            (
                "get_ipython().input_transformers_post.append(\n"
                "    lambda lines: ['100'] if any('sit' in line for line in lines) else lines)"
            ),
        ),
    ),
    "builtins replaced": Attack(
        _LIAR,
        before=(
            (
                "import builtins\n"
                "builtins.isinstance = lambda *a: True\n"
                "builtins.all = builtins.any = lambda *a: True"
            ),
        ),
    ),
    "the description of values replaced": Attack(
        _LIAR,
        before=("import grader.exams.runner as r\nr.describe = lambda value: {'$': 'right'}",),
        points=(0, 0),
    ),
    "a client that answers itself": Attack(
        """
import anthropic, httpx2

def first_call(client, prompt):
    answer = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m",
              "content": [{"type": "text", "text": "x"}], "stop_reason": "end_turn",
              "usage": {"input_tokens": 1, "output_tokens": 1}}
    own = anthropic.Anthropic(api_key="k", http_client=httpx2.Client(
        transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json=answer))))
    message = own.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                                  messages=[{"role": "user", "content": prompt}])
    return message.content[0].text
"""
    ),
    "the SDK replaced": Attack(
        _LIAR,
        before=(
            (
                "import sys, types\n"
                "fake = types.ModuleType('anthropic')\n"
                "fake.Anthropic = lambda **options: types.SimpleNamespace()\n"
                "sys.modules['anthropic'] = fake"
            ),
        ),
    ),
    "the transport replaced": Attack(
        _LIAR,
        before=(
            (
                "import httpx2\n"
                "httpx2.BaseTransport.handle_request = lambda self, request: httpx2.Response(200)\n"
                "httpx2.Client.send = lambda *a, **k: httpx2.Response(200)"
            ),
        ),
    ),
}
