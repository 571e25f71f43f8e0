import type { TopLevelSpec } from 'vega-lite';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * A Vega-Lite specification as SVG text, drawn without a browser; nothing is loaded from anywhere. Vega is large and comes
 * in on first use only. Throws `chart-invalid`.
 */
export async function drawChart(spec: Readonly<Record<string, unknown>>): Promise<string> {
  if (!isSpec(spec)) throw new PulltrainError('chart-invalid', { what: 'a picture without encoding' });
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]);
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

function isSpec(spec: Readonly<Record<string, unknown>>): spec is Readonly<Record<string, unknown>> & TopLevelSpec {
  return 'encoding' in spec && ('mark' in spec || 'layer' in spec);
}
