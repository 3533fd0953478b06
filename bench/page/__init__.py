"""One page of all measurements, from the results that lie there: `python -m bench.page`."""
