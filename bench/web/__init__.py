"""The web under load: staff typing, people chatting."""
