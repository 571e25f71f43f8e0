import type { Fairness, FairnessAttribute, FairnessMeasure, FairnessMeasures } from '../contracts/fairness.ts';
import type { OpenTable } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import type { FairnessQuestion } from './fairness-question.ts';
import { type CodedColumn, leftOutReasons, loadFairnessRows, rowsTable } from './load-fairness-rows.ts';
import { type FairnessPlan, measureAttribute, measureOverall } from './measure-attribute.ts';
import { type Attribute, readFacts, type View } from './read-facts.ts';
import { resolveAttributes } from './resolve-attributes.ts';
import { type Decision, settleDecision } from './settle-decision.ts';

const LEVEL = 0.95;
/** Values of a control column, each of which is told on its own. */
const MOST_CONTROLS = 50;

/** What every group is asked, unless somebody asks something else. */
const usualQuestions: Readonly<Record<Decision['task'], readonly FairnessMeasure[]>> = {
  binary: ['selection_rate', 'tpr', 'fpr', 'ppv', 'accuracy'],
  multiclass: ['accuracy'],
  regression: ['mean_error', 'mae'],
};

/**
 * How the decisions, scores or quantities in a table treat the groups of some of its columns. Throws `usage`,
 * `column-missing`, `labels-unclear`, `fairness-too-many-groups` or `fairness-empty`.
 */
export async function measureFairness(
  question: FairnessQuestion,
  table: Pick<OpenTable, 'source' | 'columns'> & { name: string },
  tables: Tables,
): Promise<Fairness> {
  const context = { ...table, tables };
  const named = resolveAttributes(question.by, table.columns);
  const decision = await settleDecision(question, context);
  const control = question.control === null ? [] : [question.control];
  const coded = await loadFairnessRows(decision, [...named.flatMap(({ columns }) => columns), ...control], context);
  const codedOf = (name: string) => coded.filter((column) => column.name === name);
  const attributes = named.map(({ by, columns }): Attribute => ({ by, columns: columns.flatMap(codedOf) }));
  const { rows, leftOut } = await countRows(question, tables);
  const plan: FairnessPlan = {
    paired: decision.base !== null,
    level: LEVEL,
    resamples: question.resamples,
    minGroup: question.minGroup,
    minGroupOf: () => question.minGroup,
    favourable: decision.favourable,
    reference: question.reference,
    questions: question.questions ?? usualQuestions[decision.task],
    only: decision.task === 'multiclass' ? ['accuracy'] : null,
  };
  const part = (view: View, own: FairnessPlan = plan) => measurePart(view, attributes, own, question.seed, tables);
  const whole = await part(viewOf(decision, 'true'));
  requireReference(question.reference, whole.attributes);
  const [controlled] = question.control === null ? [] : codedOf(question.control);
  const controls = controlled === undefined ? null : await measureControls(controlled, decision, part, tables);
  const classes: Fairness['classes'] = [];
  for (const [index, name] of decision.classes.entries()) {
    const own = { ...plan, only: null, questions: [] };
    classes.push({ class: name, ...(await part(classView(decision, index), own)) });
  }
  return {
    kind: 'fairness',
    version: 1,
    task: decision.task,
    data: table.name,
    rows,
    leftOut,
    label: question.label,
    prediction: question.prediction,
    score: question.score,
    decision: decision.words,
    positive: decision.positive,
    threshold: decision.threshold,
    favourable: decision.favourable,
    probabilities: decision.probabilities,
    base: question.basePrediction ?? question.baseScore,
    level: LEVEL,
    minGroup: question.minGroup,
    seed: question.seed,
    resamples: question.resamples,
    notes: decision.notes,
    ...whole,
    ...(controls === null ? {} : { controls }),
    ...(decision.task === 'multiclass' ? { classes } : {}),
  };
}

type Part = { overall: FairnessMeasures; attributes: FairnessAttribute[] };

