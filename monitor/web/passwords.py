"""The desk's password, hashed and checked; both take their time on purpose. Only this file knows argon2."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 10
LONGEST = 1000

_hasher = PasswordHasher()


def objection(password: str) -> str:
    """Why a password can not be used, "" if it can."""
    if len(password) < SHORTEST:
        return f"at least {SHORTEST} characters, please"
    if len(password) > LONGEST:
        return f"at most {LONGEST} characters, please"
    return "" if len(set(password)) > 3 else "more than three different characters, please"


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def fits(password: str, stored: str) -> bool:
    """Whether this is the password."""
    try:
        return _hasher.verify(stored, password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False
