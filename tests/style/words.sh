#!/bin/sh
# words.sh: code, help, pages and outputs keep to the field's terms (docs/glossary.md) and to British spelling.
set -eu
cd "$(dirname "$0")/../.."
found=0
# look WHY PATTERN [EXCEPT]: no line matches, but those that match EXCEPT, too.
look() {
	lines=$(grep -rInE --exclude=words.sh --exclude-dir=__pycache__ --exclude-dir=out "$2" \
		README.md SECURITY.md config docs models packaging samples src tests tools | grep -vE "${3:-^$}" || true)
	[ -z "$lines" ] && return
	printf '%s:\n%s\n' "$1" "$lines" >&2
	found=1
}
look "compared with" '[Hh](old|olds|olding|eld) (it |them )?against'
look "radiometry; brightness, contrast and colour" '(one|same|another|other|common) lights?\b|\blight (of|in common)' \
	'^tests/(support|sample_county)/'
look "post-classification smoothing, minimum mapping unit" '\b[Cc]alm(er|ed|s|ing)?\b'
look "class trajectory, unstable transition" '\b([Ss]tor(y|ies)|[Ff]licker(s|ed|ing)?)\b' 'Story and Congalton'
look "worker pool, ensemble" '\b([Cc]rews?|[Gg]roves?)\b'
look "fp16, half precision" '\b(in|as|made|of) halves\b|_halves\b|\bhalves_|_HALVES\b' 'the two halves of|kept in halves of'
look "inverted residual" '[Bb]ottleneck' '^docs/glossary[.]md|Inverted Residuals and Linear Bottlenecks|^tests/support/make_torch_nets[.]py'
look "quantisation parameters" '\b[Gg]rain(s|ed)?\b' '^tests/(support/sample_county|maps/test_sieve)'
# Names that others gave (GDAL's, QGIS's, CSS's, STAC's, titles of papers) are spelt as they are.
look "British spelling" '\b([Nn]ormaliz|[Oo]rganiz|[Rr]ecogniz|[Ss]ummariz|[Mm]inimiz|[Mm]aximiz|[Gg]eneraliz|[Uu]tiliz)(e|es|ed|ing|ation|er)\b|\b([Bb]ehavior|[Nn]eighbor|[Ff]avor|[Hh]onor)(s|ing|ed|hood|ite)?\b|\b[Qq]uantiz(ed|ation)\b' \
	'normali[sz]ation comparison|scene normalization|radiometric normalization|normalized difference|normalization using|Batch ?[Nn]ormalization|[A-Z][a-zA-Z]*Normalization|QuantizeLinear|QgsProcessing|[Qq]uantized?_|_quantized?'
exit $found
