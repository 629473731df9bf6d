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
command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || exit 0
scratch=$(mktemp -d) || exit 0
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
(cd "$scratch" && timeout 300 apt-get download -qq texlive-lang-chinese >/dev/null 2>&1) || exit 0
deb=$(ls "$scratch"/*.deb 2>/dev/null | head -n 1)
[ -n "$deb" ] || exit 0
# Only these files are written: 25 MB of the package's 49 MB.
dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$scratch" --wildcards '*/public/fandol/Fandol*-Regular.otf' '*/fonts/fandol/COPYING.gz' 2>/dev/null
for font in "${wanted[@]}"; do
  find "$scratch" -name "$font.otf" -exec cp {} "$target/" \;
done
find "$scratch" -name COPYING.gz -exec cp {} "$target/FANDOL-COPYING.gz" \;
exit 0
