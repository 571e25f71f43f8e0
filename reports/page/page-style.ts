import { chartColours } from '../chart-theme.ts';

const drawn = Object.entries(chartColours)
  .map(
    ([name, stand]) =>
      `svg [fill="${stand}"]{fill:var(--chart-${name})}svg [stroke="${stand}"]{stroke:var(--chart-${name})}`,
  )
  .join('\n');

/** The look of the page: light, dark, on paper and on a narrow screen. It loads nothing. */
export const pageStyle = `
:root { color-scheme: light dark;
  --text:#1f2328; --soft:#57606a; --line:#d8dee4; --page:#ffffff; --card:#f6f8fa; --link:#0759b8;
  --pass:#1a7f37; --inconclusive:#8a5700; --fail:#c01c28; --error:#82071e;
  --pass-soft:#dff6e4; --inconclusive-soft:#fff3cd; --fail-soft:#ffebe9; --error-soft:#ffdcd7;
  --chart-text:#3b424a; --chart-axis:#b8c0c8; --chart-grid:#e7ebef; --chart-bar:#0b63ce; --chart-base:#9a6b1f; --chart-better:#1a7f37; --chart-worse:#c01c28; --chart-faint:#9aa4ae; }
@media (prefers-color-scheme: dark) { :root {
  --text:#e6edf3; --soft:#9ea7b1; --line:#30363d; --page:#0d1117; --card:#161b22; --link:#6cb0ff;
  --pass:#56d364; --inconclusive:#e3b341; --fail:#ff8078; --error:#ff9492;
  --pass-soft:#12261b; --inconclusive-soft:#2b230f; --fail-soft:#30171a; --error-soft:#3a1418;
  --chart-text:#c9d1d9; --chart-axis:#4a525b; --chart-grid:#262c33; --chart-bar:#58a6ff; --chart-base:#d9a441; --chart-better:#56d364; --chart-worse:#ff7b72; --chart-faint:#6e7681; } }
* { box-sizing:border-box; }
html { scroll-behavior:smooth; scroll-padding-top:3.5rem; -webkit-text-size-adjust:100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior:auto; } }
body { margin:0; background:var(--page); color:var(--text); font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif; }
.skip { position:absolute; left:-99rem; }
.skip:focus { left:1rem; top:1rem; z-index:9; padding:.5rem 1rem; background:var(--page); color:var(--link); border:2px solid; border-radius:6px; }
a { color:var(--link); }
:focus-visible { outline:2px solid var(--link); outline-offset:2px; border-radius:3px; }
header, main, footer, nav > ul { max-width:72rem; margin:0 auto; padding-inline:1.25rem; }
header { padding-top:1.75rem; }
h1 { font-size:1.05rem; font-weight:600; color:var(--soft); margin:0 0 .75rem; overflow-wrap:anywhere; }
h2 { font-size:1.35rem; line-height:1.3; margin:3rem 0 .75rem; padding-top:.75rem; border-top:1px solid var(--line); }
h3 { font-size:1rem; margin:0 0 .5rem; overflow-wrap:anywhere; }
p, ul, dl { margin:.5rem 0; }
li { margin:.25rem 0; }
.soft { color:var(--soft); }
code { font:.875em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
.verdict { border:1px solid var(--line); border-left:6px solid var(--tone,var(--chart-bar)); border-radius:10px; background:var(--tone-soft,var(--card)); padding:1.1rem 1.35rem; }
.verdict .call { display:flex; align-items:center; gap:.6rem; font-size:1.65rem; line-height:1.25; font-weight:700; margin:0 0 .35rem; color:var(--tone,var(--text)); }
.verdict .call .mark { flex:none; display:inline-grid; place-items:center; width:2.1rem; height:2.1rem; border-radius:50%; background:var(--tone); color:var(--page); font-size:1.2rem; }
.verdict .effect { font-size:1.15rem; font-weight:600; margin:.1rem 0; overflow-wrap:anywhere; }
.pass { --tone:var(--pass); --tone-soft:var(--pass-soft); } .inconclusive { --tone:var(--inconclusive); --tone-soft:var(--inconclusive-soft); }
.fail { --tone:var(--fail); --tone-soft:var(--fail-soft); } .error { --tone:var(--error); --tone-soft:var(--error-soft); }
.tag { display:inline-block; white-space:nowrap; font-size:.85em; font-weight:600; color:var(--tone,var(--soft)); }
.tag .mark { display:inline-block; width:1.25em; text-align:center; }
.better { color:var(--pass); font-weight:600; } .worse { color:var(--fail); font-weight:600; }
.note { border:1px solid var(--line); border-left:4px solid var(--inconclusive); background:var(--card); border-radius:8px; padding:.6rem 1rem; margin:.9rem 0; overflow-wrap:anywhere; }
.facts { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr)); gap:.25rem 1.75rem; margin:1.1rem 0 0; }
.facts div { border-top:1px solid var(--line); padding:.45rem 0; min-width:0; }
.facts dt { color:var(--soft); font-size:.85rem; } .facts dd { margin:0; overflow-wrap:anywhere; }
nav { position:sticky; top:0; z-index:5; background:var(--page); border-bottom:1px solid var(--line); margin-top:1.25rem; }
nav > ul { display:flex; gap:.25rem 1.1rem; overflow-x:auto; list-style:none; padding-block:.55rem; margin:0 auto; scrollbar-width:thin; }
nav li { margin:0; flex:none; } nav a { text-decoration:none; font-size:.92rem; } nav a:hover { text-decoration:underline; }
.scroll { overflow-x:auto; max-width:100%; }
.scroll + .scroll { margin-top:1.5rem; }
table { border-collapse:collapse; font-variant-numeric:tabular-nums; font-size:.92rem; min-width:min(100%,28rem); }
caption { text-align:left; position:sticky; left:0; max-width:calc(100vw - 2.6rem); color:var(--soft); font-size:.85rem; padding-bottom:.35rem; }
th, td { text-align:left; padding:.4rem .9rem .4rem 0; border-bottom:1px solid var(--line); vertical-align:top; }
thead th { font-weight:600; color:var(--soft); font-size:.85rem; white-space:nowrap; vertical-align:bottom; }
tbody th { font-weight:500; overflow-wrap:anywhere; min-width:9rem; max-width:24rem; }
.n { text-align:right; white-space:nowrap; }
.whole { min-width:100%; } .whole td:last-child { min-width:16rem; }
.pictures { display:grid; grid-template-columns:repeat(auto-fill,minmax(min(27rem,100%),1fr)); gap:1.25rem; align-items:start; margin-top:1rem; }
figure { margin:0; border:1px solid var(--line); border-radius:10px; padding:1rem 1.1rem; min-width:0; background:var(--page); }
figure svg { display:block; font-family:system-ui,-apple-system,"Segoe UI",sans-serif; max-width:100%; height:auto; margin:.25rem 0 .5rem; }
figcaption { font-size:.92rem; overflow-wrap:anywhere; }
details { margin:.6rem 0 0; } summary { cursor:pointer; color:var(--link); font-size:.92rem; width:fit-content; } details[open] > summary { margin-bottom:.5rem; }
.span { display:block; } .span svg { vertical-align:middle; }
svg.change { display:inline-block; vertical-align:middle; margin-right:.6rem; }
.change-cell { white-space:nowrap; }
dl.terms { display:grid; grid-template-columns:minmax(8rem,max-content) 1fr; gap:.35rem 1.25rem; } dl.terms dt { font-weight:600; } dl.terms dd { margin:0; }
footer { color:var(--soft); font-size:.88rem; margin-top:3rem; padding-block:1rem 2.5rem; border-top:1px solid var(--line); }
@media (max-width:40rem) { body { font-size:15px; } .verdict .call { font-size:1.35rem; } h2 { font-size:1.2rem; margin-top:2.2rem; } dl.terms { grid-template-columns:1fr; } dl.terms dd { margin-bottom:.4rem; } figure { padding:.8rem; } }
@media print { :root { color-scheme:light; } nav, .skip { display:none; } body { font-size:11pt; background:#fff; } figure, tr, .verdict { break-inside:avoid; } h2, h3 { break-after:avoid; } .scroll { overflow:visible; } .pictures { grid-template-columns:1fr 1fr; } details:not([open]) { display:none; } a { color:inherit; text-decoration:none; } }
${drawn}
`;
