{#
  How far a session came, each step at or after the one before: 0 none, 1 product view, 2 cart, 3 checkout, 4 purchase.
  Such a chain exists exactly where the first cart after a view is not later than a checkout, and for a purchase than a
  checkout that a purchase follows.
#}
{% macro funnel_step() -%}
    cast(case
            when first_cart_at <= last_paid_checkout_at then 4
            when first_cart_at <= last_checkout_at then 3
            when first_cart_at is not null then 2
            when first_view_at is not null then 1
            else 0
        end as bigint)
{%- endmacro %}
