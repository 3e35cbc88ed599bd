"""Landing: writes records into the lake, in the layout of the source contract."""
