"""How long a whole turn takes through the dialogue door, beside stock Rasa on the same model."""
