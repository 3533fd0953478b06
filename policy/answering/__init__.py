"""Answering: what is asked, what of it the notice says, and how to say that and nothing else."""
