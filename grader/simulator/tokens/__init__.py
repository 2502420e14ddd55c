"""Count the tokens of requests and replies as the API bills them, frame included."""

from grader.simulator.tokens.blocks import output_tokens, sent_tokens, thinking_tokens
from grader.simulator.tokens.count import PromptTokens, count_prompt, input_tokens, reads_thoughts
from grader.simulator.tokens.estimate import estimate_tokens
from grader.simulator.tokens.summary import summary_prompt_tokens, summary_tokens
from grader.simulator.tokens.text import Counter, InstalledCounter, installed_counter, text_tokens

__all__ = [
    "Counter",
    "InstalledCounter",
    "PromptTokens",
    "count_prompt",
    "estimate_tokens",
    "input_tokens",
    "installed_counter",
    "output_tokens",
    "reads_thoughts",
    "sent_tokens",
    "summary_prompt_tokens",
    "summary_tokens",
    "text_tokens",
    "thinking_tokens",
]
