// Looks at the page again and replaces the parts marked `data-live`, so that states, comments and logs move by
// themselves. What a person has opened, scrolled, selected or focused stays as it is.
const seen = new WeakMap();
// What a person opened or closed; everything else opens and closes as the server says.
const choices = new Map();
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
    const atEnd = innerHeight + scrollY > document.body.scrollHeight - 80;
    const focused = part.contains(document.activeElement) ? document.activeElement?.id : '';
    seen.set(part, fresh.innerHTML);
    part.innerHTML = fresh.innerHTML;
    for (const details of part.querySelectorAll('details')) details.open = choices.get(keyOf(details)) ?? details.open;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (part.dataset.live === 'follow' && atEnd) scrollTo(0, document.body.scrollHeight);
  }
}

function keyOf(details) {
  const home = details.parentElement.closest('[id]');
  return `${home.id}/${[...home.querySelectorAll('details')].indexOf(details)}`;
}

function isSelected(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

document.addEventListener('click', (event) => {
  const details = event.target.closest('summary')?.parentElement;
  if (details instanceof HTMLDetailsElement) choices.set(keyOf(details), !details.open);
});
for (const part of parts()) seen.set(part, part.innerHTML);
// A narrow screen shows only some tabs at once; the current one is among them.
for (const tab of document.querySelectorAll('.tabs [aria-current], .subtabs [aria-current]')) {
  tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
setTimeout(look, wait());
