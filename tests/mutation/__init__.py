"""What the tests would miss: mutmut over the rules and the guards (`make mutation`)."""
