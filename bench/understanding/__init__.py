"""How well intents are understood, clean and misheard, and what is refused as out of scope."""
