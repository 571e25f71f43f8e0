import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';

export type StateView = { icon: IconName; tone: 'good' | 'bad' | 'busy' | 'calm' | 'merged'; word: string };

const done: Record<string, StateView> = {
  success: { icon: 'checkFilled', tone: 'good', word: 'Successful' },
  failure: { icon: 'xFilled', tone: 'bad', word: 'Failed' },
  error: { icon: 'xFilled', tone: 'bad', word: 'Errored' },
  timed_out: { icon: 'xFilled', tone: 'bad', word: 'Timed out' },
  startup_failure: { icon: 'xFilled', tone: 'bad', word: 'Failed to start' },
  action_required: { icon: 'alert', tone: 'busy', word: 'Action required' },
  cancelled: { icon: 'stop', tone: 'calm', word: 'Cancelled' },
  skipped: { icon: 'skip', tone: 'calm', word: 'Skipped' },
  neutral: { icon: 'stop', tone: 'calm', word: 'Neutral' },
  stale: { icon: 'clock', tone: 'calm', word: 'Stale' },
};
const underWay: Record<string, StateView> = {
  in_progress: { icon: 'spinner', tone: 'busy', word: 'In progress' },
  expected: { icon: 'dot', tone: 'busy', word: 'Expected' },
  queued: { icon: 'circle', tone: 'busy', word: 'Queued' },
};

/** How a check run, workflow run, job or step is shown, from GitHub's `status` and `conclusion`. */
export function stateOf(status: string | null | undefined, conclusion: string | null | undefined): StateView {
  if (status === 'completed') return done[conclusion ?? ''] ?? { icon: 'stop', tone: 'calm', word: 'Completed' };
  return underWay[status ?? ''] ?? { icon: 'circle', tone: 'busy', word: 'Waiting' };
}

/** The coloured sign of a state; it turns while the work runs. */
export function stateIcon(state: StateView, size = 16): Html {
  return html`<span class="state-icon">${icon(state.icon, { label: state.word, tone: state.tone, size })}</span>`;
}
