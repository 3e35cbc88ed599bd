{# Mail domains that so many people share that one of them names nobody; with those that RFC 2606 keeps for examples. #}
{% macro mail_providers() -%}
    {{- return([
        '163.com', 'aol.com', 'btinternet.com', 'example.com', 'example.net', 'example.org', 'free.fr', 'gmail.com',
        'gmx.de', 'gmx.net', 'googlemail.com', 'hotmail.com', 'icloud.com', 'libero.it', 'live.com', 'mail.ru',
        'msn.com', 'orange.fr', 'outlook.com', 'proton.me', 'protonmail.com', 'qq.com', 't-online.de', 'uol.com.br',
        'wanadoo.fr', 'web.de', 'yahoo.com', 'yandex.ru',
    ]) -}}
{%- endmacro %}
