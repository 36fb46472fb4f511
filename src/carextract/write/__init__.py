"""Write: facts to a document, a document to JSON, JSON lines or CSV, and output to its file."""

from carextract.write.document import document
from carextract.write.output import output_file, write_output
from carextract.write.tables import to_csv, to_jsonl

__all__ = ["document", "output_file", "to_csv", "to_jsonl", "write_output"]
