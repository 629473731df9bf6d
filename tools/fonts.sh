#!/usr/bin/env bash
# Fetches 仿宋, 楷体, 黑体, 宋体 (Fandol) for official PDFs into data/fonts/, out of a Debian package, without TeX.
# Best effort: without network or apt the PDFs are set in Noto fonts, which the program says by itself.
set -u
cd "$(dirname "$0")/.."
target=${1:-data/fonts}
wanted=(FandolFang-Regular FandolKai-Regular FandolHei-Regular FandolSong-Regular)
complete() { for font in "${wanted[@]}"; do [ -s "$target/$font.otf" ] || return 1; done; }
complete && exit 0
installed=/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
mkdir -p "$target" || exit 0
if [ -s "$installed/FandolFang-Regular.otf" ]; then
  for font in "${wanted[@]}"; do cp "$installed/$font.otf" "$target/"; done
  exit 0
fi
# A machine without network must not wait for it at every start: one try a day.
[ -n "$(find "$target/.tried" -mmin -1440 2>/dev/null)" ] && exit 0
touch "$target/.tried" 2>/dev/null || exit 0
command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || exit 0
scratch=$(mktemp -d) || exit 0
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
quick=(-qq -o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10)
if ! apt-cache show texlive-lang-chinese >/dev/null 2>&1; then timeout 60 apt-get update "${quick[@]}" >/dev/null 2>&1; fi
(cd "$scratch" && timeout 180 apt-get download "${quick[@]}" texlive-lang-chinese >/dev/null 2>&1) || exit 0
deb=$(ls "$scratch"/*.deb 2>/dev/null | head -n 1)
[ -n "$deb" ] || exit 0
# Only these files are written: 25 MB of the package's 49 MB.
dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$scratch" --wildcards '*/public/fandol/Fandol*-Regular.otf' '*/fonts/fandol/COPYING.gz' 2>/dev/null
for font in "${wanted[@]}"; do
  find "$scratch" -name "$font.otf" -exec cp {} "$target/" \;
done
find "$scratch" -name COPYING.gz -exec cp {} "$target/FANDOL-COPYING.gz" \;
exit 0
