"""OpenAI's Responses, so that code for them runs beside code for the Messages API.

They are OpenAI's own: Anthropic doesn't serve `/v1/responses`. Here a model of the catalog answers
for OpenAI's. Responses are kept by the simulator that made them, a thousand of them; tools that run
at OpenAI are accepted and never called, and a conversation begins when it is first named.
"""

from grader.simulator.dialects.responses.dialect import RESPONSES

__all__ = ["RESPONSES"]
