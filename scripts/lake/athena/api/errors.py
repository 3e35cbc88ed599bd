"""What the Athena API refuses."""


class ApiError(Exception):
    """A refused call: the code of the error, its message, and Athena's own finer code."""

    def __init__(
        self,
        message: str,
        code: str = "InvalidRequestException",
        athena_code: str = "INVALID_INPUT",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.athena_code = athena_code

    def body(self) -> dict[str, str]:
        """The JSON body of the answer."""
        return {"__type": self.code, "Message": self.message, "AthenaErrorCode": self.athena_code}
