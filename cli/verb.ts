/** The terminal as a verb sees it. */
export type Terminal = {
  /** Where relative paths of the user begin. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** True when `--json` was given. */
  json: boolean;
  /** The answer, on standard output: the document with `--json`, the text without. */
  answer(document: unknown, text: string): void;
  /** A line for the person who waits, on standard error. */
  progress(line: string): void;
  /** Colours a text when a person looks at a terminal, and leaves it alone otherwise. */
  paint(style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string): string;
};

/** 0: done or `pass`; 1: a fault, or a verdict that is not `pass`; 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

/** One word of `pulltrain <verb>`. `--help` and `--json` are taken off before `run` gets the rest. */
export type Verb = {
  name: string;
  /** One line of the list of verbs. */
  summary: string;
  help: string;
  /** What may follow the verb, where it is several things in one. */
  actions?: readonly string[];
  /** Help of the action that the arguments begin with; null when they begin with none. */
  helpOf?(args: readonly string[], terminal: Terminal): Promise<string | null>;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
};

/** A verb whose code is read only when it is called, so that a command starts in the time of its own verb. */
export type LazyVerb = { name: string; load(): Promise<Verb> };
