"""What the exercises of lesson 02 share: models that take no prefill."""

from grader.catalog import active_models


def without_prefill() -> tuple[str, ...]:
    """Return models that take no answer begun for them, as no newer one does."""
    return active_models(lambda card: not card.rules.prefill)
