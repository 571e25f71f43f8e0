import { parseWorkflowFile } from '../model/parse-workflow-file.ts';
import { listWorkflowFiles, runGit } from '../model/run-git.ts';
import type { Workflow } from '../model/workflow.ts';

/** Reads all workflow files of a commit in a bare repository. */
export type WorkflowReader = (directory: string, commit: string) => Promise<Workflow[]>;

/** A reader that parses each version of a file once. */
export function openWorkflowReader(): WorkflowReader {
  const known = new Map<string, Promise<Workflow>>();
  return async (directory, commit) => {
    const files = await listWorkflowFiles(directory, commit);
    return Promise.all(
      files.map(({ path, blob }) => {
        const key = `${blob} ${path}`;
        const parsed =
          known.get(key) ??
          runGit(directory, ['cat-file', 'blob', blob]).then((content) => parseWorkflowFile(path, content));
        known.set(key, parsed);
        return parsed;
      }),
    );
  };
}
