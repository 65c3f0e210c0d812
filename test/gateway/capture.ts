/**
 * The life of a gateway as somebody hears it who listens to the whole broker: what a judge of Home Assistant's rules reads. A
 * virtual stick, a broker in memory, a virtual clock.
 */

import type { GatewaySettings } from '../../src/gateway/settings';
import type { Language } from '../../src/gateway/words';
import { type Captured, CONTACT, type GatewayBench, gatewayBench, OTHER, settingsOf } from './gateway-bench';

export interface Variant {
  name: string;
  hilink: boolean;
  form: 'device' | 'single';
  language: Language;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'at-device', hilink: false, form: 'device', language: 'en' },
  { name: 'at-single', hilink: false, form: 'single', language: 'de' },
  { name: 'hilink-device', hilink: true, form: 'device', language: 'ru' },
  { name: 'hilink-single', hilink: true, form: 'single', language: 'zh' },
];

/** In each text, so that it can be looked for. */
export const PLANTED_TEXT = 'planted';
/** Without what is before the number in the country, so that they are found however they are written. */
export const PLANTED_NUMBERS = [CONTACT.slice(3), OTHER.slice(3)];

/** All that was heard until the end of a scene: a judge looks at what Home Assistant has then. */
export interface Scene {
  name: string;
  captured: readonly Captured[];
}

/** The scenes of a life, one after the other. */
export async function scenesOf(variant: Variant): Promise<Scene[]> {
  const scenes: Scene[] = [];
  const { hilink, form, language } = variant;
  const home = (more: Partial<GatewaySettings['homeAssistant']> = {}) => ({
    homeAssistant: { ...settingsOf().homeAssistant, form, language, ...more },
  });
  const settings = { ...home(), defaultTo: '@anna', ussd: ['*100#'] };
  const it = await gatewayBench({ hilink, settings });
  const end = (name: string) => scenes.push({ name, captured: [...it.broker.captured] });
  birth(it);
  await it.wait(60_000);
  await figures(it);
  await messages(it);
  end('used');

  // Node-RED is killed, then stopped and started.
  killed(it);
  await it.wait(5_000);
  it.restart();
  await connected(it);
  await it.close();
  it.restart();
  await connected(it);
  // The broker is killed, and has kept nothing.
  killed(it);
  it.broker.retained.clear();
  await it.wait(20_000);
  await connected(it);
  // Home Assistant is started again.
  birth(it);
  await it.wait(60_000);
  end('restarted');

  const next = async (more: Partial<GatewaySettings>) => {
    await it.close();
    it.restart({ ...settings, ...more });
    await connected(it);
  };
  await next({ ...home({ groups: ['signal', 'sms', 'events'], name: 'Cellar' }), contacts: [] });
  end('turned-off');
  await next({});
  await next({ gw: 'gw2' });
  await messages(it, 'gw2');
  end('renamed');
  await it.close(true);
  end('removed');
  it.restart({ ...settings, gw: 'gw3' });
  await connected(it);
  await next({ gw: 'gw3', ...home({ form: form === 'device' ? 'single' : 'device' }) });
  end('moved');
  await it.close(true);
  return scenes;
}

async function connected(it: GatewayBench): Promise<void> {
  it.connect();
  await it.wait(60_000);
}

/** The connection ends without a word: the broker tells the gateway's will. */
function killed(it: GatewayBench): void {
  it.disconnect();
  it.broker.publish({ topic: it.gateway.topics.availability, payload: 'offline', retain: true, qos: 1 });
}

const birth = ({ broker }: GatewayBench): void =>
  broker.publish({ topic: 'homeassistant/status', payload: 'online', retain: false, qos: 0 });

/** Radio, network and SIM are this way and that. */
async function figures(it: GatewayBench): Promise<void> {
  const { stick } = it;
  for (const change of [
    () => stick.world.changeRadio({ rsrp: -113, rsrq: -17.5, sinr: -2, rssi: -97, temperature: 61 }),
    () => stick.world.changeRadio({ registration: 'roaming', operator: 'Elsewhere' }),
    () => stick.world.changeRadio({ registration: 'searching', rsrp: null, rsrq: null, sinr: null, temperature: null }),
    () => stick.world.changeRadio({ registration: 'home', system: 'WCDMA', rscp: -80, ecio: -6 }),
    () => stick.removeSim(),
    () => stick.insertSim(),
    () => stick.world.changeRadio({ registration: 'home', system: 'LTE', rsrp: -90, rsrq: -9, sinr: 12 }),
  ]) {
    change();
    await it.wait(45_000);
  }
}

/** As Home Assistant and others send them, and as they come. */
async function messages(it: GatewayBench, gw = 'gw1'): Promise<void> {
  const ask = (kind: string, command: object) =>
    it.broker.publish({ topic: `e3272/${gw}/${kind}/set`, payload: JSON.stringify(command), retain: false, qos: 1 });
  ask('sms', { to: '@anna', text: `${PLANTED_TEXT} by a notify entity`, id: 'ha-1796083200.123456', ttl: 900 });
  ask('sms', { text: `${PLANTED_TEXT} for whom it is sent to by default`, id: 'ha-1796083201.5', ttl: 900 });
  ask('sms', { id: 'long', to: OTHER, text: `${PLANTED_TEXT} ${'long '.repeat(60)}`, report: true, priority: 'alarm' });
  ask('sms', { id: 'long', to: OTHER, text: `${PLANTED_TEXT} under an id that is taken` });
  ask('sms', { id: 'short', to: '22922', text: `${PLANTED_TEXT} and refused` });
  ask('sms', { id: 'typo', to: OTHER, txt: `${PLANTED_TEXT} and not understood` });
  ask('command', { do: 'rescan', id: 'ha-1796083202.25' });
  ask('ussd', { code: '*100#', id: 'balance' });
  ask('at', { command: 'AT+CSQ', id: 'refused' });
  await it.wait(60_000);
  ask('sms', { id: 'late', to: OTHER, text: `${PLANTED_TEXT} too late`, ttl: 1, sent_at: '2026-01-01T00:00:00Z' });
  it.stick.receiveSms({ from: OTHER, text: `${PLANTED_TEXT} from outside` });
  it.stick.receiveSms({ from: OTHER, text: `${PLANTED_TEXT} ${'öé€ '.repeat(60)}` });
  await it.wait(60_000);
  ask('command', { do: 'restart', id: 'ha-1796083203.75' });
  await it.wait(30_000);
  // A stick with HiLink firmware is a CD-ROM after that.
  it.stick.unplug();
  await it.wait(30_000);
  await it.back();
  await it.wait(60_000);
}
