import { durationSeconds } from '../config/duration-seconds.ts';
import type { ModelConfig } from '../config/schema.ts';
import { type RetrainRequest, retrainRequestSchema } from '../contracts/retrain-request.ts';
import type { Parameter } from '../contracts/run-record.ts';
import { integrityHex, integrityOfDocument } from '../integrity.ts';
import { readParameter } from './edit-parameters.ts';
import { type Days, wholeMonths } from './whole-months.ts';

export type Snapshot = { path: string; days: Days | null };
/** An earlier retraining pull request of the same model. */
export type EarlierRetrain = { number: number; open: boolean; openedAt: string };

export type RetrainFacts = {
  model: string;
  policy: ModelConfig['retrain'];
  /** What asks: a person's command, a drift episode, ... */
  cause: 'drift' | 'new-data' | 'schedule' | 'command';
  /** Text of `params.yaml` on the default branch. */
  parameters: string;
  /** Data on the default branch that fits the policy's pattern. */
  snapshots: readonly Snapshot[];
  earlier: readonly EarlierRetrain[];
  now: Date;
  issue: number | null;
  requestedBy: string;
};

type RefusalCode = 'no-policy' | 'not-allowed' | 'already-open' | 'cooldown' | 'no-snapshot' | 'nothing-newer';
export type RetrainPlan =
  | { request: RetrainRequest; refusal: null }
  | { request: null; refusal: { code: RefusalCode; message: string } };

/** Decides whether to retrain and on what: the newest snapshot and its last whole months. */
export function planRetrain(facts: RetrainFacts): RetrainPlan {
  const { model, policy, cause, earlier, now } = facts;
  if (policy?.snapshot === undefined) {
    return refuse('no-policy', `\`pulltrain.yml\` does not say how to retrain \`${model}\` (key \`retrain\`).`);
  }
  if (!policy.on.includes(cause)) {
    return refuse(
      'not-allowed',
      `\`pulltrain.yml\` does not let a ${cause} retrain \`${model}\` (key \`retrain.on\`).`,
    );
  }
  const open = earlier.find((pull) => pull.open);
  if (open !== undefined) return refuse('already-open', `#${open.number} already retrains \`${model}\`.`);
  const wait = latestOf(earlier) + durationSeconds(policy.cooldown) * 1000 - now.getTime();
  if (wait > 0) {
    const until = new Date(now.getTime() + wait).toISOString().slice(0, 16).replace('T', ' ');
    return refuse(
      'cooldown',
      `\`${model}\` was retrained less than ${policy.cooldown} ago; the next time is ${until} UTC.`,
    );
  }
  const changes = chooseParameters(facts, policy);
  if ('code' in changes) return { request: null, refusal: changes };
  return { request: buildRequest(facts, changes.parameters, changes.days, changes.snapshot), refusal: null };
}

type Policy = NonNullable<ModelConfig['retrain']>;
type Choice = { parameters: Record<string, Parameter>; days: Days | null; snapshot: Snapshot };

function chooseParameters(
  { snapshots, parameters: text, model }: RetrainFacts,
  { snapshot: rule, window }: Policy,
): Choice | { code: RefusalCode; message: string } {
  const newest = snapshots.toSorted(byAge).at(-1);
  if (newest === undefined) {
    return {
      code: 'no-snapshot',
      message: `There is no data that fits \`${rule?.data ?? '*'}\` on the default branch.`,
    };
  }
  const days = window === undefined || newest.days === null ? null : wholeMonths(newest.days, window.months);
  if (window !== undefined && days === null) {
    return { code: 'no-snapshot', message: `\`${newest.path}\` does not hold a whole month.` };
  }
  const wanted: [string, Parameter][] = [
    ...(rule === undefined ? [] : [[rule.parameter, newest.path] satisfies [string, Parameter]]),
    ...(window === undefined || days === null
      ? []
      : ([
          [window.from, days.from],
          [window.to, days.to],
        ] satisfies [string, Parameter][])),
  ];
  const trainedTo = window === undefined ? undefined : readParameter(text, window.to);
  const older = days !== null && typeof trainedTo === 'string' && trainedTo > days.to;
  if (older || wanted.every(([name, value]) => readParameter(text, name) === value)) {
    const through = newest.days === null ? '' : `, up to ${newest.days.to}`;
    return {
      code: 'nothing-newer',
      message: `\`${model}\` is already trained on the newest data there is (\`${newest.path}\`${through}).`,
    };
  }
  return { parameters: Object.fromEntries(wanted), days, snapshot: newest };
}

function buildRequest(
  { model, issue, requestedBy, cause }: RetrainFacts,
  parameters: Record<string, Parameter>,
  days: Days | null,
  snapshot: Snapshot,
): RetrainRequest {
  const hash = integrityHex(integrityOfDocument({ model, parameters })).slice(0, 7);
  const subject = days === null ? snapshot.path : `${days.from} to ${days.to}`;
  return retrainRequestSchema.parse({
    kind: 'retrain-request',
    version: 1,
    model,
    reason: cause,
    issue,
    requestedBy,
    branch: `pulltrain/retrain-${issue ?? model}-${hash}`,
    title: `Retrain ${model} on ${subject}`,
    parameters,
  });
}

function byAge(left: Snapshot, right: Snapshot): number {
  const order = (left.days?.to ?? '').localeCompare(right.days?.to ?? '');
  return order === 0 ? left.path.localeCompare(right.path, 'en', { numeric: true }) : order;
}

function latestOf(earlier: readonly EarlierRetrain[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...earlier.map(({ openedAt }) => Date.parse(openedAt)));
}

function refuse(code: RefusalCode, message: string): RetrainPlan {
  return { request: null, refusal: { code, message } };
}
