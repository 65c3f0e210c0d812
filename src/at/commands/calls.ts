/** Calls, supplementary services, the phone book: a stick has them, nobody here uses them. */

import { entry, unasked } from './entry';

const calls = (name: string, about: string, limit?: number) =>
  entry({ name, about, forms: ['action'], dials: true, ...(limit !== undefined && { limit }) });

const people = (name: string, about: string) => entry({ name, about, forms: ['set'], secret: ['people'] });
const tells = (name: string, about: string) => entry({ name, about, urc: true, secret: ['people'] });

export const CALL_COMMANDS = [
  calls('D', 'Dials', 110_000),
  calls('A', 'Takes a call', 110_000),
  calls('O', 'Goes back to the data connection'),
  calls('H', 'Ends a call'),
  calls('+CHUP', 'Ends a call'),
  calls('+CHLD', 'Holds and joins calls'),
  entry({
    name: '+CECALL',
    about: 'Calls for help',
    forms: ['read', 'test'],
    never: 'it makes an emergency call',
  }),
  people('+CLCC', 'Lists calls'),
  entry({ name: '+CCFC', about: 'Forwards calls', forms: ['set'], limit: 170_000, secret: ['people'] }),
  entry({
    name: '+CCWA',
    about: 'A call waits',
    forms: ['read', 'set'],
    limit: 170_000,
    urc: 'setAnswers',
    secret: ['people'],
  }),
  tells('+CRING', 'A call'),
  tells('+CLIP', 'Who calls'),
  tells('+COLP', 'Who is called'),
  tells('^ORIG', 'A call begins'),
  people('+CPBR', 'Reads the phone book'),
  people('+CPBW', 'Writes into the phone book'),
  people('+CPBF', 'Searches the phone book'),
  ...unasked('Calls', 'RING +CSSI +CSSU ^CONF ^CONN ^CEND ^DDTMF ^CALLSTATE ^CCALLSTATE ^CSNR ^CSCHANNELINFO ^ECLSTAT'),
  ...unasked('Emergency numbers that SIM and network name', '^ECCLIST'),
] as const;
