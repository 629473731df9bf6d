"""创新平台: laboratories, research centres, incubators — recognised, assessed and followed year by year."""

TITLE = "创新平台"
SHELF = "registers"
PREFIXES = {"PT": "科创平台"}
