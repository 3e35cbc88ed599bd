{#
  Fails on each row of silver or gold with a text that looks like an e-mail address in clear. The restricted relation is
  exempt; bronze and quarantine are restricted as a whole. A model that is not in the list stops the test; one that is not
  built yet, as after `dbt build --select` on a new database, is passed over.
  One branch a relation: a branch a column would be more than Athena can analyse.
#}
{% set scanned = [
    'agg_daily_sales',
    'agg_daily_sales_total',
    'agg_events_minute',
    'agg_product_performance',
    'agg_sensor_hourly',
    'agg_service_health_minute',
    'dim_customer',
    'dim_date',
    'dim_product',
    'dim_region',
    'fct_inventory_movements',
    'fct_marketing_spend',
    'fct_nps_responses',
    'fct_order_lines',
    'fct_orders',
    'fct_payments',
    'fct_sales_targets',
    'int_customer_changes',
    'int_customer_files_validated',
    'int_customer_loyalty',
    'int_customers',
    'int_customers_history',
    'int_customers_validated',
    'int_daily_category_sales',
    'int_daily_sales',
    'int_events',
    'int_events_validated',
    'int_inventory_levels',
    'int_inventory_movement_changes',
    'int_inventory_movements',
    'int_inventory_movements_history',
    'int_inventory_movements_validated',
    'int_log_events',
    'int_log_events_validated',
    'int_marketing_spend',
    'int_marketing_spend_validated',
    'int_nps_responses_validated',
    'int_order_changes',
    'int_order_item_changes',
    'int_order_items',
    'int_order_items_history',
    'int_order_items_validated',
    'int_order_lines',
    'int_orders',
    'int_orders_history',
    'int_orders_validated',
    'int_payments',
    'int_payments_validated',
    'int_product_changes',
    'int_products',
    'int_products_history',
    'int_products_validated',
    'int_refunds',
    'int_refunds_validated',
    'int_reporting_rates',
    'int_sales_targets',
    'int_sales_targets_validated',
    'int_sensor_readings',
    'int_sensor_readings_validated',
    'int_session_events',
    'int_sessions',
    'int_suppliers',
    'int_suppliers_validated',
    'quality_rules',
    'rpt_conversion_funnel',
    'rpt_customer_segments',
    'rpt_inventory_alerts',
    'rpt_open_sessions',
    'rpt_orders_behind',
    'rpt_reconciliation',
]
%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.schema in ['silver', 'gold'] %}
{%- if node.name not in scanned + ['int_customer_pii'] %}
{{- exceptions.raise_compiler_error(node.name ~ " is not scanned for personal data; add it to this test") }}
{%- endif %}
{%- endfor %}

with texts as (
    select
        'none' as relation_name,
        'none' as found_text
    where false
    {%- for name in scanned -%}
    {%- set relation = ref(name) -%}
    {%- set model = graph.nodes.get('model.lakehouse.' ~ name, {'columns': {}}) -%}
    {%- set is_built = execute and load_relation(relation) -%}
    {%- set columns = model.columns.values() | selectattr('data_type', 'equalto', 'varchar') | list %}
    {%- if is_built and columns %}
    union all
    select
        '{{ name }}' as relation_name,
        case
            {%- for column in columns %}
            when {{ is_address(column.name) }} and {{ column.name }} not like '***@%' then {{ column.name }}
            {%- endfor %}
        end as found_text
    from {{ relation }}
    {%- endif %}
    {%- endfor %}
)

select
    relation_name,
    found_text
from texts
where found_text is not null
