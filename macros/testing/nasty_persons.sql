{# Nasty values of the macros that hide who a person is. #}
{% macro nasty_persons() -%}
    {%- set text = {'word': 'varchar'} -%}
    {%- set checks = [
        {'macro': 'mask_email', 'call': mask_email('nasty.word'), 'inputs': text, 'type': 'varchar', 'rows': [
            ['jane.doe@gmail.com', '***@gmail.com'],
            ['JANE@Example.ORG', '***@example.org'],
            ['j@t-online.de', '***@t-online.de'],
            ['"jane doe"@web.de', '***@web.de'],
            ['jane\n@web.de', '***@web.de'],
            ['me@jane-doe.net', '***'],
            ['jane@doe@gmail.com', '***'],
            ['jane@gmail.com@doe.net', '***'],
            ['@gmail.com', '***'],
            ['jane@', '***'],
            ['@', '***'],
            ['jane@gmail.com\n', '***'],
            ['jane@gmail.com ', '***'],
            ['jane@ gmail.com', '***'],
            ['jane@gmail.com.', '***'],
            ['jane@mail.gmail.com', '***'],
            ['jane@gmail.com, doe@gmail.com', '***'],
            ['jane@[192.0.2.1]', '***'],
            ['jane@[IPv6:2001:db8::1]', '***'],
            ['jane＠gmail.com', '***'],
            ['jane@ｇmail.com', '***'],
            ['gmail.com', '***'],
            ['jane doe', '***'],
            ["o'neil", '***'],
            ['', '***'],
            [none, none],
        ]},
        {'macro': 'masked_message', 'call': masked_message('nasty.word'), 'inputs': text, 'type': 'varchar', 'rows': [
            ['reset sent to jane.doe@gmail.com.', 'reset sent to ***'],
            ['<jane@web.de>, "müller@web.de"; user=joão@web.de', '<***>, "***"; user=***'],
            ['jane@web.de\n\tat joe@web.de:3', '***\n\tat ***'],
            ['GET /reset/jane%40web.de HTTP/1.1', 'GET *** HTTP/1.1'],
            ['GET /search?q=jane+doe&p=2 HTTP/1.1" 200', 'GET /search?*** HTTP/1.1" 200'],
            ['https://a.example/x?mail=jane@web.de#top end', 'https://a.example/x?*** end'],
            ['why? because', 'why? because'],
            ['@ and 5 @ 3', '*** and 5 *** 3'],
            ['from 10.11.10.1:443, 192.0.2.7', 'from ***:443, ***'],
            ['from 2001:db8::1 and fe80:0:0:0:1:2:3:4', 'from *** and ***'],
            ['at 10:00:00.123 of 1.2.3, a:b:c:d:e', 'at 10:00:00.123 of 1.2.3, a:b:c:d:e'],
            ['port 00:1b:44:11:3a:b7', 'port ***'],
            ['jane doe', 'jane doe'],
            ['', ''],
            [none, none],
        ]},
        {'macro': 'mask_phone', 'call': mask_phone('nasty.word'), 'inputs': text, 'type': 'varchar', 'rows': [
            ['+49 170 1234567', '***67'],
            ['(020) 7946-0018', '***18'],
            ['0123456789', '***89'],
            ['012345678', '***'],
            ['+49 170 123456x', '***'],
            ['+49 170 12345 6', '***'],
            ['0123456789 ', '***'],
            ['0123456789\n', '***'],
            ['01234\n56789', '***'],
            ['jane doe 42', '***42'],
            ['😀😀😀😀😀😀😀😀42', '***42'],
            ['😀😀😀😀😀😀😀42', '***'],
            ['０１２３４５６７８９', '***'],
            ['01234567٨٩', '***'],
            ['', '***'],
            [none, none],
        ]},
        {'macro': 'hmac_sha256', 'call': hmac_sha256('nasty.word', 'Jefe'), 'inputs': text, 'type': 'varchar', 'rows': [
            ['what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
            ['', '923598ca6d64af2a5dba79dcd021a8a0fe5c5f557519adaaf0ad532d4506dd30'],
            ['Ünïcode ß 日本 😀', '49b0ed36a91b2979f2897accdb07591c8a83ebf5f896e3a21d4c4022c1fbfb73'],
            ["it's", 'c0d86d0521cf5aa52c20f56b9ce25c887e5ecd491b82ea1f7db3025621b717f7'],
            ['a\nb', '8e8935fa7a5ece2bdff3e5082f923ffa9bb0db58995313e857bb9ab8bf881f67'],
            [none, none],
        ]},
        {'macro': 'hmac_sha256', 'call': hmac_sha256('nasty.word', '\x0b' * 20), 'inputs': text, 'type': 'varchar', 'rows': [
            ['Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
        ]},
        {'macro': 'hmac_sha256', 'call': hmac_sha256('nasty.word', 'clé-日本'), 'inputs': text, 'type': 'varchar', 'rows': [
            ['Hi There', '6ab6a375b02b46b3aa542934ab9b2147487124f816dfb5377b4ec2caec6f2656'],
            ['Ünïcode ß 日本 😀', '815366cdc4e51335f4c014315b6363c4415560bd1df8769ca5b6c23b15651f6a'],
        ]},
        {'macro': 'hmac_sha256', 'call': hmac_sha256('nasty.word', "it's"), 'inputs': text, 'type': 'varchar', 'rows': [
            ['Hi There', 'e2a386d6c6c1940f8360beb2cce4c2812823eceba56b76263a6414dadc281da5'],
        ]},
        {'macro': 'hmac_sha256', 'call': hmac_sha256('nasty.word', '0123456789abcdef' * 4), 'inputs': text, 'type': 'varchar', 'rows': [
            ['Hi There', 'e05e9b5f636e5b0d8a85655c5de8b6d3c6f0f69c2cddae7129b663f83a051471'],
        ]},
    ] -%}
    {# The pseudonyms below are made with the default key. #}
    {%- if env_var('LAKE_PII_KEY', 'development-key-of-the-laptop') == 'development-key-of-the-laptop' -%}
        {%- do checks.append(
            {'macro': 'pseudonym', 'call': pseudonym('nasty.word'), 'inputs': text, 'type': 'varchar', 'rows': [
                ['jane.doe@example.com', 'e8ad84730c4eaec96a567e116bb3daf0a1268a0c2c5aca860c435eaf5f2d67a3'],
                ['\t Jane.DOE@Example.com\u00a0', 'e8ad84730c4eaec96a567e116bb3daf0a1268a0c2c5aca860c435eaf5f2d67a3'],
                ['ÅSA LI', '0e2459c15ebb11b49a4529bf67fef7a3aa1b70adf5a317eb795af9599b4b3495'],
                ['Straße', '8d015564cd17591d4d5985398bd71d6673378216d4e728b37a02d98ba6f06b14'],
                ['ΣΑΣ', '4ac770334f366f50cac10276b37076df0fbd5a5f81a515d8d8c1b0d1771dbb14'],
                ['İСТАНБУЛ', '7862dc2ddeaa06146271ec1ccb43970fc0882cdab6537c425cac1d1efc8d0a38'],
                ['LI\u00a0NA', '5f7a191eab5d6ecd5f298b66e51786ed13385ceb19822deac7c5de5cb0b8cac8'],
                ['', none],
                [' \n\u3000', none],
                [none, none],
            ]}
        ) -%}
    {%- endif -%}
    {{ return(checks) }}
{%- endmacro %}
