import type { z } from 'zod';
import { PageError } from './page-error.ts';

/** GET on the local REST. `body` is the parsed JSON (null when it is none), `text` the answer as it came. */
export type Api = (path: string) => Promise<{ status: number; body: unknown; text: string }>;

const pageSize = 100;
const mostPages = 10;

/** One object; 404 and shapes that are not GitHub's become a `PageError`. */
export async function gatherOne<T>(api: Api, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await api(path);
  if (answer.status !== 200) throw new PageError(answer.status === 404 ? 404 : 502, `GET ${path}: ${answer.status}`);
  return parseAnswer(path, answer.body, schema);
}

/** One object that need not be there: null unless the answer is 200. */
export async function gatherMaybe<T>(api: Api, path: string, schema: z.ZodType<T>): Promise<T | null> {
  const answer = await api(path);
  return answer.status === 200 ? parseAnswer(path, answer.body, schema) : null;
}

/** Items of all pages of a list (1,000 at most); `pick` takes the list out of its envelope. Absent lists are empty. */
export async function gatherList<T, I>(
  api: Api,
  path: string,
  schema: z.ZodType<T>,
  pick: (page: T) => readonly I[],
): Promise<I[]> {
  const items: I[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const found = await gatherMaybe(
      api,
      `${path}${path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`,
      schema,
    );
    const some = found === null ? [] : pick(found);
    items.push(...some);
    if (some.length < pageSize) break;
  }
  return items;
}

function parseAnswer<T>(path: string, body: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new PageError(502, `GET ${path}: not the shape of GitHub's answer`, parsed.error);
}
