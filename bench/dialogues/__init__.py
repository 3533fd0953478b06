"""Task dialogues through the real door, judged by what the store holds at their end."""
