// Looks at the page again and replaces the parts marked `data-live`, so that states, comments and logs move by
// themselves. What a person has opened, scrolled, selected or focused stays as it is.
const seen = new WeakMap();
const parts = () => document.querySelectorAll('[data-live]');
const wait = () => Number(document.body.dataset.refresh ?? 5000);

async function look() {
  if (document.visibilityState === 'visible') {
    try {
      const response = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (response.ok) show(new DOMParser().parseFromString(await response.text(), 'text/html'));
    } catch {
      // The server is gone for the moment; the next look tells.
    }
  }
  setTimeout(look, wait());
}

function show(next) {
  document.body.dataset.refresh = next.body.dataset.refresh ?? '5000';
  for (const part of parts()) {
    const fresh = next.getElementById(part.id);
    if (fresh === null || fresh.innerHTML === seen.get(part) || isSelected(part)) continue;
    const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
    const open = new Map([...part.querySelectorAll('details')].map((details) => [keyOf(details), details.open]));
    const focused = part.contains(document.activeElement) ? document.activeElement?.id : '';
    seen.set(part, fresh.innerHTML);
    part.innerHTML = fresh.innerHTML;
    for (const details of part.querySelectorAll('details')) details.open = open.get(keyOf(details)) ?? details.open;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (part.dataset.live === 'follow' && atEnd) part.scrollTop = part.scrollHeight;
  }
}

function keyOf(details) {
  const home = details.closest('[id]');
  return `${home.id}/${[...home.querySelectorAll('details')].indexOf(details)}`;
}

function isSelected(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

for (const part of parts()) {
  seen.set(part, part.innerHTML);
  if (part.dataset.live === 'follow') part.scrollTop = part.scrollHeight;
}
// A narrow screen shows only some tabs at once; the current one is among them.
for (const tab of document.querySelectorAll('.tabs [aria-current], .subtabs [aria-current]')) {
  tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
setTimeout(look, wait());
