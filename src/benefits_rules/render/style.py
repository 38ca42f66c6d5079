"""The look of the HTML layouts: two palettes and one sheet that uses nothing but them.

Every pair of text and ground has a contrast of 4.5 to 1 or more (WCAG 2.2, 1.4.3), as ``tests/test_accessibility.py`` computes
from this very text. Colour adds nothing that words, rules and underlines do not say.
"""

LIGHT = {"ground": "#ffffff", "raised": "#f3f5f7", "text": "#1b1f24", "quiet": "#4a5560", "link": "#0b4f9e", "rule": "#6b7680"}
DARK = {"ground": "#14181d", "raised": "#1f252c", "text": "#eef1f4", "quiet": "#b4bfca", "link": "#8fc1ff", "rule": "#8a96a3"}


def _palette(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


SHEET = f"""
.benefits-rules {{ color-scheme: light dark; {_palette(LIGHT)} }}
@media (prefers-color-scheme: dark) {{ .benefits-rules {{ {_palette(DARK)} }} }}
@media print {{ .benefits-rules {{ color-scheme: light; {_palette(LIGHT)} }} }}
.benefits-rules {{ background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; padding: 1rem; }}
.benefits-rules * {{ box-sizing: border-box; }}
.benefits-rules .sheet {{ max-width: 56rem; margin: 0 auto; }}
.benefits-rules h1 {{ font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; }}
.benefits-rules h2 {{ font-size: 1.4rem; line-height: 1.25; margin: 1.75rem 0 0.5rem; }}
.benefits-rules .program h2 {{ margin-top: 0; }}
.benefits-rules h3 {{ font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }}
.benefits-rules p, .benefits-rules ul {{ margin: 0.5rem 0; max-width: 42rem; }}
.benefits-rules ul {{ padding-left: 1.4rem; }}
.benefits-rules li {{ margin: 0.3rem 0; }}
.benefits-rules .answer {{ font-size: 1.25rem; font-weight: 600; background: var(--raised); border: 2px solid var(--rule);
  border-radius: 0.4rem; padding: 0.6rem 0.9rem; max-width: none; }}
.benefits-rules .program {{ border-top: 2px solid var(--rule); margin-top: 2rem; padding-top: 1.5rem; }}
.benefits-rules .quiet {{ color: var(--quiet); font-size: 0.9rem; }}
.benefits-rules table {{ border-collapse: collapse; width: 100%; background: var(--ground); color: var(--text); }}
.benefits-rules caption {{ text-align: left; color: var(--quiet); font-size: 0.9rem; padding: 0.25rem 0; }}
.benefits-rules th, .benefits-rules td {{ text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }}
.benefits-rules thead th {{ font-weight: 600; }}
.benefits-rules tbody th {{ font-weight: 400; }}
.benefits-rules .amounts {{ width: auto; }}
.benefits-rules .laws {{ font-size: 0.9rem; width: 34%; }}
.benefits-rules a {{ color: var(--link); text-decoration: underline; }}
.benefits-rules a:focus-visible {{ outline: 3px solid var(--link); outline-offset: 2px; }}
.benefits-rules code {{ font-size: 0.9em; color: var(--quiet); overflow-wrap: anywhere; }}
@media print {{
  .benefits-rules {{ font-size: 11pt; padding: 0; }}
  .benefits-rules h2, .benefits-rules h3 {{ break-after: avoid; }}
  .benefits-rules tr, .benefits-rules li {{ break-inside: avoid; }}
  .benefits-rules thead {{ display: table-header-group; }}
}}
"""
