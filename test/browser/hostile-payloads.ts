/** What runs, or loads something, where text is taken for markup. Each does it in a way of its own; `N` is its number. */
const VECTORS = [
  '<script>window.hacked=N</script>',
  '<img src=x onerror="window.hacked=N">',
  '<svg onload="window.hacked=N"><animate onbegin="window.hacked=N" attributeName=x dur=1s></svg>',
  '<iframe srcdoc="<script>parent.hacked=N</script>"></iframe>',
  '<object data="https://evil.example/N"></object>',
  '<embed src="https://evil.example/N">',
  '<link rel=stylesheet href="https://evil.example/N.css">',
  '<style>@import "https://evil.example/N.css";*{background:url(https://evil.example/N)}</style>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/N">',
  '<base href="https://evil.example/N/">',
  '<form action="https://evil.example/N"><input autofocus onfocus="window.hacked=N"></form>',
  '<a href="javascript:window.hacked=N" autofocus onfocus="alert(N)">N</a>',
  '<details open ontoggle="alert(N)"><summary>N</summary></details>',
  '<video src=x onerror="alert(N)"><source onerror="alert(N)"></video>',
  '<math><mtext><mglyph><style><img src=x onerror="window.hacked=N"></style></mglyph></mtext></math>',
  '<template><script>window.hacked=N</script></template><slot onslotchange="alert(N)"></slot>',
  '<div style="animation:x 1s" onanimationstart="alert(N)" popover onbeforetoggle="alert(N)">N</div>',
  'javascript:window.hacked=N//data:text/html,<script>window.hacked=N</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not be one.
  '{{constructor.constructor("window.hacked=N")()}}${window.hacked=N}<%= window.hacked=N %>',
  '__proto__[onerror]=N constructor.prototype.innerHTML=N <x is="N" ref="N" dangerouslySetInnerHTML="N">',
];

/** What leaves the place where the text stands: text, attribute, script, comment, raw text. */
const BREAKOUTS = ['', '">', "'/>", '</textarea></title>', '--!>]]>'];

/** Other ways to write the same. */
const DISGUISES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  (text) => text.replace(/[a-z]/g, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter)),
  (text) => text.replaceAll('<', '<\u200b').replaceAll('=', '=\u202e'),
  (text) => text.replaceAll('<', '\\u003c').replaceAll('>', '%3E').replaceAll(' ', '/'),
];

/** 500 texts that do harm where text becomes markup. The number of each stands between `#` in it. */
export const HOSTILE: readonly string[] = VECTORS.flatMap((vector) =>
  BREAKOUTS.flatMap((breakout) => DISGUISES.map((disguise) => disguise(breakout + vector))),
).map((text, index) => `${text.replaceAll('N', String(index))}#${index}#`);
