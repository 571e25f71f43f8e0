const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Any text as HTML that shows it, between tags and in quoted attributes alike; control and direction characters go. */
export function escapeHtml(text: string, longest = 300): string {
  const clean = text
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '');
  const characters = Array.from(clean);
  const shown = characters.length <= longest ? clean : `${characters.slice(0, longest - 1).join('')}…`;
  return shown.replace(/[&<>"']/g, (sign) => signs[sign] ?? '');
}
