import { type Html, html, trusted } from './html.ts';
import { pageStyle } from './page-style.ts';

/** A whole page that needs no network: its style is inside, and a content security policy lets the browser run and load nothing. */
export function htmlDocument(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
${body}</body>
</html>
`.text;
}
