"""How a statement fails."""


class AthenaFailure(Exception):
    """A statement that fails as Athena fails it.

    `name` is the name of the error (SYNTAX_ERROR, TABLE_NOT_FOUND, ICEBERG_COMMIT_ERROR, ...),
    `message` the text after it, `category` 1 for the system, 2 for the user, 3 for anything else.
    """

    def __init__(self, name: str, message: str, category: int = 2) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.category = category

    @property
    def reason(self) -> str:
        """Return the text that clients see; a syntax error shows its place without a name."""
        return self.message if self.name == "SYNTAX_ERROR" else f"{self.name}: {self.message}"
