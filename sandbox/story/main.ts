import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../pipelines/describe-error.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { buildActions } from '../../scripts/build-actions.ts';
import { claimDirectory } from './claim-directory.ts';
import { countCalls } from './count-calls.ts';
import { leftBehind } from './left-behind.ts';
import { measureWork, type Work } from './measure-work.ts';
import { parseOptions, type StoryOptions, storyHelp } from './parse-options.ts';
import { playStory } from './play-story.ts';
import { preflight } from './preflight.ts';
import { prepareTables } from './prepare-tables.ts';
import { startWorld } from './start-world.ts';
import { type ChapterRecord, createTimeline } from './timeline.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What must end when the story does, in the order it was opened. */
type Closing = (() => Promise<void>)[];

/** Inside this checkout, so that the example's training program finds its packages. */
function directoryOf({ name }: StoryOptions): string {
  return join(root, '.pulltrain', name);
}

/** Plays the story as the options say; returns the exit code. */
async function tellStory(options: StoryOptions, closing: Closing, signal: AbortSignal): Promise<number> {
  const directory = directoryOf(options);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const timeline = createTimeline(process.stdout, seconds);
  const calls = countCalls(() => timeline.chapters.at(-1));
  let work: Work[] = [];
  const report = async (outcome: { holds: boolean; error?: string }) => {
    const document = { ...outcome, seconds: seconds(), chapters: timeline.chapters, calls: calls.byChapter(), work };
    await writeReport(options.report, document);
  };
  // At once, so that a place where no report can be written is told before the story and not after it.
  await report({ holds: false, error: 'the story has not been told to its end' });
  try {
    closing.push(await claimDirectory(directory));
    await preflight({ directory, port: options.port });
    const world = await timeline.chapter(0, 'Setting the scene', async () => {
      await timeline.step('Bundle the actions', buildActions, (names) => ({ note: `${names.length} of them` }));
      const { tables } = await timeline.step(
        'Prepare three million flights in DuckDB',
        () => prepareTables(join(directory, 'tables')),
        ({ rows }) => ({ note: `${rows.toLocaleString('en')} rows in 7 tables that overlap` }),
      );
      const platform = { root, directory, port: options.port, tables, timeline, signal, requestLog: calls.record };
      return timeline.step(
        'Start a local GitHub, two runners, the bot and two model servers',
        () => {
          const starting = startWorld({ ...platform, links: () => storyLinks(timeline.chapters) });
          // Also when it is interrupted half way: what has been started by then is ended.
          closing.push(() => starting.then(({ close }) => close(), ignore));
          return starting;
        },
        ({ story }) => ({ url: story.url }),
      );
    });
    const holds = await playStory(world.story, options.chapter);
    work = await measureWork(world.story.maya.octokit);
    await report({ holds });
    process.stdout.write(summarise(holds, timeline.chapters, seconds()));
    if (!options.once) await serveOn(world.story.url, signal);
    return holds ? 0 : 1;
  } catch (thrown) {
    await report({ holds: false, error: describeError(thrown) });
    throw thrown;
  }
}

/** A world that could not be started has closed itself and told why. */
function ignore(): void {}

async function writeReport(file: string | null, document: unknown): Promise<void> {
  if (file === null) return;
  try {
    await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  } catch (cause) {
    throw new PulltrainError('report-unwritable', {
      what: 'the report cannot be written',
      where: file,
      cure: 'Name a file in a folder that is there: npm start -- --report story.json',
      cause,
    });
  }
}

function storyLinks(chapters: readonly ChapterRecord[]) {
  return chapters
    .filter(({ number }) => number > 0)
    .map(({ number, title, steps, running, facts }) => ({
      title: `${number}. ${title}`,
      steps: steps.map((step) => ({
        text: step.title,
        link: step.url === null ? null : new URL(step.url).pathname,
        note: step.note,
        outcome: step.outcome,
      })),
      running,
      facts: { held: facts.filter(({ holds }) => holds).length, broken: facts.filter(({ holds }) => !holds).length },
    }));
}

function summarise(holds: boolean, chapters: readonly ChapterRecord[], seconds: number): string {
  const facts = chapters.flatMap((chapter) => chapter.facts);
  const broken = facts.filter((fact) => !fact.holds).length;
  const time = `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return holds
    ? `\nAll ${facts.length} facts hold, after ${time}.\n`
    : `\n${broken} of ${facts.length} facts do not hold (marked \u2260 above), after ${time}.\n`;
}

/** Keeps everything running until a signal comes. */
function serveOn(url: string, signal: AbortSignal): Promise<void> {
  process.stdout.write(`Look around: ${url}   (the story link by link; Ctrl-C ends everything)\n`);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(storyHelp);
    return 0;
  }
  const stop = new AbortController();
  const interrupted = new Promise<number>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        stop.abort(new PulltrainError('interrupted', { what: 'the story was interrupted' }));
        // A story that is being told is left where it is; one that only serves ends well.
        setImmediate(() => resolve(130));
      });
    }
  });
  const closing: Closing = [];
  try {
    return await Promise.race([tellStory(options, closing, stop.signal), interrupted]);
  } finally {
    for (const close of closing.toReversed()) await close();
    // One that has claimed no place has left nothing there.
    if (closing.length > 0) process.stdout.write(`\n${await leftBehind(directoryOf(options), process.cwd())}`);
  }
}

try {
  process.exit(await main());
} catch (thrown) {
  process.stderr.write(`\n${describeError(thrown)}\n`);
  process.exit(thrown instanceof PulltrainError && thrown.code === 'usage' ? 2 : 1);
}
