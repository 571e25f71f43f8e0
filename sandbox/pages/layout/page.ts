import type { Html } from '../html/html.ts';

/** What a page shows. `moving` pages look again every second or two, the others now and then. */
export type Page = { title: string; header: Html; main: Html; moving: boolean };
