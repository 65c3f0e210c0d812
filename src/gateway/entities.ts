/** The entities of a gateway in Home Assistant, one by one; discovery.ts makes messages of them. */

import { REGISTRATION_STATUS } from '../values/registration';
import type { EntityGroup, GatewaySettings } from './settings';
import type { Topics } from './topics';
import { ENTITY_NAMES, type EntityId } from './words';

/** What `stick` says of its mode. */
export const STICK_MODES = ['storage', 'hilink', 'boot', 'loader', 'tty', 'fastboot', 'unknown', 'absent'] as const;

/** What a receipt may say. */
export const RECEIPT_TYPES = ['accepted', 'sent', 'delivered', 'failed', 'expired', 'refused', 'unknown'] as const;

/** Abbreviated as Home Assistant allows; `p` is its platform. */
export type Component = Readonly<Record<string, unknown>> & { readonly p: string };

/** Available while the gateway is, whatever the stick is at: so that one sees why. */
type Reach = 'stick' | 'gateway';

interface Entity {
  group: EntityGroup;
  reach: Reach;
  component: Component;
}

/** Figures that come late are no figures. */
const EXPIRES = 300;

const memberOf = (group: string, member: string): string =>
  `{{ (value_json.${group} | default({})).${member} | default(none) }}`;

/** What is different about the sensors of figures. */
const diagnostic = { ent_cat: 'diagnostic' };
const level = (unit: 'dBm' | 'dB') => ({
  ...diagnostic,
  dev_cla: 'signal_strength',
  unit_of_meas: unit,
  stat_cla: 'measurement',
  exp_aft: EXPIRES,
  sug_dsp_prc: 0,
});
const bytes = {
  ...diagnostic,
  dev_cla: 'data_size',
  unit_of_meas: 'B',
  stat_cla: 'total_increasing',
  en: false,
};
const counted = { unit_of_meas: 'SMS', stat_cla: 'total_increasing' };

/** All entities that `settings` asks for, by their ids. */
export function entitiesOf(settings: GatewaySettings, topics: Topics): Map<string, Component> {
  const wanted = new Set<EntityGroup>(settings.homeAssistant.groups);
  const { gw } = settings;
  const availability = { t: topics.availability };
  const ready = { t: topics.stick, val_tpl: "{{ 'online' if value_json.ready else 'offline' }}" };
  const found = new Map<string, Component>();
  for (const [id, { group, reach, component }] of allEntities(settings, topics)) {
    if (!wanted.has(group)) continue;
    const { p } = component;
    const own = p === 'device_automation' ? {} : { uniq_id: `e3272_${gw}_${id}`, def_ent_id: `${p}.e3272_${gw}_${id}` };
    const reachable =
      p === 'device_automation'
        ? {}
        : { avty: reach === 'stick' ? [availability, ready] : [availability], avty_mode: 'all' };
    found.set(id, { ...component, ...own, ...reachable });
  }
  return found;
}

