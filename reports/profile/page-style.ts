/** The look of the page, in light and in dark; it loads nothing. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --page: #fff; --card: #f6f8fa; --bar: #3a7bd0; --bad: #bc4c00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117; --card: #151b23; --bar: #4f94e8; --bad: #f0883e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .8rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p, ul { margin: .4rem 0; }
.soft { color: var(--soft); }
.facts { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem; }
.facts b { display: block; font-size: 1.2rem; }
.notes { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 8px; padding: .6rem 1rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(23rem, 1fr)); gap: 1rem; }
.column { border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem; min-width: 0; }
.column header { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem; }
.column table { width: 100%; margin-top: .5rem; }
th { text-align: left; font-weight: normal; color: var(--soft); }
td { text-align: right; }
th, td { padding: .1rem .4rem .1rem 0; }
.wide { overflow-x: auto; }
.missing { color: var(--bad); }
svg { max-width: 100%; height: auto; display: block; margin-top: .6rem; }
.wide svg { max-width: none; }
svg [fill="#111111"] { fill: var(--text); }
svg [stroke="#222222"] { stroke: var(--line); }
svg [stroke="#333333"] { stroke: var(--line); stroke-opacity: .6; }
svg [fill="#444444"] { fill: var(--bar); }
`;
