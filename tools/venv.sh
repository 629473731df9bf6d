#!/usr/bin/env bash
# Lays the virtual environment from the hashed requirement file "$1" (base or dev).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本，当前为 $("$python" -V)"; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv || { echo "不能建立虚拟环境：Debian 上请先 apt-get install python3-venv"; exit 1; }
echo "安装 Python 依赖（$1）……"
.venv/bin/python -m pip install -q --require-hashes -r "requirements/$1.txt"
.venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
echo "编译专家抽取的计算部分（只在首次或更新后）……"
.venv/bin/python -c "from keji.lib.draw import warm_up; warm_up()"
touch ".venv/.$1"
[ "$1" = dev ] && touch .venv/.base
exit 0
