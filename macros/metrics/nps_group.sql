{# Group of a score from 0 to 10: promoter (9 and 10), passive (7 and 8) or detractor. Source: Reichheld, HBR, December 2003. #}
{% macro nps_group(score) -%}
    case
        when {{ score }} >= 9 then 'promoter'
        when {{ score }} >= 7 then 'passive'
        when {{ score }} >= 0 then 'detractor'
    end
{%- endmacro %}
