import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Comparison, comparisonSchema } from '../../pipelines/contracts/comparison.ts';
import { type Evaluation, evaluationSchema } from '../../pipelines/contracts/evaluation.ts';
import { judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type Subject, subjectOfJudgement } from '../../reports/page/subject.ts';

export type SubjectFiles = { file: string; comparison: string | undefined; base: string | undefined };

/**
 * What a report is to be about, from its files. Throws `document-unreadable` for what is none of ours, and
 * `document-foreign` when the files are about different models or rows.
 */
export async function readSubject({ file, comparison, base }: SubjectFiles): Promise<Subject> {
  const document = await readDocument(file);
  const { kind } = z.looseObject({ kind: z.string().optional() }).catch({}).parse(document);
  if (kind === 'judgement') {
    if (comparison !== undefined || base !== undefined)
      throw new PulltrainError('usage', { what: 'a judgement holds its comparison and its base already' });
    return subjectOfJudgement(parse(judgementSchema, document, file));
  }
  if (kind !== 'evaluation')
    throw new PulltrainError('document-unreadable', {
      what: 'neither a judgement nor an evaluation',
      where: file,
      ...(kind === undefined ? {} : { seen: kind }),
      allowed: 'judgement.json of a judge run, or what pulltrain evaluate wrote',
    });
  const head = parse(evaluationSchema, document, file);
  const before = base === undefined ? null : parse(evaluationSchema, await readDocument(base), base);
  const compared =
    comparison === undefined ? null : parse(comparisonSchema, await readDocument(comparison), comparison);
  if (compared !== null) requireSame(head, compared, comparison ?? '', 'head');
  if (before !== null && compared !== null) requireSame(before, compared, base ?? '', 'base');
  if (before !== null && before.holdout.integrity !== head.holdout.integrity)
    throw new PulltrainError('document-foreign', {
      what: 'base and head were measured on different rows',
      where: base ?? '',
    });
  return { model: head.model, head, base: before, comparison: compared, judgement: null };
}

function requireSame(evaluation: Evaluation, comparison: Comparison, where: string, side: 'head' | 'base'): void {
  const compared = comparison[side];
  const sameRows = evaluation.holdout.integrity === comparison.holdout.integrity;
  if (sameRows && compared?.sha256 === evaluation.sha256) return;
  throw new PulltrainError('document-foreign', {
    what: `the comparison is not about this ${side}`,
    where,
    seen: sameRows ? (compared?.sha256 ?? 'no base') : 'other rows',
    allowed: evaluation.sha256,
  });
}

async function readDocument(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new PulltrainError('document-unreadable', { what: 'not a JSON file that can be read', where: file, cause });
  }
}

function parse<T>(schema: z.ZodType<T>, document: unknown, where: string): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new PulltrainError('document-unreadable', {
    what: 'the document does not fit its schema',
    where: `${where}${first === undefined ? '' : `, ${first.path.join('.')}`}`,
    cause: parsed.error,
  });
}
