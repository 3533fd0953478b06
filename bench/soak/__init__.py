"""Does memory grow? An hour's load in ten minutes: `python -m bench.soak --minutes 10`."""
