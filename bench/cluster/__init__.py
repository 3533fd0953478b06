"""The several-machine form under faults, and beside stock Rasa."""
