{# True where a change carries a row: anything but a tombstone and a broken line. #}
{% macro has_row() -%} (is_parsed and operation <> 'tombstone') {%- endmacro %}
