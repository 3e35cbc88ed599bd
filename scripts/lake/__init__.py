"""Python around the dbt project: it lands files, checks, proves and reports."""
