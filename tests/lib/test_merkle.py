"""The tamper-evident log: reference roots of RFC 6962, proofs that hold, and forgeries that do not."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib import merkle
from keji.lib.merkle import Frontier

# The reference leaves and roots of the certificate-transparency project.
LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(records, algorithm):
    """The definition of RFC 9162 §2.1.1, word for word: the yardstick for the fast code."""

    def digest(data):
        return hashlib.new(algorithm, data).digest()

    if not records:
        return digest(b"")
    if len(records) == 1:
        return digest(b"\x00" + records[0])
    k = 1
    while k * 2 < len(records):
        k *= 2
    return digest(b"\x01" + naive_root(records[:k], algorithm) + naive_root(records[k:], algorithm))


def hashed(records, algorithm="sha256"):
    return [merkle.leaf_hash(r, algorithm) for r in records]


def test_reference_roots_of_zero_to_eight_leaves():
    frontier = Frontier()
    assert frontier.root().hex() == ROOTS[0]
    for count, record in enumerate(LEAVES, 1):
        frontier.append(record)
        assert frontier.size == count
        assert frontier.root().hex() == ROOTS[count] == naive_root(LEAVES[:count], "sha256").hex()
        assert merkle.root_of(hashed(LEAVES[:count])).hex() == ROOTS[count]


def test_the_reference_audit_path_of_leaf_five_of_eight():
    assert [h.hex() for h in merkle.inclusion_proof(hashed(LEAVES), 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_sm3_gives_the_value_printed_in_the_standard():
    assert merkle.digest_of("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert merkle.empty_root("sm3") == merkle.digest_of("sm3")(b"")


def test_sm3_falls_back_to_cryptography_when_openssl_lacks_it(monkeypatch):
    def no_sm3(name, *args):
        raise ValueError(name)

    monkeypatch.setattr(merkle.hashlib, "new", no_sm3)
    assert merkle._sm3_digest()(b"abc").hex().startswith("66c7f0f4")


def test_an_unknown_algorithm_is_refused():
    with pytest.raises(ValueError):
        Frontier("md5")


RECORDS = st.lists(st.binary(max_size=8), max_size=40)
ALGORITHM = st.sampled_from(merkle.ALGORITHMS)


@given(RECORDS, ALGORITHM)
def test_every_way_of_building_gives_the_root_of_the_definition(records, algorithm):
    one_by_one, at_once = Frontier(algorithm), Frontier(algorithm)
    leaves = [one_by_one.append(r) for r in records]
    at_once.extend(records)
    expected = naive_root(records, algorithm)
    assert one_by_one == at_once
    assert one_by_one.root() == merkle.root_of(leaves, algorithm) == expected


@given(RECORDS, RECORDS, ALGORITHM)
def test_a_frontier_goes_on_after_being_stored(first, second, algorithm):
    frontier = Frontier(algorithm)
    frontier.extend(first)
    stored = json.loads(json.dumps(frontier.state()))
    restored = Frontier.from_state(stored)
    restored.extend(second)
    assert restored.root() == naive_root(first + second, algorithm)


def test_a_damaged_frontier_is_refused():
    frontier = Frontier()
    frontier.extend(LEAVES)
    state = frontier.state()
    with pytest.raises(ValueError):
        Frontier.from_state(state | {"size": 7})
    with pytest.raises(ValueError):
        Frontier.from_state(state | {"stack": ["00"]})


@given(st.data(), ALGORITHM)
def test_every_leaf_proves_that_it_is_included_and_no_other_passes(data, algorithm):
    records = [bytes([i]) for i in range(data.draw(st.integers(1, 40)))]
    leaves = hashed(records, algorithm)
    root, size = merkle.root_of(leaves, algorithm), len(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index, algorithm)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, root, algorithm)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged", algorithm), index, size, proof, root, algorithm)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root, algorithm)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, bytes(32), algorithm)
    assert not merkle.verify_inclusion(leaves[index], size, size, proof, root, algorithm)
    if size > 1:
        other = (index + 1) % size
        assert not merkle.verify_inclusion(leaves[other], index, size, proof, root, algorithm)
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root, algorithm)


def test_the_consistency_of_every_pair_of_sizes_up_to_33():
    leaves = hashed([bytes([i]) for i in range(33)])
    roots = [merkle.root_of(leaves[:n]) for n in range(34)]
    for new in range(34):
        for old in range(new + 1):
            proof = merkle.consistency_proof(leaves[:new], old)
            assert merkle.verify_consistency(old, new, roots[old], roots[new], proof)
            if 0 < old < new:
                assert not merkle.verify_consistency(old, new, bytes(32), roots[new], proof)
                assert not merkle.verify_consistency(old, new, roots[old], bytes(32), proof)
                assert not merkle.verify_consistency(old, new, roots[old], roots[new], proof[:-1])
                assert not merkle.verify_consistency(old, new, roots[old], roots[new], [*proof, bytes(32)])
    with pytest.raises(ValueError):
        merkle.consistency_proof(leaves, 34)
    with pytest.raises(IndexError):
        merkle.inclusion_proof(leaves, 33)


@given(st.data())
def test_a_log_whose_past_was_rewritten_cannot_prove_consistency(data):
    size = data.draw(st.integers(2, 30))
    old = data.draw(st.integers(1, size - 1))
    leaves = hashed([bytes([i]) for i in range(size)])
    old_root = merkle.root_of(leaves[:old])
    changed = data.draw(st.integers(0, old - 1))
    forged = [*leaves[:changed], merkle.leaf_hash(b"forged"), *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(forged, old)
    assert not merkle.verify_consistency(old, size, old_root, merkle.root_of(forged), proof)


def test_canonical_records_sort_keys_as_utf16_and_keep_chinese_as_it_is():
    assert merkle.canonical({"b": [1, None, True], "a": "六安"}) == '{"a":"六安","b":[1,null,true]}'.encode()
    # RFC 8785 §3.2.3: U+1F600 is written with surrogates, so it sorts before U+FB33
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    text = merkle.canonical(dict.fromkeys(keys, 0)).decode()
    assert list(json.loads(text)) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert merkle.canonical('\x0f\n"\\/') == b'"\\u000f\\n\\"\\\\/"'


@pytest.mark.parametrize(("value", "error"), [(1.5, TypeError), ({1: "a"}, TypeError), (2**53, ValueError)])
def test_what_has_no_exact_canonical_form_is_refused(value, error):
    with pytest.raises(error):
        merkle.canonical(value)


def test_a_kept_tree_gives_the_same_roots_and_proofs_of_every_past_size():
    leaves = hashed([bytes([i]) for i in range(33)], "sm3")
    tree = merkle.Tree(leaves[:20], "sm3")
    for i in range(20, 33):
        assert tree.append(bytes([i])) == leaves[i]
    assert len(tree) == 33
    for size in range(34):
        assert tree.root(size) == merkle.root_of(leaves[:size], "sm3")
        for index in range(size):
            assert tree.inclusion_proof(index, size) == merkle.inclusion_proof(leaves[:size], index, "sm3")
        for old in range(size + 1):
            assert tree.consistency_proof(old, size) == merkle.consistency_proof(leaves[:size], old, "sm3")
    with pytest.raises(ValueError):
        tree.root(34)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_says_the_same_as_the_record(value):
    assert json.loads(merkle.canonical(value)) == value


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 9), max_size=6), st.randoms())
def test_the_order_in_which_a_record_was_filled_does_not_show(record, random):
    items = list(record.items())
    random.shuffle(items)
    assert merkle.canonical(dict(items)) == merkle.canonical(record)
