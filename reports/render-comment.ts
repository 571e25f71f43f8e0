import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { codeSpan } from './code-span.ts';
import { fitSize } from './fit-size.ts';
import { type Links, safeLink } from './links.ts';
import { type Amount, renderReport, verdictHeading } from './render-report.ts';
import { statusIcons } from './status-icon.ts';

/** Bytes; GitHub refuses a comment over 65,536 characters. */
const CAP = 60_000;

/** First line of the one comment per pull request and model. */
export function reportMarker(model: string): string {
  return `<!-- pulltrain:report model=${model} -->`;
}

/**
 * The comment on a pull request: marker, verdict sentence, who against whom, metrics, gates that did not pass, fairness,
 * and what changed in collapsed sections. What does not fit under `cap` bytes is left out in fixed steps, last the table.
 * `commands` are those that work in a comment on a pull request.
 */
export function renderComment(
  judgement: Judgement,
  links: Links = {},
  { cap = CAP, commands = [] }: { cap?: number; commands?: readonly string[] } = {},
): string {
  const { model, verdict, evaluated } = judgement;
  const marker = reportMarker(model);
  const whole = (amount: Amount) => {
    const shortened = amount === 'everything' ? [] : [shortenedNote(links)];
    const head = codeSpan(evaluated.change.headSha.slice(0, 7));
    const offered = commands.map((command) => codeSpan(command)).join(', ');
    const footer = `Last update ${head}; a push is judged anew.${offered === '' ? '' : ` Commands here: ${offered}.`}`;
    const parts = [
      marker,
      `### ${verdictHeading(judgement)}`,
      ...renderReport(judgement, links, amount),
      ...shortened,
      footer,
    ];
    return `${parts.join('\n\n')}\n`;
  };
  const least = () => `${marker}\n\n### ${statusIcons[verdict.status]} ${model}: ${verdict.status}\n`;
  const amounts: Amount[] = ['everything', 'fewer-rows', 'no-details', 'few-reasons', 'verdict'];
  return fitSize([...amounts.map((amount) => () => whole(amount)), least], cap);
}

function shortenedNote(links: Links): string {
  const link = safeLink(links.page) ?? safeLink(links.judge);
  return link === null ? '_Shortened to fit._' : `_Shortened to fit: [the whole report](${link})._`;
}
