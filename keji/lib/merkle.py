"""A tamper-evident log: Merkle trees of the RFC 6962 / RFC 9162 shape over SHA-256 or SM3 (GB/T 32905).

A leaf is hashed with the prefix 0x00, a node with 0x01; a tree of n leaves splits at the largest power of two below n.
`Frontier` appends with one hash a level in memory, `Tree` keeps all nodes for proofs; a verifier needs this file only.
Hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Digest = Callable[[bytes], bytes]
HASH_SIZE = 32
ALGORITHMS = ("sha256", "sm3")
MAX_EXACT_INTEGER = 2**53 - 1  # beyond this a JavaScript verifier reads another number


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3_digest() -> Digest:
    try:
        hashlib.new("sm3", b"")
    except ValueError:  # an OpenSSL built without SM3
        from cryptography.hazmat.primitives import hashes

        def by_cryptography(data: bytes) -> bytes:
            h = hashes.Hash(hashes.SM3())
            h.update(data)
            return h.finalize()

        return by_cryptography

    # Copying a ready object skips the look-up by name, nearly half the cost of a short hash.
    prototype = hashlib.new("sm3")

    def by_copy(data: bytes) -> bytes:
        h = prototype.copy()
        h.update(data)
        return h.digest()

    return by_copy


_DIGESTS: dict[str, Digest] = {"sha256": _sha256, "sm3": _sm3_digest()}


def digest_of(algorithm: str) -> Digest:
    """The hash function named `sha256` or `sm3`. ValueError for another name."""
    try:
        return _DIGESTS[algorithm]
    except KeyError:
        raise ValueError(f"unknown hash algorithm {algorithm!r}, use one of {ALGORITHMS}") from None


def empty_root(algorithm: str = "sha256") -> bytes:
    """The root of a tree without leaves: the hash of nothing (RFC 9162 §2.1.1)."""
    return digest_of(algorithm)(b"")


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    return digest_of(algorithm)(b"\x00" + data)


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    return digest_of(algorithm)(b"\x01" + left + right)


@dataclass
class Frontier:
    """The right edge of a growing tree: one hash per set bit of `size`, largest subtree first.

    Enough to append and to tell the root; not enough for proofs, which need the leaf hashes.
    """

    algorithm: str = "sha256"
    size: int = 0
    stack: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        digest_of(self.algorithm)
        if self.size < 0 or len(self.stack) != self.size.bit_count():
            raise ValueError("a frontier holds one hash per set bit of its size")
        if any(len(h) != HASH_SIZE for h in self.stack):
            raise ValueError("every hash has 32 bytes")

    def append(self, data: bytes) -> bytes:
        """Add one leaf; returns its leaf hash."""
        leaf = leaf_hash(data, self.algorithm)
        self.append_hash(leaf)
        return leaf

    def append_hash(self, leaf: bytes) -> None:
        """Add a leaf already hashed by `leaf_hash`."""
        digest, stack, size = _DIGESTS[self.algorithm], self.stack, self.size
        while size & 1:  # each trailing one-bit is a full subtree that this leaf completes
            leaf = digest(b"\x01" + stack.pop() + leaf)
            size >>= 1
        stack.append(leaf)
        self.size += 1

    def extend(self, records: Iterable[bytes]) -> None:
        """Add many leaves; the same as appending each."""
        digest, stack, size = _DIGESTS[self.algorithm], self.stack, self.size
        for data in records:
            node, bits = digest(b"\x00" + data), size
            while bits & 1:
                node = digest(b"\x01" + stack.pop() + node)
                bits >>= 1
            stack.append(node)
            size += 1
            self.size = size

    def root(self) -> bytes:
        if not self.stack:
            return empty_root(self.algorithm)
        digest = _DIGESTS[self.algorithm]
        node = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            node = digest(b"\x01" + left + node)
        return node

    def state(self) -> dict[str, Any]:
        """Plain values for JSON: algorithm, size, stack as hex."""
        return {"algorithm": self.algorithm, "size": self.size, "stack": [h.hex() for h in self.stack]}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Frontier:
        """The frontier `state()` described. ValueError when size and stack do not agree."""
        return cls(state["algorithm"], int(state["size"]), [bytes.fromhex(h) for h in state["stack"]])


def _split(n: int) -> int:
    """The largest power of two smaller than n (n >= 2)."""
    return 1 << ((n - 1).bit_length() - 1)


def _subtree(leaves: Sequence[bytes], start: int, end: int, digest: Digest) -> bytes:
    level = list(leaves[start:end])
    while len(level) > 1:
        paired = [digest(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) & 1:
            paired.append(level[-1])  # an odd one moves up unchanged: the RFC's shape
        level = paired
    return level[0]


def root_of(leaves: Sequence[bytes], algorithm: str = "sha256") -> bytes:
    """The root over leaf *hashes*."""
    digest = digest_of(algorithm)
    return _subtree(leaves, 0, len(leaves), digest) if leaves else empty_root(algorithm)


Subtree = Callable[[int, int], bytes]  # the root over leaves start … end-1


def _inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    if not 0 <= index < size:
        raise IndexError("no such leaf")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def _consistency_path(old_size: int, size: int, subtree: Subtree) -> list[bytes]:
    if not 0 <= old_size <= size:
        raise ValueError("the old tree cannot be larger than the new one")
    path: list[bytes] = []
    m, start, end, whole = old_size, 0, size, True
    if m in (0, end):
        return path
    while m != end - start:
        k = _split(end - start)
        if m <= k:
            path.append(subtree(start + k, end))
            end = start + k
        else:
            path.append(subtree(start, start + k))
            start, m, whole = start + k, m - k, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int, algorithm: str = "sha256") -> list[bytes]:
    """The audit path of leaf `index` (from 0) among leaf hashes, lowest sibling first (RFC 9162 §2.1.3.1).

    Hashes every leaf anew; for many proofs keep a `Tree`. IndexError when there is no such leaf.
    """
    digest = digest_of(algorithm)
    return _inclusion_path(index, len(leaves), lambda start, end: _subtree(leaves, start, end, digest))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, algorithm: str = "sha256"
) -> bool:
    """Is the leaf hash number `index` of the tree of `size` leaves with this root? (RFC 9162 §2.1.3.2)"""
    if not 0 <= index < size:
        return False
    digest = digest_of(algorithm)
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = digest(b"\x01" + sibling + node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = digest(b"\x01" + node + sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def consistency_proof(leaves: Sequence[bytes], old_size: int, algorithm: str = "sha256") -> list[bytes]:
    """Hashes that show the tree of all leaf hashes extends the tree of the first `old_size` (RFC 9162 §2.1.4.1).

    Empty for old_size 0 or equal to the whole. ValueError when old_size is larger.
    """
    digest = digest_of(algorithm)
    return _consistency_path(old_size, len(leaves), lambda start, end: _subtree(leaves, start, end, digest))


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], algorithm: str = "sha256"
) -> bool:
    """Does the new tree keep every leaf of the old one, in order? (RFC 9162 §2.1.4.2)"""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == empty_root(algorithm)
    digest = digest_of(algorithm)
    path = list(proof)
    if old_size & (old_size - 1) == 0:  # a full old tree is itself the first node of the path
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = digest(b"\x01" + sibling + old), digest(b"\x01" + sibling + new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = digest(b"\x01" + new + sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == old_root and new == new_root


class Tree:
    """A tree that keeps the node of every full subtree, so that a proof costs a few look-ups. 64 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes] = (), algorithm: str = "sha256") -> None:
        """`leaves`: leaf hashes already made by `leaf_hash`."""
        self.algorithm = algorithm
        self._digest = digest_of(algorithm)
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append_hash(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, data: bytes) -> bytes:
        """Add one leaf; returns its leaf hash."""
        leaf = leaf_hash(data, self.algorithm)
        self.append_hash(leaf)
        return leaf

    def append_hash(self, leaf: bytes) -> None:
        level = 0
        self._levels[0].append(leaf)
        while len(row := self._levels[level]) % 2 == 0:
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(self._digest(b"\x01" + row[-2] + row[-1]))

    def _subtree(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:  # the RFC only ever asks for full subtrees at multiples of their size
            level = size.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(size)
        return self._digest(b"\x01" + self._subtree(start, middle) + self._subtree(middle, end))

    def _size(self, size: int | None) -> int:
        if size is not None and not 0 <= size <= len(self):
            raise ValueError("the tree has never had this size")
        return len(self) if size is None else size

    def root(self, size: int | None = None) -> bytes:
        """The root now, or when the tree had `size` leaves."""
        size = self._size(size)
        return self._subtree(0, size) if size else empty_root(self.algorithm)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """As the function of that name, in the tree of `size` leaves (default: all)."""
        return _inclusion_path(index, self._size(size), self._subtree)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """As the function of that name, from `old_size` to `size` leaves (default: all)."""
        return _consistency_path(old_size, self._size(size), self._subtree)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"


def _encode(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + _TO_ESCAPE.sub(_escape, value) + '"'
    if isinstance(value, int):
        if abs(value) > MAX_EXACT_INTEGER:
            raise ValueError("an integer beyond ±(2^53-1) must be written as text")
        return str(int(value))
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_encode, value)) + "]"
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("keys of a canonical record are text")
        # RFC 8785 sorts by UTF-16 code units, which is not the order of code points beyond U+FFFF.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_encode(key)}:{_encode(value[key])}" for key in keys) + "}"
    raise TypeError(f"{type(value).__name__} has no canonical form: write decimals and dates as text")


def canonical(value: object) -> bytes:
    """Canonical JSON by RFC 8785 of str, int, bool, None, list, dict: the same bytes for the same record.

    TypeError for anything else (a float or Decimal is written as text by the caller, so no digit depends on a
    printer); ValueError for integers beyond ±(2^53-1); UnicodeEncodeError for lone surrogates.
    """
    return _encode(value).encode("utf-8")
