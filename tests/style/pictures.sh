#!/bin/sh
# pictures.sh: every picture that a page of docs/ shows is there, none of them is heavy, and none lies there unseen.
set -eu
shown=$(grep -ho '](pictures/[^)]*' docs/*.md | sed 's/^](//' | sort -u)
[ -n "$shown" ] || { echo "no page shows a picture"; exit 1; }
for picture in $shown; do
	[ -s "docs/$picture" ] || { echo "docs/$picture: a page shows it, and it is not there (docs/pictures.py)"; exit 1; }
	[ "$(wc -c <"docs/$picture")" -le 200000 ] || { echo "docs/$picture: over 200 KB"; exit 1; }
done
for picture in docs/pictures/*.*; do
	echo "$shown" | grep -qxF "pictures/${picture##*/}" || { echo "$picture: no page shows it"; exit 1; }
done
echo "$(echo "$shown" | wc -l) pictures"
