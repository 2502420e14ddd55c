"""What the exercises of lesson 02 share: models that take no prefill."""

NO_PREFILL = ("claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-5-5")
