"""Long runs as programs, each with its figure and a planted fault that it must find."""
