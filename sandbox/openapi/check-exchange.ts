import { readFile } from 'node:fs/promises';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { type Operation, operationKey, type Subset } from './select-operations.ts';

/** One request and its answer. `route` is GitHub's path template; bytes and text are told apart from JSON by type. */
export type Exchange = {
  method: string;
  route: string;
  query: unknown;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
};

export type ExchangeChecker = (exchange: Exchange) => string[];

/** Statuses any route may refuse with, whether or not its description lists them. */
const REFUSALS = new Set([400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429]);

let opened: Promise<ExchangeChecker> | null = null;

/**
 * Opens the committed subset of GitHub's OpenAPI description; the checker lists what an exchange does against it.
 * Compiling schemas is slow, so a process has one checker.
 */
export function openExchangeChecker(): Promise<ExchangeChecker> {
  opened ??= createExchangeChecker();
  return opened;
}

async function createExchangeChecker(): Promise<ExchangeChecker> {
  const file = new URL('./github-subset.json', import.meta.url);
  const subset: Subset = JSON.parse(await readFile(file, 'utf8'));
  const options = { strict: false, allErrors: true, validateFormats: true, inlineRefs: false };
  const bodies = createAjv(new Ajv(options), subset);
  const queries = createAjv(new Ajv({ ...options, coerceTypes: true }), subset);
  const compiled = new Map<string, ValidateFunction>();

  function validate(ajv: Ajv, key: string, schema: unknown, value: unknown): string[] {
    const known = compiled.get(key) ?? ajv.compile(anchor(schema));
    compiled.set(key, known);
    if (known(value)) return [];
    return (known.errors ?? []).slice(0, 5).map(({ instancePath, message, params }) => {
      return `${key}${instancePath}: ${message} ${JSON.stringify(params)}`;
    });
  }

  return ({ method, route, query, requestBody, status, responseBody }) => {
    const key = operationKey(method, route);
    const operation = subset.operations[key];
    if (operation === undefined) return [`${key}: GitHub has no such route, or the subset is out of date`];
    const faults: string[] = [];
    if (status < 400) {
      faults.push(...validate(queries, `${key} query`, querySchema(operation), asRecord(query)));
      if (operation.body !== null && (operation.body.required || requestBody !== undefined)) {
        faults.push(...validate(bodies, `${key} body`, operation.body.schema, requestBody));
      }
    }
    const isJson = responseBody !== undefined && !Buffer.isBuffer(responseBody) && typeof responseBody !== 'string';
    if (status === 304) return faults;
    const shape = operation.responses[String(status)] ?? null;
    if (shape === null && status >= 400) {
      if (!REFUSALS.has(status)) return [...faults, `${key}: GitHub never answers ${status}`];
      return [...faults, ...validate(bodies, `${key} ${status}`, { $ref: '#/schemas/basic-error' }, responseBody)];
    }
    if (!(String(status) in operation.responses)) return [...faults, `${key}: GitHub never answers ${status}`];
    if (shape === null) return isJson ? [...faults, `${key} ${status}: GitHub sends no JSON here`] : faults;
    if (responseBody === undefined) return [...faults, `${key} ${status}: GitHub sends JSON here`];
    return isJson ? [...faults, ...validate(bodies, `${key} ${status}`, shape, responseBody)] : faults;
  };
}

function createAjv(ajv: Ajv, subset: Subset): Ajv {
  // The package is CommonJS: its function is the default of the default.
  ajvFormats.default(ajv);
  // The commit addresses of GitHub's own bots (`1+name[bot]@users.noreply.github.com`) are no addresses by the book.
  ajv.addFormat('email', true);
  // Each under a name of its own, so that it is compiled once however many routes lead to it.
  for (const [name, schema] of Object.entries(subset.schemas)) ajv.addSchema(anchor(schema), `github:${name}`);
  return ajv;
}

/** References of a schema compiled alone lead into the subset. */
function anchor(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"github:'));
}

function querySchema({ query }: Operation): object {
  return {
    type: 'object',
    properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
    required: query.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
