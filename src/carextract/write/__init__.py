"""Write: facts to a document, documents to JSON lines and tables, and output to its file."""

from carextract.write.comma_separated import to_csv, write_csv
from carextract.write.document import document
from carextract.write.excel import write_excel
from carextract.write.json_lines import to_jsonl
from carextract.write.output import output_file, write_output
from carextract.write.parquet import write_parquet
from carextract.write.rows import Contents

__all__ = [
    "Contents",
    "document",
    "output_file",
    "to_csv",
    "to_jsonl",
    "write_csv",
    "write_excel",
    "write_output",
    "write_parquet",
]
