import { z } from 'zod';
import { timestampSchema } from '../contracts/common.ts';

/** What the last line of an episode's issue remembers of the newest report that was shown in it. */
const driftStateSchema = z.strictObject({
  checkedAt: timestampSchema,
  state: z.enum(['drifting', 'recovered', 'superseded']),
  /** `kind subject` of every finding that failed. */
  failing: z.array(z.string()),
});
export type DriftState = z.infer<typeof driftStateSchema>;

const before = '<!-- pulltrain:drift-state ';
const after = ' -->';

/** Hidden last line. Base64, so that no name in it can end the HTML comment. Its inverse is `parseDriftState`. */
export function formatDriftState(state: DriftState): string {
  return `${before}${Buffer.from(JSON.stringify(state)).toString('base64')}${after}`;
}

/** The state an issue's body ends with, or null when it has none that can be read. */
export function parseDriftState(body: string): DriftState | null {
  const line = body.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (!line.startsWith(before) || !line.endsWith(after)) return null;
  try {
    const text = Buffer.from(line.slice(before.length, -after.length), 'base64').toString('utf8');
    return driftStateSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