function* allEntities(settings: GatewaySettings, topics: Topics): Generator<[string, Entity]> {
  const names = ENTITY_NAMES[settings.homeAssistant.language];
  const of = (group: EntityGroup, reach: Reach, p: string, id: EntityId, rest: object): [string, Entity] => [
    id,
    { group, reach, component: { p, name: names[id], ...rest } },
  ];
  const figure = (group: EntityGroup, id: EntityId, val_tpl: string, rest: object, reach: Reach = 'stick') =>
    of(group, reach, 'sensor', id, { stat_t: topics.state, val_tpl, ...rest });

  yield figure('signal', 'rssi', memberOf('signal', 'rssi'), level('dBm'));
  yield figure('signal', 'rsrp', memberOf('signal', 'rsrp'), level('dBm'));
  yield figure('signal', 'rsrq', memberOf('signal', 'rsrq'), level('dB'));
  yield figure('signal', 'sinr', memberOf('signal', 'sinr'), level('dB'));
  yield figure('network', 'operator', memberOf('network', 'operator'), { ...diagnostic, ic: 'mdi:radio-tower' });
  yield figure('network', 'registration', memberOf('network', 'registration'), {
    ...diagnostic,
    dev_cla: 'enum',
    ops: REGISTRATION_STATUS.options,
  });
  yield figure('network', 'system', memberOf('network', 'system'), { ...diagnostic, ic: 'mdi:access-point-network' });
  yield of('network', 'stick', 'binary_sensor', 'registered', {
    stat_t: topics.state,
    val_tpl: "{{ 'ON' if (value_json.network | default({})).registered | default(false) else 'OFF' }}",
    dev_cla: 'connectivity',
    ...diagnostic,
  });
  yield of('network', 'stick', 'binary_sensor', 'roaming', {
    stat_t: topics.state,
    val_tpl: "{{ 'ON' if (value_json.network | default({})).roaming | default(false) else 'OFF' }}",
    ...diagnostic,
    ic: 'mdi:earth',
  });
  yield figure('sim', 'sim', memberOf('sim', 'state'), { ...diagnostic, ic: 'mdi:sim' });
  yield figure('temperature', 'temperature', '{{ value_json.temperature | default(none) }}', {
    ...diagnostic,
    dev_cla: 'temperature',
    unit_of_meas: '°C',
    stat_cla: 'measurement',
    exp_aft: EXPIRES,
  });
  yield figure('data', 'data_sent', memberOf('data', 'totalTxBytes'), bytes);
  yield figure('data', 'data_received', memberOf('data', 'totalRxBytes'), bytes);
  yield figure(
    'sms',
    'sms_sent',
    '{{ value_json.sms.sent }}',
    { ...counted, ic: 'mdi:message-arrow-right' },
    'gateway',
  );
  yield figure('sms', 'sms_failed', '{{ value_json.sms.failed }}', { ...counted, ic: 'mdi:message-alert' }, 'gateway');
  yield figure(
    'sms',
    'sms_received',
    '{{ value_json.sms.received }}',
    { ...counted, ic: 'mdi:message-arrow-left' },
    'gateway',
  );
  const now = { unit_of_meas: 'SMS', stat_cla: 'measurement', ...diagnostic };
  yield figure('sms', 'sms_queued', '{{ value_json.sms.queued }}', { ...now, ic: 'mdi:tray-full' }, 'gateway');
  yield figure('sms', 'sms_left', '{{ value_json.sms.limit_left }}', { ...now, ic: 'mdi:speedometer' }, 'gateway');
  yield figure('sms', 'sms_last', '{{ value_json.sms.last_received_at }}', { dev_cla: 'timestamp' }, 'gateway');

  yield of('network', 'gateway', 'binary_sensor', 'stick', {
    stat_t: topics.stick,
    val_tpl: "{{ 'ON' if value_json.ready else 'OFF' }}",
    dev_cla: 'connectivity',
    ...diagnostic,
  });
  yield of('network', 'gateway', 'binary_sensor', 'problem', {
    stat_t: topics.stick,
    val_tpl: "{{ 'OFF' if value_json.reason is none else 'ON' }}",
    dev_cla: 'problem',
    ...diagnostic,
  });
  yield of('network', 'gateway', 'sensor', 'mode', {
    stat_t: topics.stick,
    val_tpl: '{{ value_json.mode }}',
    dev_cla: 'enum',
    ops: STICK_MODES,
    ...diagnostic,
  });

  yield of('events', 'gateway', 'event', 'sms', {
    stat_t: topics.received,
    evt_typ: ['received'],
    ic: 'mdi:message-text',
  });
  yield of('events', 'gateway', 'event', 'receipt', {
    stat_t: topics.outcome('sms'),
    evt_typ: RECEIPT_TYPES,
    ic: 'mdi:message-processing',
  });

  // Sent while the stick is away, a message waits for it.
  for (const { key, name } of settings.contacts) {
    yield [`notify_${key}`, { group: 'notify', reach: 'gateway', component: notify(topics, name, `@${key}`) }];
  }
  if (settings.defaultTo !== undefined) yield of('notify', 'gateway', 'notify', 'notify', notify(topics, names.notify));

  for (const id of ['restart', 'rescan'] as const) {
    yield of('buttons', id === 'restart' ? 'stick' : 'gateway', 'button', id, {
      cmd_t: topics.set('command'),
      // An id of Home Assistant's making: what comes twice is done once.
      cmd_tpl: `{{ {'do': '${id}', 'id': 'ha-' ~ now().timestamp()} | tojson }}`,
      ...(id === 'restart' ? { dev_cla: 'restart', ent_cat: 'config' } : { ...diagnostic, ic: 'mdi:refresh' }),
    });
  }
  // Without a command: to write firmware is no matter of one click.
  yield of('firmware', 'gateway', 'update', 'firmware', {
    stat_t: topics.firmware,
    dev_cla: 'firmware',
    ...diagnostic,
  });

  const trigger = (subtype: string, topic: string): Entity => ({
    group: 'triggers',
    reach: 'gateway',
    component: {
      p: 'device_automation',
      atype: 'trigger',
      type: 'sms',
      stype: subtype,
      t: topic,
      val_tpl: '{{ value_json.event_type }}',
      pl: subtype,
    },
  });
  yield ['trigger_received', trigger('received', topics.received)];
  for (const type of ['sent', 'failed', 'expired', 'refused', 'unknown']) {
    yield [`trigger_${type}`, trigger(type, topics.outcome('sms'))];
  }
}

const notify = (topics: Topics, name: string, to?: string): Component => ({
  p: 'notify',
  name,
  cmd_t: topics.set('sms'),
  cmd_tpl: `{{ {${to === undefined ? '' : `'to': '${to}', `}'text': value, 'id': 'ha-' ~ now().timestamp(), 'ttl': 900} | tojson }}`,
  ic: 'mdi:message-text-outline',
});
