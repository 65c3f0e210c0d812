/** Settings: the LAN, which functions the firmware has. */

import { known, knownOrNothing } from '../../values/shape';
import { WEB_LAN, type WebValues } from '../../values/web';
import { addresses, type Fields } from '../fields';
import { endpoint } from './endpoint';

function readLan(answer: Fields): WebValues {
  const pool = [answer.address('DhcpStartIPAddress'), answer.address('DhcpEndIPAddress')].flatMap((one) => one ?? []);
  return known({
    lan: knownOrNothing({
      ip: answer.address('DhcpIPAddress'),
      mask: answer.address('DhcpLanNetmask'),
      dhcp: answer.flag('DhcpStatus'),
      pool: pool.length === 2 ? pool : undefined,
      lease: answer.whole('DhcpLeaseTime', WEB_LAN.members.lease),
      dnsAuto: answer.flag('DnsStatus'),
      dns: addresses(answer.text('PrimaryDns'), answer.text('SecondaryDns')),
    }),
  });
}

const readFeatures = (answer: Fields): WebValues =>
  known({
    features: knownOrNothing({
      ussd: answer.flag('ussd_enabled'),
      sms: answer.flag('sms_enabled'),
      phonebook: answer.flag('pb_enabled'),
      dataSwitch: answer.flag('dataswitch_enabled'),
      encryption: answer.flag('encrypt_enabled'),
      sdCard: answer.flag('sdcard_enabled'),
      wifi: answer.flag('wifi_enabled'),
      statistics: answer.flag('statistic_enabled'),
      monthly: answer.flag('monthly_volume_enabled'),
      localUpdate: answer.flag('localupdate_enabled'),
      powerOff: answer.flag('poweroff_enabled'),
    }),
  });

export const LAN = endpoint('dhcp/settings', 'The LAN between stick and machine', readLan);
export const FEATURES = endpoint('global/module-switch', 'Which functions the firmware has', readFeatures);
export const SETTINGS_ENDPOINTS = [
  LAN,
  FEATURES,
  endpoint('language/current-language', 'Language of the pages', (answer) =>
    known({ language: answer.text('CurrentLanguage') }),
  ),
  endpoint('redirection/homepage', 'Where the pages begin', (answer) => known({ homepage: answer.text('Homepage') })),
] as const;
