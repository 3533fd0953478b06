"""Text for the ear: what a person hears instead of what a page shows. Pure functions."""

from core.ear.figures import with_figures
from core.ear.reading import for_ear
from core.ear.sentences import in_sentences

__all__ = ["for_ear", "in_sentences", "with_figures"]
