"""What a file's own bytes promise about its length, where the decoder does not tell.

FFmpeg quietly corrects the length of a PCM wav that was cut, takes an Ogg's last whole page for its
end, and guesses the length of an mp3 without a Xing header: so those three are looked at here.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

PLACEHOLDER_SIZE = 0x7FFFF000
"""Recorders that stream write a data size at least this large: "unknown", not a promise."""

_HEAD = 1 << 16
_OGG_PAGE_MAX = 27 + 255 + 255 * 255


def missing_bytes(file: BinaryIO, size: int) -> int:
    """Bytes of sound that the file promises but does not hold; 0 if it keeps its word or says nothing."""
    file.seek(0)
    start = file.read(12)
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return _missing_in_wav(file, size)
    if start[:4] == b"OggS":
        return _missing_in_ogg(file, size)
    return 0


def has_length_tag(file: BinaryIO) -> bool:
    """True for an mp3 with a Xing, Info or VBRI header, which says how long the file is."""
    file.seek(0)
    head = file.read(_HEAD)
    if head[:3] == b"ID3" and len(head) >= 10:
        tag = (head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127
        file.seek(tag + 10)
        head = file.read(4096)
    return any(mark in head[:4096] for mark in (b"Xing", b"Info", b"VBRI"))


def is_mp4(file: BinaryIO) -> bool:
    """True if the file starts like an mp4 or m4a, whole or not."""
    file.seek(4)
    return file.read(4) in (b"ftyp", b"mdat", b"moov", b"free", b"wide")


def is_foreign_kin(file: BinaryIO) -> bool:
    """True for the kin of wav and webm that browsers do not know: RF64, Wave64, Matroska in general."""
    file.seek(0)
    head = file.read(64)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return b"webm" not in head
    return head[:4] in (b"RF64", b"BW64", b"riff")


def _missing_in_wav(file: BinaryIO, size: int) -> int:
    """RIFF: chunks of (name, little-endian size), padded to even length. The sound is in `data`."""
    at = 12
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            promised = int(length)
            return max(0, at + 8 + promised - size) if promised < PLACEHOLDER_SIZE else 0
        at += 8 + length + (length & 1)
    return 0


def _missing_in_ogg(file: BinaryIO, size: int) -> int:
    """RFC 3533: a page is 27 bytes, a table of segment lengths, and the segments."""
    from_here = max(0, size - _OGG_PAGE_MAX)
    file.seek(from_here)
    tail = file.read(size - from_here)
    at = tail.rfind(b"OggS")
    if at < 0 or at + 27 > len(tail):
        return 27
    table = tail[at + 27 : at + 27 + tail[at + 26]]
    length = 27 + tail[at + 26] + sum(table)
    return max(0, length - (len(tail) - at))
