"""The voice loop by stage: see __main__."""
