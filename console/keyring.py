"""Encryption at rest and keyed digests, with keys that never enter the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken

KEY_ID = re.compile(r"[0-9a-f]{8}")


class KeyMissing(Exception):
    """The key something was encrypted with is not among ENCRYPTION_KEYS; the data may be whole."""


class DataDamaged(Exception):
    """The key is there, but the ciphertext is not what was written with it."""


def _unknown(key_id: str) -> KeyMissing | DataDamaged:
    """What to raise for an id that no key has: what is no id at all was damaged."""
    if KEY_ID.fullmatch(key_id):
        return KeyMissing(f"no encryption key with the id {key_id!r}")
    return DataDamaged("stored data do not begin with the id of a key")


class Keyring:
    """The keys of one deployment: several for encryption, newest first, and one for digests.

    A ciphertext is `<key id>.<Fernet token>`: the id tells a missing key from damaged data and
    lets a rotation find what is not yet under the newest key.
    """

    def __init__(self, encryption_keys: Sequence[str], digest_key: str) -> None:
        """Take keys as urlsafe base64 of 32 bytes. Raises ValueError on any other."""
        self._fernets = {self._key_id(key): Fernet(key) for key in encryption_keys}
        if not self._fernets:
            raise ValueError("at least one encryption key is needed")
        self.newest = self._key_id(encryption_keys[0])
        self._digest_key = base64.urlsafe_b64decode(digest_key)
        if len(self._digest_key) != 32:
            raise ValueError("the digest key must be 32 bytes")

    @staticmethod
    def _key_id(key: str) -> str:
        return hashlib.sha256(b"key id" + key.encode("ascii")).hexdigest()[:8]

    def knows(self, key_id: str) -> bool:
        """Whether what is under this key can be read."""
        return key_id in self._fernets

    def encrypt(self, text: str) -> str:
        """Encrypt under the newest key."""
        token = self._fernets[self.newest].encrypt(text.encode("utf-8"))
        return f"{self.newest}.{token.decode('ascii')}"

    def decrypt(self, stored: str) -> str:
        """Read what `encrypt` wrote. Raises KeyMissing or DataDamaged."""
        key_id, _, token = stored.partition(".")
        fernet = self._fernets.get(key_id)
        if fernet is None:
            raise _unknown(key_id)
        try:
            return fernet.decrypt(token.encode("ascii")).decode("utf-8")
        except (InvalidToken, UnicodeError) as error:
            raise DataDamaged("stored data does not match its key") from error

    def encrypt_bytes(self, data: bytes) -> bytes:
        """Encrypt a file's content under the newest key."""
        return self.newest.encode("ascii") + b"." + self._fernets[self.newest].encrypt(data)

    def decrypt_bytes(self, stored: bytes) -> bytes:
        """Read what `encrypt_bytes` wrote. Raises KeyMissing or DataDamaged."""
        key_id, _, token = stored.partition(b".")
        fernet = self._fernets.get(key_id.decode("ascii", "replace"))
        if fernet is None:
            raise _unknown(key_id.decode("ascii", "replace"))
        try:
            return fernet.decrypt(token)
        except InvalidToken as error:
            raise DataDamaged("a stored file does not match its key") from error

    def digest(self, purpose: str, value: str) -> str:
        """A keyed digest that finds equal values without storing them.

        Equal means equal after NFC, without surrounding space and without regard to case.
        Digests of one value under two purposes cannot be compared.
        """
        normal = unicodedata.normalize("NFC", value).strip().upper()
        message = purpose.encode("utf-8") + b"\0" + normal.encode("utf-8")
        return hmac.new(self._digest_key, message, hashlib.sha256).hexdigest()
