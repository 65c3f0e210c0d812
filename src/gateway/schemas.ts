/** The JSON schemas of the package, as they are used: the same files that others check their payloads with. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { failure } from '../errors';
import type { Commands } from './payloads';
import type { CommandKind } from './topics';

/** Of this version of the payloads, above src/ and above build/src/ alike. */
const FOLDER = join(__dirname, '../../../schemas/mqtt/v1');

export const SCHEMAS = [
  ...['sms-set', 'ussd-set', 'at-set', 'command-set', 'sms-received', 'sms-receipt', 'result'],
  ...['stick', 'state', 'info', 'health'],
] as const;

const ajv = new Ajv({ allErrors: false, allowUnionTypes: true });
const compiled = new Map<string, ValidateFunction>();

export function schema(name: string): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const made = ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as object);
  compiled.set(name, made);
  return made;
}

/** Why `value` does not fit the schema `name`; undefined where it does. No value is in it: it may be a text of somebody. */
export function faultOf(name: string, value: unknown): string | undefined {
  const check = schema(name);
  if (check(value)) return undefined;
  const { instancePath, message = 'it does not fit', params } = check.errors?.[0] ?? {};
  const member = (params as { additionalProperty?: string } | undefined)?.additionalProperty;
  const where = instancePath ? `${instancePath.slice(1)} ` : '';
  return `${where}${message}${member === undefined ? '' : ` (${member.slice(0, 40)})`}`;
}

/** A command as it must be. Error: BAD_ARGUMENT. */
export function readCommand<K extends CommandKind>(kind: K, value: unknown): Commands[K] {
  const fault = faultOf(`${kind}-set`, value);
  if (fault !== undefined) throw failure('BAD_ARGUMENT/command-schema', { kind, fault });
  return value as Commands[K];
}
