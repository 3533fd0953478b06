"""What `minglu doctor` looks at: the machine, what is kept, the servers, the channels."""
