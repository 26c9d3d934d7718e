"""How fast the console is, against the same work done otherwise in the same run: `make bench`."""
