"""What tokens cost: five prices, and the prompt lengths they hold for."""

from dataclasses import dataclass
from decimal import Decimal

_MILLION = Decimal(1_000_000)
BATCH_SHARE = Decimal("0.5")
"""What a batch costs, as a share of what the same calls cost one by one."""
US_FACTOR = Decimal("1.1")
"""What a call costs that runs in the US alone, over one that runs anywhere (Anthropic's page on
data residency, August 2026)."""


@dataclass(frozen=True)
class Price:
    """Hold the five prices of a model, each in USD per million tokens."""

    input: Decimal
    output: Decimal
    write_5m: Decimal
    write_1h: Decimal
    read: Decimal

    @property
    def write_5m_multiplier(self) -> Decimal:
        """Return the price of writing to the cache for 5 minutes, as a multiple of `input`."""
        return self.write_5m / self.input

    @property
    def write_1h_multiplier(self) -> Decimal:
        """Return the price of writing to the cache for 1 hour, as a multiple of `input`."""
        return self.write_1h / self.input

    @property
    def read_multiplier(self) -> Decimal:
        """Return the price of reading from the cache, as a multiple of `input`."""
        return self.read / self.input

    def cost(
        self,
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cache_write_5m_tokens: int = 0,
        cache_write_1h_tokens: int = 0,
        cache_read_tokens: int = 0,
        batch: bool = False,
    ) -> Decimal:
        """Add up what these tokens cost, in USD.

        `input_tokens` are the ones neither written to nor read from the cache, as in the
        API's usage. A batch halves every class of token.
        """
        millionths = (
            self.input * input_tokens
            + self.output * output_tokens
            + self.write_5m * cache_write_5m_tokens
            + self.write_1h * cache_write_1h_tokens
            + self.read * cache_read_tokens
        )
        return millionths * (BATCH_SHARE if batch else 1) / _MILLION


@dataclass(frozen=True)
class PriceBand:
    """Bind a price to the prompts of at most `up_to_prompt_tokens`; None means of any length."""

    price: Price
    up_to_prompt_tokens: int | None = None

    def covers(self, prompt_tokens: int) -> bool:
        """Return whether this band's price applies to a prompt of this length."""
        return self.up_to_prompt_tokens is None or prompt_tokens <= self.up_to_prompt_tokens
