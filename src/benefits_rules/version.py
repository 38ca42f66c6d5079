"""The versions that a determination names: of the engine (this package) and of the rules it carries."""

ENGINE = "0.1.0"
RULES = "2026.11.0"
