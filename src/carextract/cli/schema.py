"""`carextract schema`: the JSON Schema of the output."""

from carextract.cli.terminal import put


def schema() -> None:
    """The JSON Schema of the output."""
    import json

    from carextract.records import Document

    body = Document.model_json_schema(mode="serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    put(json.dumps(dialect | body, ensure_ascii=False, indent=2) + "\n")
