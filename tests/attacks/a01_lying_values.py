"""Class 1: values that lie about what they are."""

from tests.attacks.attack import ALL, Attack, Attacks

_ASKS = """
def asked(client, prompt):
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=99, messages=[{"role": "user", "content": prompt}]
    )
    return "".join(block.text for block in message.content if block.type == "text")
"""


def _returns(value: str, classes: str = "") -> str:
    return f"{_ASKS}\n{classes}\ndef first_call(client, prompt):\n    asked(client, prompt)\n    return {value}\n"


ATTACKS: Attacks = {
    "equal to everything": Attack(
        _returns(
            "Equal()",
            "class Equal:\n    def __eq__(self, other): return True\n    __hash__ = None\n",
        ),
        points=(2, 3),
    ),
    "a str that is equal to everything": Attack(
        _returns(
            "Text('x')",
            "class Text(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return 1",
        ),
        points=(2, 3),
    ),
    "a right text in a subclass with a hostile repr": Attack(
        _returns(
            "Text(asked(client, prompt))",
            "class Text(str):\n    def __repr__(self): raise SystemExit\n    __str__ = __repr__",
        ).replace("    asked(client, prompt)\n", "", 1),
        points=(ALL, 3),
    ),
    "a list a million deep": Attack(
        _returns("deep", "deep = []\nfor _ in range(1_000_000): deep = [deep]"), points=(2, 3)
    ),
    "an integer of a million digits": Attack(_returns("10 ** 1_000_000"), points=(2, 3)),
    "half a character": Attack(_returns(r"'\ud800'"), points=(2, 3)),
    "not a number": Attack(_returns("float('nan')"), points=(2, 3)),
    "a hundred megabytes": Attack(_returns("'x' * 100_000_000"), points=(2, 3)),
    "bools and floats for ints": Attack(
        description="""
class Always(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__

def describe_reply(message):
    usage = {"input_tokens": True, "output_tokens": Always(1)}
    return {"id": message.id, "model": message.model, "stop_reason": message.stop_reason,
            "block_types": [block.type for block in message.content], **usage}
""",
        points=(0, 2),
    ),
    "a dict that answers every key": Attack(
        description="""
class Every(dict):
    def __missing__(self, key): return self
    def __contains__(self, key): return True
    def get(self, key, default=None): return self
    def __eq__(self, other): return True

def describe_reply(message):
    return Every()
""",
        points=(0, 0),
    ),
    "a metaclass that lies about its instances": Attack(
        _returns(
            "Sly()",
            "class Meta(type):\n"
            "    def __instancecheck__(self, other): return True\n"
            "    def mro(cls): return [cls, str, object]\n"
            "    @property\n"
            "    def __name__(cls): raise SystemExit\n"
            "class Sly(str, metaclass=Meta):\n"
            "    __class__ = property(lambda self: dict)",
        ),
        points=(2, 3),
    ),
}
