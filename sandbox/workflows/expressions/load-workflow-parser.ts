import { registerHooks } from 'node:module';

type WorkflowParser = typeof import('@actions/workflow-parser') &
  typeof import('@actions/workflow-parser/model/convert');

let loading: Promise<WorkflowParser> | undefined;

/**
 * GitHub's own workflow parser. It imports its JSON schema without the `type: json` attribute that Node demands, so the
 * import runs under a hook that adds the attribute, for this package's files only, and goes away with the import.
 */
export function loadWorkflowParser(): Promise<WorkflowParser> {
  loading ??= importWithJsonAttribute();
  return loading;
}

async function importWithJsonAttribute(): Promise<WorkflowParser> {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const isOurs = resolved.url.includes('/@actions/workflow-parser/') && resolved.url.endsWith('.json');
      return isOurs ? { ...resolved, importAttributes: { type: 'json' } } : resolved;
    },
  });
  try {
    const parser = await import('@actions/workflow-parser');
    return { ...parser, ...(await import('@actions/workflow-parser/model/convert')) };
  } finally {
    hooks.deregister();
  }
}
