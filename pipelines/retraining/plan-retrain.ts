import { durationSeconds } from '../config/duration-seconds.ts';
import type { ModelConfig } from '../config/schema.ts';
import { type RetrainRequest, retrainRequestSchema } from '../contracts/retrain-request.ts';
import type { Parameter } from '../contracts/run-record.ts';
import { integrityHex, integrityOfDocument } from '../integrity.ts';
import { readParameter } from './edit-parameters.ts';
import { type Days, wholeMonths } from './whole-months.ts';

export type Snapshot = { path: string; days: Days | null };
/** A retraining pull request of the same model that is there already; `cause` and `issue` as its marker has them. */
export type EarlierRetrain = { number: number; open: boolean; openedAt: string; cause: string; issue: number };

export type RetrainFacts = {
  model: string;
  policy: ModelConfig['retrain'];
  /** What kind of thing asks: the watch, or a person's command. */
  on: 'drift' | 'command';
  /** The one that asks: `comment-55` or `episode-7`. It leads to one pull request at most. */
  cause: string;
  /** Text of `params.yaml` on the default branch. */
  parameters: string;
  /** Data on the default branch that fits the policy's pattern. */
  snapshots: readonly Snapshot[];
  earlier: readonly EarlierRetrain[];
  now: Date;
  issue: number;
  requestedBy: string;
};

type RefusalCode =
  | 'no-policy'
  | 'not-allowed'
  | 'episode-answered'
  | 'already-open'
  | 'cooldown'
  | 'no-snapshot'
  | 'nothing-newer';
export type RetrainRefusal = { code: RefusalCode; message: string };
/** What to open, the pull request that this very cause has led to, or why not. */
export type RetrainPlan =
  | { request: RetrainRequest; opened: null; refusal: null }
  | { request: null; opened: number; refusal: null }
  | { request: null; opened: null; refusal: RetrainRefusal };

/** Decides whether to retrain and on what: the newest snapshot and its last whole months. */
export function planRetrain(facts: RetrainFacts): RetrainPlan {
  const { model, policy, on, cause, issue, earlier, now } = facts;
  const own = earlier.find((pull) => pull.cause === cause);
  if (own !== undefined) return { request: null, opened: own.number, refusal: null };
  if (policy?.snapshot === undefined) {
    return refuse('no-policy', `\`pulltrain.yml\` does not say how to retrain \`${model}\` (key \`retrain\`).`);
  }
  if (!policy.on.includes(on)) {
    return refuse('not-allowed', `\`pulltrain.yml\` does not let a ${on} retrain \`${model}\` (key \`retrain.on\`).`);
  }
  const answer = on === 'drift' ? earlier.find((pull) => pull.issue === issue) : undefined;
  if (answer !== undefined) {
    return refuse('episode-answered', `#${answer.number} was opened for this episode of \`${model}\`.`);
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
  if ('code' in changes) return refuse(changes.code, changes.message);
  const request = buildRequest(facts, changes.parameters, changes.days, changes.snapshot);
  return { request, opened: null, refusal: null };
}

type Policy = NonNullable<ModelConfig['retrain']>;
type Choice = { parameters: Record<string, Parameter>; days: Days | null; snapshot: Snapshot };

function chooseParameters(
  { snapshots, parameters: text, model }: RetrainFacts,
  { snapshot: rule, window }: Policy,
): Choice | RetrainRefusal {
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
  { model, issue, requestedBy, on }: RetrainFacts,
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
    reason: on,
    issue,
    requestedBy,
    branch: `pulltrain/retrain-${issue}-${hash}`,
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
  return { request: null, opened: null, refusal: { code, message } };
}
