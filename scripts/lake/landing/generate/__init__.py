"""`lake land generate`: a shop that never was, as the sources would have delivered it.

Business columns are integers in numpy arrays, each a pure function of seed, scale and the number of
the entity; DuckDB writes them out as text. So any part can be made again without the parts before
it, and the bytes do not depend on cores, on chunks or on how often the command was interrupted.
"""

# Raised whenever the same seed and scale would give other bytes.
VERSION = 1
