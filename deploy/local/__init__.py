"""All parts of the several-machine form on this machine, each on an address of its own."""
