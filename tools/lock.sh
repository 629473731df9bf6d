#!/usr/bin/env bash
# Writes requirements/*.txt from pyproject.toml: every package pinned with its hashes, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q uv
uv=$(command -v uv || echo .venv/bin/uv)
opts=(--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 -q)
"$uv" pip compile pyproject.toml "${opts[@]}" --group build -o requirements/base.txt
"$uv" pip compile pyproject.toml --group build --group dev "${opts[@]}" -o requirements/dev.txt
