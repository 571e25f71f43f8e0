import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { checkoutData } from './checkout-data.ts';
import { openRepository } from './open-repository.ts';

const options = { force: { type: 'boolean', default: false, about: 'lose files that nothing keeps' } } as const;

/** Makes the data what the pointers say, out of the local store: after git has switched to another revision. */
export async function checkoutWorkspace(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  using repository = await openRepository(terminal);
  const paths = positionals.map((given) => repository.pathOf(given));
  const pointers = await findPointers(repository.root, paths);
  const { placed, present, faults } = await checkoutData(repository, pointers, values.force, terminal);
  terminal.answer(
    { placed, present, faults },
    [
      ...faults.map(({ path, message }) =>
        terminal.paint('red', message.startsWith(path) ? message : `${path}: ${message}`),
      ),
      `${placed.length} placed, ${present.length} already there${faults.length === 0 ? '' : `, ${faults.length} not`}`,
    ].join('\n'),
  );
  return faults.length === 0 ? 0 : 1;
}
