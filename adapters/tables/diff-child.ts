import { diffTables } from '../../pipelines/data/diff/diff-tables.ts';
import { openTable } from '../../pipelines/data/open-table.ts';
import { openTables } from '../duckdb/open-tables.ts';
import { type DiffAnswer, type DiffRequest, diffRequestSchema } from './diff-request.ts';

// The process that opens tables which nobody vouches for. It is started with an empty environment, with limits on time and
// memory and, where the system can, closed in. It writes what differs to standard output, and nothing to any file.

async function compare({ base, head, label, memory }: DiffRequest): Promise<DiffAnswer> {
  const tables = await openTables({ memory });
  const open = async (side: DiffRequest['base'], table: string) => ({
    path: side.path,
    table: await openTable(side.file, {}, { tables, scratch: { table } }),
  });
  try {
    const before = await open(base, 'base');
    return { diff: await diffTables(before, await open(head, 'head'), { label: label ?? undefined }, tables) };
  } catch (thrown) {
    return { fault: (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 4000) };
  } finally {
    tables.close();
  }
}

// No await out here: actions are bundled as CommonJS. What cannot be parsed ends the process with its stack.
void compare(diffRequestSchema.parse(JSON.parse(process.argv[2] ?? ''))).then((answer) =>
  process.stdout.write(JSON.stringify(answer)),
);
