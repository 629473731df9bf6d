#!/usr/bin/env bash
# Installs what only the system's package manager has: fonts, and for the tests a browser and PostgreSQL.
# Arguments: any of fonts browser postgres. Missing things are named; fonts missing is a warning, not a stop.
set -u
missing=()
need() { "$1" >/dev/null 2>&1 || missing+=("${@:2}"); }
fonts() { fc-list 2>/dev/null | grep -q 'Noto Serif CJK SC'; }
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
postgres() { ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; }
pdftools() { command -v pdftoppm; }
for want in "$@"; do
  case $want in
    fonts) need fonts fontconfig fonts-noto-cjk ;;
    browser) need browser chromium; need pdftools poppler-utils ;;
    postgres) need postgres postgresql ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0
run=(); [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null && run=(sudo); }
if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || [ ${#run[@]} -gt 0 ]; }; then
  echo "安装系统软件包：${missing[*]}"
  "${run[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "缺少系统软件包：${missing[*]}。请以管理员身份执行：apt-get install ${missing[*]}"
case " $* " in *" browser "*|*" postgres "*) exit 1 ;; esac
exit 0
