import { fileURLToPath } from 'node:url';

/** Latin, Greek and Cyrillic letters of DejaVu Sans, so that a machine without fonts draws texts too. */
const font = fileURLToPath(new URL('dejavu-sans.ttf', import.meta.url));
/** Points per pixel of the SVG: sharp on screens that have twice as many. */
const zoom = 2;

/** A drawn picture as PNG. The renderer is a native package, and comes in on first use only. */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const family = 'DejaVu Sans';
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    // Letters that the font has not got are looked for on this machine.
    font: { fontFiles: [font], loadSystemFonts: true, defaultFontFamily: family, sansSerifFamily: family },
  });
  return picture.render().asPng();
}
