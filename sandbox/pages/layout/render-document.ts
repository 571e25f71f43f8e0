import { type Html, html } from '../html/html.ts';
import type { Page } from './page.ts';

/** Milliseconds between two looks at a page where something is under way, and at one where nothing is. */
const refresh = { moving: 1500, still: 5000 };

/** The whole HTML document around a page: landmarks, the one stylesheet, the one script. */
export function renderDocument(page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="/-/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/-/pages.css">
<script src="/-/live.js" defer></script>
</head>
<body data-refresh="${page.moving ? refresh.moving : refresh.still}">
<a class="skip" href="#main">Skip to content</a>
${page.header}
<main id="main" class="width" tabindex="-1">${page.main}</main>
<footer class="foot width"><p>A local GitHub on your own machine. These pages only show what its REST API answers.</p></footer>
</body>
</html>
`;
}
