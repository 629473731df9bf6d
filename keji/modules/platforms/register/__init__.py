"""The register: every platform with its host, level and validity, and its yearly figures."""
