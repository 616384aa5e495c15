"""Packed bodies are unpacked piece by piece, whatever packed them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.web.encodings import PackingError, unpacker

BODY = b"<rss>" + bytes(range(256)) * 4000 + b"</rss>"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("GZIP", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", partial(brotli.compress, quality=5)),
    ("zstd", zstd.compress),
]


def unpacked(encoding: str, data: bytes, *, step: int = 1 << 16) -> bytes:
    inner = unpacker(encoding)
    body = b"".join(piece for at in range(0, len(data), step) for piece in inner.unpack(data[at : at + step]))
    inner.finish()
    return body


@pytest.mark.parametrize(("encoding", "pack"), PACKERS)
@pytest.mark.parametrize("step", [1, 1000, 1 << 20])
def test_what_was_packed_comes_out_again(encoding: str, pack: Callable[[bytes], bytes], step: int) -> None:
    """Each encoding gives back the body, in whatever pieces it comes."""
    body = BODY if step > 1 else BODY[:3000]

    assert unpacked(encoding, pack(body), step=step) == body


@pytest.mark.parametrize(("encoding", "pack"), [one for one in PACKERS if one[0] not in {"", "identity"}])
def test_a_bomb_comes_out_in_small_pieces(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Who reads may stop after any piece, and has paid for no more than a few hundred kilobytes."""
    pieces = unpacker(encoding).unpack(pack(bytes(50_000_000)))

    first = [next(pieces) for _ in range(3)]

    assert all(len(piece) <= 1 << 20 for piece in first)


@pytest.mark.parametrize(("encoding", "pack"), [one for one in PACKERS if one[0] not in {"", "identity"}])
def test_a_body_that_is_cut_off_is_no_body(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Half a feed is not taken for a feed."""
    packed = pack(BODY)

    with pytest.raises(PackingError, match="cut off"):
        unpacked(encoding, packed[: len(packed) // 2])


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_bytes_that_are_not_packed_are_refused(encoding: str) -> None:
    """A server that names an encoding it did not use is found out."""
    with pytest.raises(PackingError, match="cannot be unpacked"):
        unpacked(encoding, b"plain words that nobody packed")


def test_an_encoding_nobody_asked_for_is_named() -> None:
    """What cannot be unpacked is told with its name."""
    with pytest.raises(PackingError, match="'compress'"):
        unpacker("compress")


def test_several_members_are_one_body() -> None:
    """Gzip may be put together of several members, with padding behind; frames of zstd likewise."""
    assert unpacked("gzip", gzip.compress(b"a") + gzip.compress(b"b") + bytes(512)) == b"ab"
    assert unpacked("zstd", zstd.compress(b"a") + zstd.compress(b"b")) == b"ab"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_an_empty_body_needs_no_packing(encoding: str) -> None:
    """Servers name an encoding even where nothing follows."""
    assert unpacked(encoding, b"") == b""


@given(encoding=st.sampled_from(["gzip", "deflate", "br", "zstd"]), data=st.binary(max_size=300))
def test_no_bytes_bring_another_fault(encoding: str, data: bytes) -> None:
    """Whatever comes is unpacked or refused."""
    try:
        unpacked(encoding, data, step=7)
    except PackingError as error:
        assert str(error)  # noqa: PT017  # either end is fine, and this one has words
