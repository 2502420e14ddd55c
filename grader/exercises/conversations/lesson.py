"""What the exercises of lesson 02 share: models that take no prefill."""

from grader.catalog import DEFAULT_MODEL, active_models


def without_prefill() -> tuple[str, ...]:
    """Return models that take no answer begun for them, as no newer one does.

    The lesson's own is none of them: who types its name in is wrong whatever is drawn.
    """
    return active_models(lambda card: not card.rules.prefill and card.id != DEFAULT_MODEL)
