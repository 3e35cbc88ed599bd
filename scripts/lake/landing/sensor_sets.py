"""The published series of sensors: the forms of their files, and the SQL of a reading."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from lake.landing.cdc import iso
from lake.landing.tabular import Form

LABELS = "combined_labels.json"
_TIME = "try_strptime(cell(time), ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f'])"
# A number as published, without exponent and with at most 18 decimals, which is more than a double
# tells: a reading is a plain decimal.
_PLAIN = """
    case when {0} ilike '%e%' or regexp_matches({0}, '[.][0-9]{{19,}}$')
        then rtrim(rtrim(cast(try_cast({0} as decimal(28, 18)) as varchar), '0'), '.')
        else {0}
    end
"""
# The series of NAB that measure a temperature, in degrees Fahrenheit, and where.
_WARMTH = {
    "machine_temperature_system_failure": "machine",
    "ambient_temperature_system_failure": "office",
}


@dataclass(frozen=True)
class Series:
    """One sensor of a published file: the form of the file, its column, and what it measures."""

    form: Form
    column: str
    device_id: str
    device_type: str
    location: str
    unit: str

    @property
    def place(self) -> str:
        """Return the folder of the contract that its files lie in."""
        return f"device-type={self.device_type}/location={self.location}"

    def stamped(self) -> str:
        """Return the query of all rows of the file with their time and day of arrival.

        A row without a time arrives on the first day of its file.
        """
        return f"""
            select
                *,
                {_TIME} as measured_at,
                cast(coalesce({_TIME}, (select min({_TIME}) from {self.form.name})) as date)
                    as arrival_date
            from {self.form.name}
        """

    def readings(self, with_broken: bool) -> str:
        """Return the query of arrival_date, position and line over the table `stamped`."""
        value = f"cell({self.column})"
        fields = {
            "device_id": f"'{self.device_id}'",
            "device_type": f"'{self.device_type}'",
            "location": f"'{self.location}'",
            "reading_at": f"coalesce({iso('measured_at')}, time)",
            "value": f"coalesce({_PLAIN.format(value)}, {value})",
            "unit": f"'{self.unit}'",
        }
        struct = ", ".join(f"'{name}': {sql}" for name, sql in fields.items())
        lines = f"""
            select arrival_date, position, cast(to_json({{{struct}}}) as varchar) as line
            from stamped
        """
        if not with_broken:
            return lines
        return f"""
            {lines}
            union all
            select (select min(arrival_date) from stamped), position,
                cast(to_json({{'error': error, 'raw': raw}}) as varchar)
            from {self.form.name}_broken
        """


def nab_series(name: str) -> Series:
    """Return the series of a file of NAB: a temperature, or a number without a unit."""
    stem = PurePosixPath(name).name.split(".")[0]
    location = _WARMTH.get(stem, "service")
    return Series(
        form=Form("nab", {"time": ("timestamp",), "value": ("value",)}),
        column="value",
        device_id=f"nab-{stem}".replace("'", ""),
        device_type="temperature" if stem in _WARMTH else "metric",
        location=location,
        unit="F" if stem in _WARMTH else "1",
    )


_OCCUPANCY = Form(
    "occupancy",
    {
        "time": ("date",),
        "temperature": ("temperature",),
        "humidity": ("humidity",),
        "light": ("light",),
        "co2": ("co2",),
        "humidity_ratio": ("humidityratio",),
        "occupancy": ("occupancy",),
    },
)
_UNITS = {
    "temperature": "C",
    "humidity": "%",
    "light": "lux",
    "co2": "ppm",
    "humidity_ratio": "kg/kg",
    "occupancy": "1",
}
# The sensors of each set; those of NAB are told by the names of its files.
SERIES: dict[str, tuple[Series, ...]] = {
    "occupancy": tuple(
        Series(_OCCUPANCY, column, f"occupancy-{column}", column, "office", unit)
        for column, unit in _UNITS.items()
    ),
}