/** Every part starts from the same seed, so that none depends on what else was asked. */
async function measurePart(
  view: View,
  attributes: readonly Attribute[],
  plan: FairnessPlan,
  seed: number,
  tables: Tables,
): Promise<Part> {
  const facts = await readFacts(view, attributes, tables);
  const overall = measureOverall(facts.overall, plan, seededRandom(seed));
  return {
    overall,
    attributes: facts.attributes.map((attribute) => measureAttribute(attribute, overall, plan, seededRandom(seed))),
  };
}

function viewOf(decision: Decision, where: string): View {
  const base = decision.base === null ? null : 'base';
  if (decision.task === 'regression') {
    return { where, kind: 'quantities', label: 'label', head: 'head', base, scores: null };
  }
  if (decision.task === 'binary') {
    const { score, baseScore, probabilities } = decision;
    const scores = score === null ? null : { base: baseScore !== null, probabilities };
    return { where, kind: 'decisions', label: 'label', head: 'head', base, scores };
  }
  // Of several classes all that can be said at once is whether the right one was named.
  const right = (side: string) => `CAST(${side} = label AS INTEGER)`;
  return {
    where,
    kind: 'decisions',
    label: '1',
    head: right('head'),
    base: base === null ? null : right(base),
    scores: null,
  };
}

function classView(decision: Decision, index: number): View {
  const isClass = (side: string) => `CAST(${side} = ${index} AS INTEGER)`;
  return {
    where: 'true',
    kind: 'decisions',
    label: isClass('label'),
    head: isClass('head'),
    base: decision.base === null ? null : isClass('base'),
    scores: null,
  };
}

async function measureControls(
  column: CodedColumn,
  decision: Decision,
  part: (view: View) => Promise<Part>,
  tables: Tables,
): Promise<NonNullable<Fairness['controls']>> {
  if (column.values.length > MOST_CONTROLS) {
    throw new PulltrainError('fairness-too-many-groups', {
      what: 'the control column has too many values',
      where: column.name,
      allowed: `${MOST_CONTROLS} at most`,
    });
  }
  const found = await tables.query(
    `SELECT ${column.code} AS code, count(*) AS n FROM ${rowsTable} WHERE why = 0 GROUP BY code ORDER BY code`,
  );
  const controls: NonNullable<Fairness['controls']> = [];
  for (const { code, n } of found) {
    const value = column.values[Number(code)] ?? null;
    const own = await part(viewOf(decision, `${column.code} = ${Number(code)}`));
    controls.push({ column: column.name, value, rows: Number(n), ...own });
  }
  return controls;
}

async function countRows(question: FairnessQuestion, tables: Tables): Promise<Pick<Fairness, 'rows' | 'leftOut'>> {
  const found = await tables.query(`SELECT why, count(*) AS n FROM ${rowsTable} GROUP BY why ORDER BY why`);
  const rows = Number(found.find(({ why }) => Number(why) === 0)?.n ?? 0);
  const leftOut = found
    .filter(({ why }) => Number(why) !== 0)
    .map(({ why, n }) => ({ reason: leftOutReasons[Number(why)] ?? '', rows: Number(n) }));
  if (rows > 0) return { rows, leftOut };
  throw new PulltrainError('fairness-empty', {
    what: 'no row has both a label and a decision',
    where: question.label,
    seen: leftOut.map((one) => `${one.rows} rows with ${one.reason}`).join(', ') || '0 rows',
  });
}

function requireReference(reference: string | null, attributes: readonly FairnessAttribute[]): void {
  const names = attributes.flatMap(({ groups }) => groups.map(({ group }) => group));
  if (reference === null || names.includes(reference)) return;
  throw new PulltrainError('usage', {
    what: 'no group has the name of --reference',
    seen: reference,
    allowed: names
      .slice(0, 20)
      .map((name) => JSON.stringify(name))
      .join(', '),
  });
}
