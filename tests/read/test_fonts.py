"""The font of boxes is what its script makes, and pdfium is given it for Chinese only."""

from box_font import FONT, box_font


def test_font_file_is_what_the_script_makes() -> None:
    assert FONT.read_bytes() == box_font()


def test_font_is_small() -> None:
    assert FONT.stat().st_size < 1000
