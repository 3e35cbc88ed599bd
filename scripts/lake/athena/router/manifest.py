"""The list of files that a statement wrote, beside its result: `<query id>-manifest.csv`."""

from lake.athena.router.context import Context


def write(context: Context, location: str, folder: str = "") -> None:
    """Write the manifest of all files at a location, one URI a line, into a folder of results."""
    prefix = location.rstrip("/") + "/"
    bucket = prefix.split("/", 3)[2]
    found = (
        key if key.startswith("s3://") else f"s3://{bucket}/{key}"
        for key in context.storage.keys(prefix)
    )
    text = "".join(f"{uri}\n" for uri in sorted(found) if "/metadata/" not in uri)
    uri = f"{context.output_location}{folder}{context.query_id}-manifest.csv"
    context.storage.put(uri, text.encode())
