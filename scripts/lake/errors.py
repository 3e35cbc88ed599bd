"""The one kind of error that a user sees."""

import click


class UserError(click.ClickException):
    """A mistake the user can mend: one line that says what, where and the mend; exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the line to standard error."""
        click.echo(f"lake: {self.message}", err=True)
