"""Attacks on the running console, bounded: `make attacks`."""
