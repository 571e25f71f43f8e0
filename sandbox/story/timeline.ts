import { styleText } from 'node:util';

/** How what a step watched ended on GitHub: a red check is `bad` there, also where the story wants it red. */
export type Outcome = 'good' | 'bad';
export type StepRecord = { title: string; seconds: number; url: string | null; note: string | null; outcome: Outcome };
export type Fact = { fact: string; holds: boolean; seen: string };
export type ChapterRecord = {
  number: number;
  title: string;
  seconds: number;
  steps: StepRecord[];
  /** Title of the step under way. */
  running: string | null;
  facts: Fact[];
};

/** What a step may say when it is done. */
export type StepResult = { url?: string; note?: string; outcome?: Outcome };

export type Timeline = {
  chapters: readonly ChapterRecord[];
  chapter<T>(number: number, title: string, play: () => Promise<T>): Promise<T>;
  /** Runs one step under the current chapter; the running step is shown live on a terminal. */
  step<T>(title: string, run: () => Promise<T>, describe?: (result: T) => StepResult): Promise<T>;
  facts(facts: readonly Fact[]): void;
};

type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Prints chapter, step, seconds and link; one line a step on a pipe, a spinner on a terminal. `seconds` is monotonic. */
export function createTimeline(output: Output, seconds: () => number): Timeline {
  const chapters: ChapterRecord[] = [];
  const colour = output.isTTY === true && process.env.NO_COLOR === undefined;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;

  function current(): ChapterRecord {
    const last = chapters.at(-1);
    if (last === undefined) throw new Error('a step outside a chapter');
    return last;
  }

  function line(mark: string, elapsed: number, title: string, detail: string): string {
    return `  ${mark} ${elapsed.toFixed(1).padStart(6)} s  ${title}${detail === '' ? '' : `  ${paint('dim', detail)}`}`;
  }

  return {
    chapters,
    async chapter(number, title, play) {
      const started = seconds();
      chapters.push({ number, title, seconds: 0, steps: [], running: null, facts: [] });
      output.write(`\n${paint('bold', number === 0 ? title : `${number}. ${title}`)}\n`);
      try {
        return await play();
      } finally {
        current().seconds = seconds() - started;
      }
    },
    async step(title, run, describe) {
      const started = seconds();
      const chapter = current();
      chapter.running = title;
      const stopSpinner = spin(output, (frame) => line(paint('cyan', frame), seconds() - started, title, ''));
      try {
        const result = await run();
        const { url = null, note = null, outcome = 'good' } = describe?.(result) ?? {};
        const elapsed = seconds() - started;
        chapter.steps.push({ title, seconds: elapsed, url, note, outcome });
        chapter.running = null;
        stopSpinner();
        output.write(`${line(paint('green', '✓'), elapsed, note === null ? title : `${title}: ${note}`, url ?? '')}\n`);
        return result;
      } catch (thrown) {
        stopSpinner();
        output.write(`${line(paint('red', '✗'), seconds() - started, title, '')}\n`);
        throw thrown;
      }
    },
    facts(facts) {
      current().facts.push(...facts);
      for (const { fact, holds, seen } of facts) {
        output.write(
          holds ? `    ${paint('green', '=')} ${paint('dim', fact)}\n` : `    ${paint('red', '≠')} ${fact}: ${seen}\n`,
        );
      }
    },
  };
}

/** Redraws one line while a step runs; does nothing where the output is not a terminal. Returns what ends it. */
function spin(output: Output, draw: (frame: string) => string): () => void {
  if (output.isTTY !== true) return () => {};
  let turn = 0;
  const redraw = () => {
    const text = draw(frames[turn++ % frames.length] ?? '');
    output.write(`\r\x1b[2K${text}`);
  };
  redraw();
  const timer = setInterval(redraw, 100);
  return () => {
    clearInterval(timer);
    output.write('\r\x1b[2K');
  };
}
