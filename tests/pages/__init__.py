"""Every page of the console, looked at by machines and, in pictures, by people."""
