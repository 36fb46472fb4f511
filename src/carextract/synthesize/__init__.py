"""Synthesize: the studies of many papers to a row each, with what all of them say of it."""

from carextract.synthesize.conflicts import FIELDS, disputed_values
from carextract.synthesize.listing import LISTED, listed, with_facts, worded
from carextract.synthesize.members import Member, is_own, members
from carextract.synthesize.models import SynthesizedStudy
from carextract.synthesize.synthesis import Synthesis, synthesize
from carextract.synthesize.tables import (
    write_studies_csv,
    write_studies_excel,
    write_studies_json_lines,
)

__all__ = [
    "FIELDS",
    "LISTED",
    "Member",
    "Synthesis",
    "SynthesizedStudy",
    "disputed_values",
    "is_own",
    "listed",
    "members",
    "synthesize",
    "with_facts",
    "worded",
    "write_studies_csv",
    "write_studies_excel",
    "write_studies_json_lines",
]
