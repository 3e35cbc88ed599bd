{# Fails on each row for which the expression is not true: false and NULL alike. #}
{% test holds(model, expression) %}
select *
from {{ model }}
where not coalesce({{ expression }}, false)
{% endtest %}
