import { type Action, readActions } from './read-actions.ts';
import { markdownTable, pageHead } from './table.ts';

/** Inputs, outputs and needed permissions of every action. */
export function renderActions(root: string): string {
  const head = pageHead('Actions', 'the `action.yml` files');
  const intro =
    'Pin each by the commit of a release. Inputs are texts; an input that is not required may be left out or empty.\n';
  return [head, intro, ...readActions(root).map(renderAction)].join('\n');
}

function renderAction({ name, description, folder, inputs, outputs }: Action): string {
  const token = inputs['github-token'];
  const inputRows = Object.entries(inputs).map(([key, input]) => [
    `\`${key}\``,
    input.required ? '**required**' : input.default === undefined || input.default === '' ? '' : `\`${input.default}\``,
    input.description,
  ]);
  const outputRows = Object.entries(outputs).map(([key, output]) => [`\`${key}\``, output.description]);
  return `## ${name}

\`uses: pulltrain/pulltrain${folder === '' ? '' : `/${folder}`}@<commit>\`

${description}

**Permissions.** ${token === undefined ? 'Needs no token.' : token.description}

${markdownTable(['input', 'default', 'meaning'], inputRows)}

${outputRows.length === 0 ? 'No outputs.' : markdownTable(['output', 'meaning'], outputRows)}
`;
}
