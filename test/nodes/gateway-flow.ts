/** The nodes of a gateway in its direct form, as the editor saves them, without limits. */

import { GATEWAY } from '../../nodes/e3272-gateway/saved';
import type { FlowNode } from './runtime';

/** The broker node of the gateway `gw`, with all that docs/gateway.md wants. MQTT 5 unless `more` says otherwise. */
export const brokerNode = (port: number, more: object = {}, gw = 'gw1'): FlowNode => ({
  id: 'broker',
  type: 'mqtt-broker',
  broker: '127.0.0.1',
  port: String(port),
  clientid: `e3272-${gw}`,
  autoConnect: true,
  usetls: false,
  protocolVersion: '5',
  keepalive: '15',
  cleansession: false,
  autoUnsubscribe: false,
  sessionExpiry: '86400',
  ...Object.fromEntries(
    [
      ['birth', 'online'],
      ['close', 'offline'],
      ['will', 'offline'],
    ].flatMap(([word, payload]) => [
      [`${word}Topic`, `e3272/${gw}/availability`],
      [`${word}Qos`, '1'],
      [`${word}Retain`, 'true'],
      [`${word}Payload`, payload],
      [`${word}Msg`, {}],
    ]),
  ),
  ...more,
});

export const gatewayNode = (more: object = {}): FlowNode => ({
  ...GATEWAY.fresh,
  id: 'gateway',
  type: 'e3272-gateway',
  z: 'tab',
  stick: 'stick',
  broker: 'broker',
  gw: 'gw1',
  hour: '',
  day: '',
  number: '',
  wires: [[]],
  ...more,
});
