/** What the stick says of itself: device/information, device/basic_information. */

import { iccidOf } from '../../at/commands/sim';
import { known, knownOrNothing } from '../../values/shape';
import { WEB_VALUES, type WebIdentity, type WebValues } from '../../values/web';
import { addresses, type Fields } from '../fields';
import { systemNamed } from './codes';
import { endpoint } from './endpoint';

const { uptime: UPTIME } = WEB_VALUES.members;

const digits = (text: string | undefined, form: RegExp) => (text !== undefined && form.test(text) ? text : undefined);

/** 15 digits whose last one is right (3GPP TS 23.003, annex B); people mask theirs with x, firmware without one has zeros. */
export function imeiOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?!0{15})\d{15}$/.test(text)) return undefined;
  let sum = 0;
  for (const [at, digit] of [...text].entries()) {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0 ? text : undefined;
}

const macOf = (text: string | undefined) => digits(text, /^(?!00(?:[:-]00){5}$)[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i);

/** Published answers mask what is private; so may a firmware that hides it until somebody logs in. */
const unmasked = (text: string | undefined) =>
  text === undefined || /^[x*]+$/i.test(text) || /^unknown$/i.test(text) ? undefined : text;

/** `LTE|WCDMA|GSM`. */
function systemsOf(text: string | undefined): string[] | undefined {
  const systems = (text ?? '').split('|').flatMap((name) => systemNamed(name.trim()) ?? []);
  return systems.length > 0 ? systems : undefined;
}

function readInformation(answer: Fields): WebValues {
  const iccid = answer.text('Iccid');
  return known({
    identity: identityOf(
      answer,
      known({
        hardware: answer.text('HardwareVersion'),
        imei: imeiOf(answer.text('Imei')),
        imsi: digits(answer.text('Imsi'), /^(?!0+$)\d{14,15}$/),
        iccid: iccid === undefined ? undefined : iccidOf(iccid),
        serial: unmasked(answer.text('SerialNumber')),
        msisdn: digits(answer.text('Msisdn'), /^\+?\d{3,20}$/),
        mac: macOf(answer.text('MacAddress1')),
        systems: systemsOf(answer.text('supportmode')),
      }),
    ),
    addresses: knownOrNothing({
      ip: answer.address('WanIPAddress'),
      ipv6: answer.address('WanIPv6Address'),
      dns: addresses(answer.text('wan_dns_address'), answer.text('wan_ipv6_dns_address')),
    }),
    network: knownOrNothing({
      system: systemNamed(answer.text('workmode')),
      plmn: digits(answer.text('Mccmnc'), /^\d{5,6}$/),
    }),
    uptime: answer.whole('uptime', UPTIME),
  });
}

/** In lower case, and open to all. */
function readBasic(answer: Fields): WebValues {
  const savePin = answer.flag('sim_save_pin_enable');
  return known({ identity: identityOf(answer, {}), features: knownOrNothing({ savePin }) });
}

const identityOf = (answer: Fields, more: WebIdentity): WebIdentity | undefined =>
  knownOrNothing({
    model: unmasked(answer.text('DeviceName')),
    revision: answer.text('SoftwareVersion'),
    webui: answer.text('WebUIVersion'),
    family: answer.text('Classify'),
    ...more,
  });

export const INFORMATION = endpoint('device/information', 'Identity; wants a login on some firmware', readInformation);
export const BASIC = endpoint('device/basic_information', 'Identity that is open to all', readBasic);
export const IDENTITY_ENDPOINTS = [INFORMATION, BASIC] as const;
