"""Keep the book of prompt caching: what a request reads, writes and leaves uncached, in tokens.

    use = cache.look_up(request, card, tokens, now=0.0, workspace="default")
    use.read, use.written_5m, use.written_1h, use.fresh
    use.commit()    # when the reply begins: from then on others can read what was written

An entry is the hash of a prompt's prefix up to a breakpoint. Nothing of a prompt is kept.
"""

from grader.simulator.caching.cache import CacheUse, PromptCache
from grader.simulator.caching.diagnosis import Diagnoses

__all__ = ["CacheUse", "Diagnoses", "PromptCache"]
