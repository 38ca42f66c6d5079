"""explain, laid out: determinations and notices as text, Markdown, HTML or for a terminal, in English or Spanish.

Every layout is made from the same :class:`~benefits_rules.render.page.Page`, so all of them say the same. The terminal's needs
rich, and is imported where it is used: :mod:`benefits_rules.render.terminal`.
"""

from __future__ import annotations

from benefits_rules.render.html import document, fragment
from benefits_rules.render.markdown import as_markdown
from benefits_rules.render.page import Page, notice_page, page
from benefits_rules.render.text import as_text

__all__ = ["LAYOUTS", "Page", "as_markdown", "as_text", "document", "fragment", "notice_page", "page"]

#: The layouts that are text, by the name of ``--format``.
LAYOUTS = {"text": as_text, "md": as_markdown, "html": document}
