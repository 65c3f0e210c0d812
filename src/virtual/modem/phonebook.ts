/** The phone book of the SIM, as far as other programs look at it: `SM` contacts and `ON` own numbers. */

import { fieldsOf, numberIn } from './arguments';
import { fromLine, toLine } from './charset';
import type { Handler } from './handler';
import { BAD, OK } from './reply';
import { withSim } from './sim';
import { BOOKS, type Contact, type ModemContext } from './state';

const SIZE = 250;
const OWN_SIZE = 2;

/** The book that +CPBS has chosen, by index from 1 on. */
function entries(m: ModemContext): ReadonlyMap<number, Contact> {
  if (m.settings.book === 'SM') return m.sim.contacts;
  return new Map(m.sim.number === '' ? [] : [[1, { number: m.sim.number, name: '' }]]);
}

const sizeOf = (m: ModemContext): number => (m.settings.book === 'SM' ? SIZE : OWN_SIZE);

const read: Handler = (m, args) => {
  const [from, to] = fieldsOf(args);
  const first = numberIn(from, 1, sizeOf(m));
  const last = numberIn(to, 1, sizeOf(m), first);
  if (first === undefined || last === undefined) return { cme: 21 };
  const { charset } = m.settings.sms;
  return [...entries(m)]
    .filter(([index]) => index >= first && index <= last)
    .sort(([a], [b]) => a - b)
    .map(([index, { number, name }]) => {
      return `+CPBR: ${index},"${number}",${number.startsWith('+') ? 145 : 129},"${toLine(name, charset)}"`;
    });
};

/** `=<index>` deletes, `=[<index>],"<number>",<type>,"<name>"` writes. */
const write: Handler = (m, args) => {
  const [at, number, , name] = fieldsOf(args);
  if (m.settings.book !== 'SM') return { cme: 3 };
  const { contacts } = m.sim;
  let index = numberIn(at, 1, SIZE, 0);
  if (index === undefined) return { cme: 21 };
  if (number === undefined) {
    contacts.delete(index);
    return OK;
  }
  const text = fromLine(name ?? '', m.settings.sms.charset);
  if (text === undefined || !/^\+?[0-9*#]{1,20}$/.test(number)) return BAD;
  for (let n = 1; index === 0 && n <= SIZE; n++) if (!contacts.has(n)) index = n;
  if (index === 0) return { cme: 20 };
  contacts.set(index, { number, name: text });
  return OK;
};

export const PHONEBOOK_COMMANDS: [string, Handler][] = [
  ['+CPBS?', withSim((m) => [`+CPBS: "${m.settings.book}",${entries(m).size},${sizeOf(m)}`])],
  ['+CPBS=?', () => [`+CPBS: (${BOOKS.map((book) => `"${book}"`).join(',')})`]],
  [
    '+CPBS=',
    withSim((m, args) => {
      const book = BOOKS.find((name) => name === fieldsOf(args)[0]);
      if (!book) return BAD;
      m.settings.book = book;
      return OK;
    }),
  ],
  ['+CPBR=?', withSim((m) => [`+CPBR: (1-${sizeOf(m)}),20,18`])],
  ['+CPBR=', withSim(read)],
  ['+CPBW=?', withSim((m) => [`+CPBW: (1-${sizeOf(m)}),20,(129,145),18`])],
  ['+CPBW=', withSim(write)],
];
