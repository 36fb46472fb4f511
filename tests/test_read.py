"""Reading: the right text in the right encoding, or one clear line."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carextract.errors import InputError
from carextract.read import from_string, languages, read, read_stdin
from carextract.read.encodings import decode

HANS = "患者输注CAR-T细胞后未发生神经毒性，SLEDAI评分由14分降至2分。\n剂量为1×10^6/kg。"
HANT = "病人輸注CAR-T細胞後未發生神經毒性，SLEDAI評分由14分降至2分。\n劑量為1×10^6/kg。"
ENGLISH = "All patients (n=7) stopped prednisone; the median score was 2 – 4 points.\n"


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8-sig"),
        (HANS, "gb18030", "gb18030"),
        (HANS, "gb2312", "gb18030"),
        (HANS, "utf-16-le", "utf-16-le"),
        (HANS, "utf-16-be", "utf-16-be"),
        (HANS[:12], "gb18030", "gb18030"),
        (HANT, "utf-8", "utf-8"),
        (HANT, "big5", "big5"),
        (HANT, "gb18030", "gb18030"),
        (HANT, "utf-16-le", "utf-16-le"),
        (HANT[:12], "big5", "big5"),
        ("維持恒溫。" + HANT, "cp950", "cp950"),
        ("嘅" + HANT, "big5hkscs", "big5hkscs"),
        (ENGLISH, "utf-8", "utf-8"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (ENGLISH, "cp1252", "cp1252"),
        ("Mougiakakos and Müller reported it in Zürich.", "latin-1", "cp1252"),
        ("plain", "ascii", "utf-8"),
    ],
)
def test_each_encoding_gives_the_same_text(text: str, codec: str, encoding: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded is not None
    assert (decoded.text, decoded.encoding, decoded.undecodable) == (text, encoding, 0)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_byte_order_mark_is_not_text(codec: str) -> None:
    decoded = decode("\ufeff".encode(codec) + HANS.encode(codec))
    assert decoded is not None
    assert (decoded.text, decoded.encoding) == (HANS, codec)


def test_line_ends_stay() -> None:
    decoded = decode(b"one\r\ntwo\rthree\n")
    assert decoded is not None
    assert decoded.text == "one\r\ntwo\rthree\n"


def test_nuls_and_lone_surrogates_stay() -> None:
    data = "评分\0由14\0降至2 ".encode() + b"\xed\xb2\x80" + "分，未发生CRS".encode()
    decoded = decode(data)
    assert decoded is not None
    assert decoded.text == "评分\0由14\0降至2 \udc80分，未发生CRS"
    assert decoded.encoding == "utf-8"


def test_encoded_surrogate_pair_is_one_character() -> None:
    decoded = decode("评分".encode() + b"\xed\xa0\xbd\xed\xb8\x80")
    assert decoded is not None
    assert decoded.text == "评分\U0001f600"


def test_a_few_broken_bytes_are_counted() -> None:
    decoded = decode((HANS * 20).encode() + "细".encode()[:2])
    assert decoded is not None
    assert decoded.text == HANS * 20 + "\ufffd"
    assert decoded.undecodable == 1


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)), bytes(range(128, 256)) * 8, b"\x00\x01\x02\x03" * 50],
)
def test_binary_is_no_text(data: bytes) -> None:
    assert decode(data) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    decoded = decode(data)
    if decoded is not None and decoded.encoding == "utf-8" and not decoded.undecodable:
        assert decoded.text.encode("utf-8", "surrogatepass") == data


@given(st.text(min_size=1, max_size=200))
def test_utf8_is_read_as_it_is(text: str) -> None:
    decoded = decode(text.encode("utf-8", "surrogatepass"))
    if decoded is not None and decoded.encoding == "utf-8":
        assert decoded.text == text


def test_source_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(HANS.encode("gb18030"))
    source = read(path)
    assert source.name == "paper.txt"
    assert source.text == HANS
    assert source.encoding == "gb18030"
    assert source.media_type == "text/plain"
    assert source.pages is None
    assert source.sha256 == hashlib.sha256(HANS.encode("gb18030")).hexdigest()


def test_source_of_standard_input() -> None:
    source = read_stdin(io.BytesIO(HANS.encode()))
    assert (source.name, source.text, source.encoding) == ("stdin", HANS, "utf-8")


def test_source_of_a_string_with_a_lone_surrogate() -> None:
    source = from_string("a\udc80", name="text")
    assert (source.text, source.encoding) == ("a\udc80", None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_needs_no_extension(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "63"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(HANS.encode(),))
    writer.start()
    assert read(pipe).text == HANS
    writer.join()


@pytest.mark.parametrize("extension", [".txt", ".TXT", ".text", ".md"])
def test_known_extensions(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"paper{extension}"
    path.write_text("text", encoding="utf-8")
    assert read(path).text == "text"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (HANS, ("zh-Hans",)),
        (HANT, ("zh-Hant",)),
        (ENGLISH, ("en",)),
        (HANS * 3 + ENGLISH * 3, ("zh-Hans", "en")),
        (HANS * 2 + HANT, ("zh-Hans", "zh-Hant")),
        ("Die Patienten waren nach der Behandlung frei von Beschwerden. " * 8, ()),
        ("患者への投与後、重篤な副作用は認められなかった。", ("ja",)),
        ("12.5 ± 3", ()),
    ],
)
def test_languages(text: str, tags: tuple[str, ...]) -> None:
    assert languages(text) == tags


def test_languages_of_a_long_text_are_seen_from_all_over_it() -> None:
    assert languages(HANS * 5_000 + ENGLISH * 5_000) == ("zh-Hans", "en")


def test_a_parse_of_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
