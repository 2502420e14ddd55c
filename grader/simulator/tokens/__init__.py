"""Count the tokens of requests and replies as the API bills them, frame included."""

from grader.simulator.tokens.count import PromptTokens, count_prompt, input_tokens
from grader.simulator.tokens.pictures import image_tokens
from grader.simulator.tokens.reply import output_tokens, thinking_tokens

__all__ = [
    "PromptTokens",
    "count_prompt",
    "image_tokens",
    "input_tokens",
    "output_tokens",
    "thinking_tokens",
]
