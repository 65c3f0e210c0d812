/** What the dialogs mark as wrong, and what they let pass. */

import assert from 'node:assert/strict';
import { definition, TYPES } from './definitions';

interface Field {
  type: string;
  field: string;
  good: readonly unknown[];
  bad: readonly unknown[];
  /** The other settings of the node. */
  node?: object;
}

const FROM_ENVIRONMENT = `$${'{NAME}'}`;

/** Node-RED puts the value of the environment in its place. */
const ENV = ['$', '{E3272_GW}'].join('');

const seconds = { good: ['', undefined, null, 1, '2.5'], bad: ['0', '-1', 'soon'] };

const FIELDS: readonly Field[] = [
  { type: 'e3272-stick', field: 'stick', good: stickNames(), bad: ['', '1', 'virtual-0', 'imei:12', 'sim:8', 'auto '] },
  { type: 'e3272-stick', field: 'timeout', ...seconds },
  {
    type: 'e3272-stick',
    field: 'hilinkAddress',
    good: ['', '192.168.8.1', 'http://192.168.8.1/', 'http://127.0.0.1:18080'],
    bad: ['https://192.168.8.1', 'http://admin:secret@192.168.8.1', 'http://192.168.8.1/html', 'a b'],
  },
  { type: 'e3272-stick', field: 'pulse', good: ['', undefined, '0', 60], bad: ['-1', 'never'] },
  { type: 'e3272-modeswitch', field: 'timeout', good: [20, '0.5'], bad: ['', undefined, '0', 'soon'] },
  { type: 'e3272-modeswitch', field: 'configuration', good: ['', undefined, 1, '255'], bad: ['0', '256', '1.5', 'x'] },
  {
    type: 'e3272-flash',
    field: 'setport',
    good: ['FF;10,12', ' ff ; 10 , 12 ', ';', 'FF;'],
    bad: ['', 'FF', 'FF;10;12', '100;1'],
  },
  { type: 'e3272-at', field: 'timeout', ...seconds },
  { type: 'e3272-at', field: 'command', node: { commandType: 'str' }, good: ['AT+CSQ'], bad: ['', 'AT\r', '\u00e4'] },
  { type: 'e3272-at', field: 'command', node: { commandType: 'named' }, good: ['signal'], bad: ['', 'AT+CSQ'] },
  { type: 'e3272-at', field: 'allow', node: { commands: 'list' }, good: ['+CSQ'], bad: ['', ' ', undefined] },
  { type: 'e3272-at', field: 'allow', node: { commands: 'guarded' }, good: ['', undefined], bad: [] },
  { type: 'e3272-status', field: 'every', good: ['', undefined, '0', 5, '86400'], bad: ['4', '86401', '-1', 'x'] },
  { type: 'e3272-status', field: 'threshold', good: ['', undefined, 0, '100'], bad: ['-1', '101', 'x'] },
  { type: 'e3272-sms-in', field: 'incomplete', ...seconds },
  { type: 'e3272-sms-in', field: 'poll', ...seconds },
  { type: 'e3272-sms-out', field: 'to', good: ['', undefined, '+49 170/123-45', '*100#'], bad: ['Anna', '+', '4+9'] },
  { type: 'e3272-sms-out', field: 'allowed', good: ['', undefined, '+49*, 22922'], bad: ['Anna', ',', '-'] },
  { type: 'e3272-sms-out', field: 'validity', ...seconds },
  { type: 'e3272-sms-out', field: 'patience', good: ['', undefined, 0, 5], bad: ['-1', 'x'] },
  { type: 'e3272-sms-out', field: 'limit', ...seconds },
  { type: 'e3272-sms-out', field: 'parts', ...seconds },
  {
    type: 'e3272-ussd',
    field: 'code',
    good: ['', undefined, '*100#', ' *123*1# ', '**21*+49170123456#'],
    bad: ['credit', '*100#;', '+CUSD'],
  },
  { type: 'e3272-ussd', field: 'timeout', ...seconds },
  {
    type: 'e3272-virtual',
    field: 'virtual',
    good: ['virtual-1', 'virtual-12@127.0.0.1:3300'],
    bad: ['', 'virtual-0', '1-1.4'],
  },
  { type: 'e3272-gateway', field: 'gw', good: ['pi_4f2a', ENV], bad: ['', 'Pi', 'a/b', 'a-b', 'x'.repeat(33)] },
  { type: 'e3272-gateway', field: 'prefix', good: ['', 'homeassistant', 'ha/x'], bad: ['#', 'a/+', 'a b'] },
  { type: 'e3272-gateway', field: 'birth', good: ['homeassistant/status'], bad: ['', '#', 'a/+'] },
  { type: 'e3272-gateway', field: 'to', good: ['', '@anna', '+49 170/123-45'], bad: ['anna', 'a@b'] },
  { type: 'e3272-gateway', field: 'allowed', good: ['', '+49*, 22922'], bad: ['Anna'] },
  { type: 'e3272-gateway', field: 'ussd', good: ['', '*100#'], bad: ['100 Euro'] },
  { type: 'e3272-gateway', field: 'hour', good: ['', 30, '1'], bad: ['0', '-1', 'x'] },
  { type: 'e3272-gateway', field: 'day', good: ['', 200], bad: ['0', 'x'] },
  { type: 'e3272-gateway', field: 'number', good: ['', 20], bad: ['0', 'x'] },
  { type: 'e3272-gateway', field: 'reserve', good: ['', 0, 10], bad: ['-1', 'x'] },
  { type: 'e3272-gateway', field: 'parts', good: ['', 10], bad: ['0', 'x'] },
  { type: 'e3272-gateway', field: 'ttl', good: ['', 900, '86400'], bad: ['0', '86401', 'x'] },
  { type: 'e3272-gateway', field: 'every', good: ['', 30], bad: ['9', '86401', 'x'] },
  { type: 'e3272-virtual', field: 'web', good: ['', 8080, '1'], bad: ['0', '123456', 'x'] },
];

function stickNames(): string[] {
  return [
    'auto',
    '1-1',
    '1-1.4.2',
    'virtual-1',
    'virtual-2@127.0.0.1:3300',
    `imei:${'1'.repeat(15)}`,
    `sim:89${'1'.repeat(18)}`,
  ];
}

describe('checks of the dialogs', () => {
  // No dialog is open: there are no inputs, only what the node holds.
  const without = { $: () => ({ val: () => undefined }) };

  for (const { type, field, good, bad, node } of FIELDS) {
    it(`${type}: ${field}${node ? ` with ${JSON.stringify(node)}` : ''}`, () => {
      const { validate } = definition(type, without).defaults[field] ?? {};
      assert.ok(validate);
      const self = { ...node, _: (key: string) => key };
      const fromEnvironment = /command|allow/.test(field) ? [] : [FROM_ENVIRONMENT];
      for (const value of [...good, ...fromEnvironment]) {
        assert.equal(validate.call(self, value), true, `${value}`);
        assert.equal(validate.call(self, value, {}), true, `${value}`);
      }
      for (const value of bad) {
        assert.equal(validate.call(self, value), false, `${value}`);
        assert.match(String(validate.call(self, value, {})), /^invalid\.\w+$/, `${value}`);
      }
    });
  }

  it('are all there', () => {
    const checked = new Set(FIELDS.map(({ type, field }) => `${type} ${field}`));
    for (const type of TYPES) {
      for (const [field, { validate }] of Object.entries(definition(type).defaults)) {
        assert.ok(!validate || checked.has(`${type} ${field}`), `${type} ${field}`);
      }
    }
  });
});
