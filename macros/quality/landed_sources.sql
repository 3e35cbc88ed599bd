{# The landed tables whose records are judged: staging model and validated model, and the money a record carries. #}
{% macro landed_sources() -%}
    {{- return({
        'orders': {'staging': 'stg_postgresql__orders', 'amount': 'total_amount'},
        'order_items': {'staging': 'stg_postgresql__order_items', 'amount': 'line_amount'},
        'customers': {'staging': 'stg_postgresql__customers'},
        'products': {'staging': 'stg_postgresql__products'},
        'inventory_movements': {'staging': 'stg_postgresql__inventory_movements'},
        'payments': {'staging': 'stg_stripe__payments', 'amount': 'payment_amount'},
        'refunds': {'staging': 'stg_stripe__refunds', 'amount': 'refund_amount'},
        'customer_files': {'staging': 'stg_uploads__customer_files'},
        'events': {'staging': 'stg_clickstream__events'},
        'sales_targets': {'staging': 'stg_uploads__sales_targets', 'amount': 'target_amount'},
        'marketing_spend': {'staging': 'stg_uploads__marketing_spend', 'amount': 'spend_amount'},
        'nps_responses': {'staging': 'stg_uploads__nps_responses'},
        'sensor_readings': {'staging': 'stg_iot__sensor_readings'},
        'log_events': {'staging': 'stg_logs__log_events'},
        'suppliers': {'staging': 'stg_mysql__suppliers'},
    }) -}}
{%- endmacro %}
