import type { Scope } from '../workflows/expressions/evaluate-expression.ts';
import { evaluateText, evaluateTexts } from '../workflows/expressions/evaluate-template.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun } from './job-run.ts';
import { type ActionManifest, readAction } from './read-action.ts';
import { resolveUses } from './resolve-uses.ts';

/** What a step `uses`, with its inputs settled. */
export type OpenedAction = {
  uses: string;
  name: string;
  folder: string;
  isOurs: boolean;
  manifest: ActionManifest;
  inputs: Record<string, string>;
  given: Record<string, string>;
};

/** Finds the action of a step and evaluates its inputs. Throws when it cannot run here. */
export function openAction(
  job: JobRun,
  frame: Frame,
  step: Step,
  { uses, number, scope }: { uses: string; number: number; scope: Scope },
): OpenedAction {
  const { folder, isOurs } = resolveUses(uses, {
    actionsRoot: job.actionsRoot,
    carriedRoot: job.carriedRoot,
    workspace: job.folders.workspace,
    isOurs: frame.action?.isOurs ?? false,
  });
  const manifest = readAction(folder, uses);
  const given = evaluateTexts(step.with, scope);
  const name = step.name === undefined ? `Run ${uses}` : evaluateText(step.name, scope);
  return { uses, name, folder, isOurs, manifest, given, inputs: readInputs(job, number, manifest, given, scope) };
}

/** Given inputs over declared defaults; one the action does not declare is passed on with GitHub's warning. */
function readInputs(
  job: JobRun,
  number: number,
  manifest: ActionManifest,
  given: Record<string, string>,
  scope: Scope,
): Record<string, string> {
  const declared = Object.entries(manifest.inputs);
  const known = new Map(declared.map(([name]) => [name.toLowerCase(), name]));
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  const warnings = unknown.length === 0 ? [] : [unexpected(unknown, [...known.values()])];
  for (const [name, input] of declared)
    if (input?.deprecationMessage !== undefined && name in given)
      warnings.push(`Input '${name}' has been deprecated with message: ${input.deprecationMessage}`);
  for (const message of warnings) {
    job.log(number, `##[warning]${message}`);
    job.annotate({ level: 'warning', message, title: '', path: '.github', startLine: 1, endLine: 1 });
  }
  const defaults = declared
    .filter(([, input]) => input?.default !== undefined)
    .map(([name, input]) => [name, evaluateText(input?.default ?? '', scope)]);
  const own = Object.entries(given).map(([name, value]) => [known.get(name.toLowerCase()) ?? name, value]);
  return Object.fromEntries([...defaults, ...own]);
}

function unexpected(unknown: readonly string[], known: readonly string[]): string {
  const quote = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
  return `Unexpected input(s) ${quote(unknown)}, valid inputs are [${quote(known)}]`;
}
