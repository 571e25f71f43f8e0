import type { TopLevelSpec } from 'vega-lite';
import { PulltrainError } from '../../pipelines/errors.ts';
import { textWidth } from './text-width.ts';

/**
 * A Vega-Lite specification as SVG text, drawn without a browser; nothing is loaded from anywhere. Vega is large and comes
 * in on first use only. Throws `chart-invalid`.
 */
export async function drawChart(spec: Readonly<Record<string, unknown>>): Promise<string> {
  if (!isSpec(spec)) throw new PulltrainError('chart-invalid', { what: 'a picture without encoding' });
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]);
  measureText(vega);
  const loader = vega.loader();
  loader.load = async () => {
    throw new PulltrainError('chart-invalid', { what: 'a picture may load nothing' });
  };
  const { spec: compiled } = lite.compile(spec, { logger: vega.logger(vega.None) });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', loader, logLevel: vega.None });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

type Written = { text?: unknown; fontSize?: number };

/** Vega takes every letter for as wide as high when it has no canvas, and leaves room for that. */
function measureText(vega: object): void {
  const metrics: unknown = Reflect.get(vega, 'textMetrics');
  if (typeof metrics !== 'object' || metrics === null) return;
  Reflect.set(metrics, 'width', (item: Written, text: unknown = item.text) =>
    textWidth(String(text ?? ''), item.fontSize ?? 11),
  );
}

function isSpec(spec: Readonly<Record<string, unknown>>): spec is Readonly<Record<string, unknown>> & TopLevelSpec {
  return 'encoding' in spec && ('mark' in spec || 'layer' in spec);
}
