/** The network: current-plmn, what the stick may use (net-mode, net-mode-list, the older net/network), those it has found. */

import { orderNames } from '../../at/commands/selection';
import { bandNames, lteBandNames } from '../../values/bands';
import { known, knownOrNothing } from '../../values/shape';
import { WEB_FOUND, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { RATS } from './codes';
import { endpoint } from './endpoint';

const plmnOf = (answer: Fields) => /^\d{5,6}$/.exec(answer.text('Numeric') ?? '')?.[0];

/** A name may be missing, or be the number. */
function readPlmn(answer: Fields): WebValues {
  const plmn = plmnOf(answer);
  const choice = { 0: 'automatic' as const, 1: 'manual' as const }[answer.code('State') ?? -1];
  return known({
    network: knownOrNothing({
      choice,
      operator: answer.text('FullName', 'ShortName', 'Spn') ?? plmn,
      short: answer.text('ShortName'),
      plmn,
      system: RATS[answer.code('Rat') ?? -1],
    }),
  });
}

const maskOf = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^(?:0x)?[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text.replace(/^0x/i, '')}`) : undefined;

/** All of them, whose masks sticks write in more than one way: 7FFFFFFFFFFFFFFF, 7ffffffffffffff, all ones. */
const namesOf = (text: string | undefined, names: (mask: bigint) => string[]): string[] | undefined => {
  const mask = maskOf(text);
  if (mask === undefined || mask === 0n) return undefined;
  return /^7?f{14,}$/i.test(text ?? '') ? ['any'] : names(mask);
};

function readMode(answer: Fields): WebValues {
  const mode = /^(?:[0-9A-F]{2}){1,8}$/i.exec(answer.text('NetworkMode') ?? '')?.[0];
  const networkBand = answer.text('NetworkBand');
  const lteBand = answer.text('LTEBand');
  return known({
    selection: knownOrNothing({
      order: mode === undefined ? undefined : orderNames(mode),
      mode,
      bands: namesOf(networkBand, bandNames),
      networkBand: maskOf(networkBand) === undefined ? undefined : networkBand,
      lteBands: namesOf(lteBand, lteBandNames),
      lteBand: maskOf(lteBand) === undefined ? undefined : lteBand,
    }),
  });
}

function readModeList(answer: Fields): WebValues {
  const modes = answer.texts('AccessList', 'Access');
  const offers = (list: string, item: string, names: (mask: bigint) => string[]) =>
    answer.list(list, item).map((band) => {
      const mask = band.text('Value');
      return known({ name: band.text('Name'), mask, bands: namesOf(mask, names) });
    });
  return {
    offer: {
      modes,
      orders: modes.flatMap((mode) => {
        const order = orderNames(mode);
        return order ? [order] : [];
      }),
      bands: offers('BandList', 'Band', bandNames),
      lteBands: offers('LTEBandList', 'LTEBand', lteBandNames),
    },
  };
}

/** NetworkMode of net/network, which firmware before net-mode has. */
export const OLD_MODES: Readonly<Record<string, readonly string[]>> = {
  0: ['auto'],
  1: ['GSM'],
  2: ['WCDMA'],
  3: ['GSM', 'WCDMA'],
  4: ['WCDMA', 'GSM'],
  5: ['LTE'],
};

function readOldMode(answer: Fields): WebValues {
  const mode = answer.text('NetworkMode');
  const order = OLD_MODES[mode ?? ''];
  const networkBand = answer.text('NetworkBand');
  return known({ selection: knownOrNothing({ mode, order: order && [...order], networkBand }) });
}

const readFound = (answer: Fields): WebValues => ({
  networks: answer.list('Networks', 'Network').map((network) =>
    known({
      status: WEB_FOUND.members.status.options[network.code('State') ?? -1],
      name: network.text('FullName', 'ShortName'),
      short: network.text('ShortName'),
      plmn: plmnOf(network),
      act: RATS[network.code('Rat') ?? -1],
    }),
  ),
});

const readRegister = (answer: Fields): WebValues =>
  known({
    network: knownOrNothing({
      choice: { 0: 'automatic' as const, 1: 'manual' as const }[answer.code('Mode') ?? -1],
      plmn: /^\d{5,6}$/.exec(answer.text('Plmn') ?? '')?.[0],
    }),
  });

export const PLMN = endpoint('net/current-plmn', 'The operator', readPlmn);
export const NET_MODE = endpoint('net/net-mode', 'Which systems and bands it may use', readMode);
export const NET_MODE_LIST = endpoint('net/net-mode-list', 'What these may be set to', readModeList);
export const OLD_NET_MODE = endpoint('net/network', 'Which systems it may use, older firmware', readOldMode);
export const PLMN_LIST = endpoint('net/plmn-list', 'Networks that it hears; takes minutes, data is down', readFound);
export const NETWORK_ENDPOINTS = [
  PLMN,
  NET_MODE,
  NET_MODE_LIST,
  OLD_NET_MODE,
  PLMN_LIST,
  endpoint('net/register', 'How the network is chosen', readRegister),
] as const;
