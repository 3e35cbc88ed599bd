{# Segment of a lifetime value in the reporting currency; a value exactly at a limit belongs below it. #}
{% macro customer_segment(amount) -%}
    case
        when {{ amount }} > 10000 then 'VIP'
        when {{ amount }} > 5000 then 'High Value'
        when {{ amount }} > 1000 then 'Medium Value'
        else 'Low Value'
    end
{%- endmacro %}
