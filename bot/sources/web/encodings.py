"""Unpacks what servers pack (RFC 9110, section 8.4.1) piece by piece, so that whoever reads can stop a bomb early."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import brotli
from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"

_PIECE = 1 << 18
"""Bytes that come out at a time: some tenths of a millisecond of work."""


class PackingError(ValueError):
    """A body is not packed as its server says, or is cut off."""


class Unpacker(Protocol):
    """Unpacks one body."""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what comes out of the next bytes, in small pieces.

        Raises:
            PackingError: they are not packed this way.
        """
        ...

    def finish(self) -> None:
        """End the body.

        Raises:
            PackingError: it is cut off.
        """
        ...


def unpacker(encoding: str) -> Unpacker:
    """Return what unpacks a body with this Content-Encoding.

    Raises:
        PackingError: nobody asked for this encoding.
    """
    name = encoding.strip().lower()
    if name not in _UNPACKERS:
        raise PackingError(f"is packed as {name[:50]!r}")
    return _UNPACKERS[name]()


class _Plain:
    """Nothing is packed."""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        """Plain bytes know no end of their own."""


class _Gzip:
    """Members of gzip, one after the other (RFC 1952)."""

    def __init__(self) -> None:
        self._inner = self._member(b"")
        self._begun = False

    def _member(self, _data: bytes) -> zlib._Decompress:
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            if not self._begun or self._inner.eof:
                if self._begun and not data.strip(b"\0"):
                    return  # padding behind the last member
                self._inner, self._begun = self._member(data), True
            try:
                yield self._inner.decompress(data, _PIECE)
            except zlib.error as error:
                raise PackingError("cannot be unpacked") from error
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def finish(self) -> None:
        if self._begun and not self._inner.eof:
            raise PackingError("is cut off")


class _Deflate(_Gzip):
    """Deflate with the wrapping that the standard asks for, and without, as many servers send it."""

    def _member(self, data: bytes) -> zlib._Decompress:
        wrapped = data[:1] and data[0] & 0xF == zlib.DEFLATED
        return zlib.decompressobj(wbits=zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._begun = False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        while True:
            try:
                piece = self._inner.process(data, output_buffer_limit=_PIECE)
            except brotli.error as error:
                raise PackingError("cannot be unpacked") from error
            yield piece
            if len(piece) < _PIECE:
                return  # all that these bytes held
            data = b""

    def finish(self) -> None:
        if self._begun and not self._inner.is_finished():
            raise PackingError("is cut off")


class _Zstd:
    """Frames of Zstandard, one after the other, with a window of 8 MB at most, as a browser allows (RFC 9659)."""

    def __init__(self) -> None:
        self._inner = self._frame()
        self._begun = False

    @staticmethod
    def _frame() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data or (self._begun and not self._inner.eof and not self._inner.needs_input):
            if self._inner.eof:
                self._inner = self._frame()
            self._begun = True
            try:
                piece = self._inner.decompress(data, _PIECE)
            except zstd.ZstdError as error:
                raise PackingError("cannot be unpacked") from error
            data = self._inner.unused_data if self._inner.eof else b""
            yield piece

    def finish(self) -> None:
        if self._begun and not self._inner.eof:
            raise PackingError("is cut off")


_UNPACKERS: Mapping[str, Callable[[], Unpacker]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
