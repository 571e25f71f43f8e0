import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import undici from 'undici';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Threads of the content store. */
const objectWorker = { 'object-worker': 'adapters/content-store/object-worker.ts' };
/** Processes and threads that an action starts beside itself, bundled into the same folder. */
const children: Record<string, Record<string, string>> = {
  evaluate: {
    'score-child': 'adapters/onnx/score-child.ts',
    'diff-child': 'adapters/tables/diff-child.ts',
    'measure-worker': 'adapters/measuring/measure-worker.ts',
    ...objectWorker,
  },
  monitor: objectWorker,
  rank: { 'score-child': 'adapters/onnx/score-child.ts', ...objectWorker },
  report: { 'page-child': 'actions/report/page-child.ts' },
  train: { pulltrain: 'cli/main.mjs', 'score-child': 'adapters/onnx/score-child.ts', ...objectWorker },
};

/**
 * The toolkit packages bring an undici each and load it whole, a fifth of the start of every step, for a `fetch` that Node
 * has built in. One copy in a file of its own, which is not read before something of it is asked for.
 */
const undiciOnDemand: Plugin = {
  name: 'undici-on-demand',
  setup({ onResolve, onLoad }) {
    const whole = "require('./undici.cjs')";
    const names = Object.keys(undici).filter((name) => name !== 'fetch');
    const getters = names.map((name) => `get ${name}() { return ${whole}.${name}; }`);
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'on-demand' }));
    onResolve({ filter: /^\.\/undici\.cjs$/, namespace: 'on-demand' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: 'on-demand' }, () => ({
      contents: `module.exports = { ${getters.join(', ')},
  get fetch() { return (url, options) => (options?.dispatcher === undefined ? fetch : ${whole}.fetch)(url, options); } };`,
    }));
  },
};

/**
 * Bundles every action to `actions/<name>/dist/index.cjs`. CommonJS, because the packages inside use `require`; native
 * packages stay outside and are installed beside the bundle.
 */
export async function buildActions(): Promise<string[]> {
  const folders = readdirSync(join(root, 'actions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'actions', entry.name, 'index.ts')))
    .map((entry) => entry.name);
  const bundles = await Promise.all(
    folders.map((name) =>
      build({
        write: false,
        entryPoints: {
          index: join(root, 'actions', name, 'index.ts'),
          undici: join(root, 'node_modules', 'undici', 'index.js'),
          ...Object.fromEntries(Object.entries(children[name] ?? {}).map(([as, file]) => [as, join(root, file)])),
        },
        outdir: join(root, 'actions', name, 'dist'),
        outExtension: { '.js': '.cjs' },
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: 'cjs',
        keepNames: true,
        // What is native; the rest of DuckDB's package is read faster as part of one file.
        external: ['onnxruntime-node', '@duckdb/node-bindings', '@resvg/resvg-js'],
        plugins: [undiciOnDemand],
        alias: {
          // The other build looks for a native canvas while it is loaded; pictures are SVG here and need none.
          'vega-canvas': join(root, 'node_modules', 'vega-canvas', 'build', 'vega-canvas.browser.js'),
        },
        define: { 'import.meta.url': '__moduleUrl' },
        banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
        logLevel: 'warning',
      }),
    ),
  );
  for (const { path, contents } of bundles.flatMap(({ outputFiles }) => outputFiles))
    await writeChanged(path, contents);
  return folders;
}

/** In one step, and only what is new: a job of another story may be starting this very file. */
async function writeChanged(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => null);
  if (present?.equals(contents) === true) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = await buildActions();
  process.stdout.write(`Bundled ${folders.length} actions: ${folders.join(', ')}\n`);
}
