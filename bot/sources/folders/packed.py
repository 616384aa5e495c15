"""Unpacks files that are packed with gzip or Zstandard, up to a limit: what grows without end is cut off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from bot.sources.folders.reasons import UnreadableError

_CHUNK = 256 * 1024
_HIGHEST_RATIO = 300
"""Text is packed to a tenth, logs to a fiftieth; gzip can do a thousandth, and Zstandard any."""
_SMALL = 1_000_000
"""Bytes up to which the ratio says nothing, such as of a page that is one word over and over."""


def kind_of(name: str) -> tuple[str, str]:
    """Return the suffix that says what a file is, and the one that says how it is packed, or "": `.txt` and `.gz`."""
    stem, last = _parted(name.lower())
    return (_parted(stem)[1], last) if last in PACKINGS else (last, "")


def unpack(body: bytes, packing: str, *, max_bytes: int) -> bytes:
    """Return the unpacked bytes.

    Raises:
        UnreadableError: they are more than the limit or than an honest file has, or the packing is broken.
    """
    unpacked = bytearray()
    for piece in PACKINGS[packing](body):
        unpacked += piece
        if len(unpacked) > max(_SMALL, _HIGHEST_RATIO * len(body)):
            raise UnreadableError(f"unpacks to more than {_HIGHEST_RATIO} times its size, as only a bomb does: it is not read")
        if len(unpacked) > max_bytes:
            raise UnreadableError(f"unpacks to more than {max_bytes:,} bytes: split it, or raise max_bytes under [folders]")
    return bytes(unpacked)


def _parted(name: str) -> tuple[str, str]:
    """Part a name from its last suffix; the dot that it begins with makes none."""
    stem, dot, last = name.rpartition(".")
    return (stem, dot + last) if stem else (name, "")


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """Yield what each member of a gzip file holds (RFC 1952, section 2.2); padding of zeros may follow the last."""
    rest = body
    while rest.strip(b"\0"):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            while not member.eof:
                piece = member.decompress(rest, _CHUNK)
                rest = member.unconsumed_tail
                yield piece
                if not piece and not member.eof:
                    raise UnreadableError("is cut short: its end is missing; put the whole file there")
        except zlib.error:
            raise UnreadableError("is no gzip file, or a broken one; pack it again") from None
        rest = member.unused_data


def _unzstd(body: bytes) -> Iterator[bytes]:
    """Yield what each frame of a Zstandard file holds (RFC 8878, section 3.1)."""
    from backports import zstd  # only what is packed so needs it

    rest = body
    while rest:
        frame = zstd.ZstdDecompressor()
        try:
            while not frame.eof:
                piece = frame.decompress(rest, _CHUNK)
                rest = b""  # the frame keeps what it has not come to
                yield piece
                if not piece and frame.needs_input:
                    raise UnreadableError("is cut short: its end is missing; put the whole file there")
        except zstd.ZstdError:
            raise UnreadableError("is no Zstandard file, or a broken one; pack it again") from None
        rest = frame.unused_data


PACKINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {".gz": _gunzipped, ".zst": _unzstd}
"""How a file may be packed, by its last suffix."""
