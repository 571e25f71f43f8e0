import { data, Evaluator, type Expr, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { TokenType } from '@actions/expressions/lexer';
import { PulltrainError } from '../../../pipelines/errors.ts';
import type { Json, JsonObject } from './json.ts';
import { toExpressionData } from './to-expression-data.ts';

/** A function beyond the built-in ones, such as `success` or `hashFiles`. Names are lower case. */
export type ScopeFunction = { name: string; minArgs: number; maxArgs: number; call(args: string[]): boolean | string };

/** What an expression may see. A context that is not here is an error, as on GitHub. */
export type Scope = { contexts: JsonObject; functions: readonly ScopeFunction[] };

const statusFunctions = new Set(['success', 'failure', 'cancelled', 'always']);

/** Evaluates one expression, without its `${{ }}`. Throws `workflow-expression`. */
export function evaluateExpression(text: string, scope: Scope): Json {
  return fromData(evaluateToData(text, scope));
}

/** Evaluates an `if`. A condition without a status function means `success() && (condition)`. */
export function evaluateCondition(text: string, scope: Scope): boolean {
  const trimmed = text.trim();
  const condition = trimmed === '' ? 'success()' : trimmed;
  const guarded = usesStatusFunction(condition) ? condition : `success() && (${condition})`;
  const value = fromData(evaluateToData(guarded, scope));
  return value !== null && value !== false && value !== '' && value !== 0 && !Number.isNaN(value);
}

/** The text an expression's value becomes inside a string: objects and lists become GitHub's `Object` and `Array`. */
export function evaluateToText(text: string, scope: Scope): string {
  return evaluateToData(text, scope).coerceString();
}

function evaluateToData(text: string, scope: Scope): data.ExpressionData {
  try {
    const functions = scope.functions.map(toFunction);
    const names = Object.keys(scope.contexts);
    const expression = parse(text, names, functions);
    const contexts = new data.Dictionary(
      ...names.map((key) => ({ key, value: toExpressionData(scope.contexts[key] ?? null) })),
    );
    return new Evaluator(expression, contexts, new Map(functions.map((entry) => [entry.name, entry]))).evaluate();
  } catch (cause) {
    throw new PulltrainError('workflow-expression', {
      what: `the expression cannot be evaluated: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: `\${{ ${text} }}`,
      cause,
    });
  }
}

function parse(text: string, contexts: string[], functions: FunctionDefinition[]): Expr {
  // The official lexer unescapes only the first '' of a string, so each string is taken from its lexeme again.
  const tokens = new Lexer(text)
    .lex()
    .tokens.map((token) =>
      token.type === TokenType.STRING ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token,
    );
  return new Parser(tokens, contexts, functions).parse();
}

function usesStatusFunction(text: string): boolean {
  try {
    const { tokens } = new Lexer(text).lex();
    return tokens.some(
      (token, index) =>
        token.type === TokenType.IDENTIFIER &&
        statusFunctions.has(token.lexeme.toLowerCase()) &&
        tokens[index + 1]?.type === TokenType.LEFT_PAREN,
    );
  } catch {
    // Left as it is, so that evaluating it reports where it is malformed.
    return true;
  }
}

function toFunction({ name, minArgs, maxArgs, call }: ScopeFunction): FunctionDefinition {
  return {
    name,
    description: '',
    minArgs,
    maxArgs,
    call: (...args) => {
      const result = call(args.map((argument) => argument.coerceString()));
      return typeof result === 'boolean' ? new data.BooleanData(result) : new data.StringData(result);
    },
  };
}

function fromData(value: data.ExpressionData): Json {
  const plain: Json = JSON.parse(JSON.stringify(value, data.replacer));
  return plain;
}
