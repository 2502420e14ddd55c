"""What the exercises of lesson 02 share: models that take no prefill."""

from grader.catalog import DEFAULT_MODEL, active_models


def without_prefill() -> tuple[str, ...]:
    """Return models that accept no prefilled answer, as no newer one does.

    The lesson's own model isn't one of them, so hard-coding its name is always wrong.
    """
    return active_models(lambda card: not card.rules.prefill and card.id != DEFAULT_MODEL)
