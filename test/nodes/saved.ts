/** Flows as release 0.1 has saved them, and what the nodes of today save. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AT } from '../../nodes/e3272-at/saved';
import { DETECT } from '../../nodes/e3272-detect/saved';
import { FLASH } from '../../nodes/e3272-flash/saved';
import { MODESWITCH } from '../../nodes/e3272-modeswitch/saved';
import { SMS_IN } from '../../nodes/e3272-sms-in/saved';
import { SMS_OUT } from '../../nodes/e3272-sms-out/saved';
import { STATUS } from '../../nodes/e3272-status/saved';
import { STICK } from '../../nodes/e3272-stick/saved';
import { USSD } from '../../nodes/e3272-ussd/saved';
import { VIRTUAL } from '../../nodes/e3272-virtual/saved';
import type { Versions } from '../../nodes/shared/versions';
import { packageRoot } from './package-root';

/** A node as it stands in a flow file. */
type FlowNode = { id: string; type: string } & Record<string, unknown>;

export const VERSIONS: Readonly<Record<string, Versions<object>>> = {
  'e3272-at': AT,
  'e3272-detect': DETECT,
  'e3272-flash': FLASH,
  'e3272-modeswitch': MODESWITCH,
  'e3272-sms-in': SMS_IN,
  'e3272-sms-out': SMS_OUT,
  'e3272-status': STATUS,
  'e3272-stick': STICK,
  'e3272-ussd': USSD,
  'e3272-virtual': VIRTUAL,
};

export const FLOWS_01 = join(packageRoot, 'test/data/flows-0.1');

/** Saved before the settings existed that were added within 0.1: the other flows have them all. */
export const OLDEST = 'Before later settings';

export const flows01: { title: string; flow: FlowNode[] }[] = readdirSync(FLOWS_01).map((file) => ({
  title: file.replace(/\.json$/, ''),
  flow: JSON.parse(readFileSync(join(FLOWS_01, file), 'utf8')) as FlowNode[],
}));

/** The nodes of this package in them. */
export const nodes01: FlowNode[] = flows01.flatMap(({ flow }) => flow.filter(({ type }) => type in VERSIONS));
