import { verify } from 'node:crypto';
import { z } from 'zod';
import type { App, State } from './records.ts';

const Header = z.object({ alg: z.literal('RS256') });
const Claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

/** Clock skew a JWT is forgiven, and the longest life GitHub accepts, in seconds. */
const SKEW = 60;
const LONGEST = 600;

/** The App a JWT speaks for, or null when it is malformed, expired, too long-lived or signed by another key. */
export function verifyAppJwt(state: State, token: string, now: Date): App | null {
  const [header, claims, signature] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined) return null;
  const parsed = Claims.safeParse(decode(claims));
  if (!Header.safeParse(decode(header)).success || !parsed.success) return null;
  const { iss, iat, exp } = parsed.data;
  const app = [...state.apps.values()].find(({ id, clientId }) => String(id) === String(iss) || clientId === iss);
  if (app === undefined || app.publicKey === null) return null;
  const seconds = now.getTime() / 1000;
  if (exp < seconds || exp > seconds + LONGEST + SKEW || iat > seconds + SKEW) return null;
  const signed = Buffer.from(`${header}.${claims}`);
  return verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url')) ? app : null;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return null;
  }
}
