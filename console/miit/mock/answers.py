"""The portal's answers: their words are the rules', so that the console can explain them."""

from console.rules.portal_answers import RESEND, VERIFY, Answer, Words

__all__ = ["RESEND", "VERIFY", "Answer", "Words"]
