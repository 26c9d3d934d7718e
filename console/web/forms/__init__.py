"""What the browser sent, read; whether it will do is for `rules.checks` to say."""
