{#
  Masked e-mail: `***@` and the domain where that is one of `mail_providers`, `***` for any other text, NULL for NULL. No
  other domain is shown, for `me@jane-doe.net` names Jane Doe: whatever comes in, one of a few known texts comes out.
#}
{% macro mask_email(text) -%}
    {%- set domain = "lower(split_part(" ~ text ~ ", '@', 2))" -%}
    case
        when {{ text }} is null then null
        when
            {{ matches(text, "'^[^@]+@[^@]+$'") }}
            and {{ domain }} in ('{{ mail_providers() | join("', '") }}')
            then '***@' || {{ domain }}
        else '***'
    end
{%- endmacro %}
