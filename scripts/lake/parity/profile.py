"""A target of `profiles.yml`, rendered as dbt renders it: with the environment and nothing else."""

import os
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import TemplateError

from lake.errors import UserError


def athena_target(project: Path, name: str) -> dict[str, Any]:
    """Return the settings of an Athena target.

    Raises:
        UserError: no such target, another kind of target, or a variable that is not set.
    """
    path = project / "profiles.yml"
    try:
        outputs = yaml.safe_load(path.read_text(encoding="utf-8"))["lakehouse"]["outputs"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UserError(f"{path}: no profile `lakehouse` ({error}); mend the file") from error
    found = outputs.get(name)
    if not isinstance(found, dict) or found.get("type") != "athena":
        known = ", ".join(key for key, item in outputs.items() if item.get("type") == "athena")
        raise UserError(f"{path}: {name!r} is no Athena target; choose among {known}")
    template = Environment(undefined=StrictUndefined)
    try:
        return {
            key: template.from_string(value).render(env_var=_env_var)
            if isinstance(value, str)
            else value
            for key, value in found.items()
        }
    except (TemplateError, KeyError) as error:
        raise UserError(f"{path}: target {name}: {error} is not set; export it") from error


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise KeyError(name)
    return value
