"""Documents that try to act: scripts, remote loads, typst code, paths that lead away, and what parsers choke on."""

HOSTILE = """# <script>alert(1)</script> #eval("1")

<script>alert(2)</script>
<style>body { background: url(http://evil.example/a) }</style>
<iframe src="http://evil.example/"></iframe><img src="http://evil.example/x.png" onerror="alert(3)">
<svg onload="alert(4)"><a xlink:href="javascript:alert(5)">x</a></svg>

<details open ontoggle=alert(6)><summary>more</summary>

[click](javascript:alert(7)) ![remote](https://evil.example/y.png) ![up](../../etc/passwd) ![abs](/etc/passwd)
text <b onclick="alert(8)">bold</b> <br/> <!-- hidden --> <img src='x' onerror='alert(9)'

#import "@preview/evil:1.0.0": * \\ #read("/etc/passwd") $x$ `#sys.inputs` "quote" \\u{0}

| a | b |
|---|---|
| <script>alert(10)</script> | #panic("no") |

1. one
   > quoted **bold *both* ~~gone~~** [text](https://example.org/?a=1&b=2)

</body></html>
"""
ONE_MEGABYTE = {
    "words": "some words and *more* of them here\n\n" * 27_000,
    "brackets": "[" * 1_000_000,
    "pictures": "![a](" * 200_000,
    "bullets": "- a\n" * 250_000,
    "rows": "|a|b|\n|-|-|\n" + "|x|y|\n" * 160_000,
    "comments": "<!--" * 250_000,
    "tags": "<b " * 330_000,
    "front": "---\n" + "a: [\n" * 200_000,
    "front-open": "---\n" + "a: 1\n" * 200_000,
    "bytes": bytes(range(256)).decode("latin-1") * 3_900,
}
