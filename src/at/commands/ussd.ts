/** USSD: codes like *100# and the answers of the network. */

import { entry } from './entry';

export const USSD_COMMANDS = [
  entry({
    name: '+CUSD',
    about: 'Sends a USSD code; brings the answer',
    forms: ['read', 'set', 'test'],
    limit: 50_000,
    urc: true,
    secret: ['people'],
    spans: 'quote',
  }),
] as const;
