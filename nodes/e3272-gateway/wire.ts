/** The way to a broker by wires: messages of mqtt in, of a status node, and out to mqtt out. */

import type { NodeMessage } from 'node-red';
import type { Incoming } from '../../src/gateway/incoming';
import type { Outgoing } from '../../src/gateway/post';

interface WiredMessage extends NodeMessage {
  retain?: unknown;
  responseTopic?: unknown;
  correlationData?: unknown;
  messageExpiryInterval?: unknown;
  status?: unknown;
}

/** What a status node at mqtt in or mqtt out tells of the connection; undefined where the message is something else. */
export function connectionOf({ status }: WiredMessage): boolean | undefined {
  const text = typeof status === 'object' && status !== null && 'text' in status ? status.text : undefined;
  const word = /^node-red:common\.status\.(\w+)$/.exec(String(text))?.[1];
  return word === undefined ? undefined : word === 'connected';
}

/** A message as mqtt in hands it on. */
export function incomingOf({
  topic = '',
  payload,
  retain,
  responseTopic,
  correlationData,
  messageExpiryInterval,
}: WiredMessage): Incoming {
  return {
    topic: String(topic),
    payload,
    retain: retain === true,
    ...(typeof responseTopic === 'string' && { responseTopic }),
    ...(correlationData instanceof Uint8Array && { correlationData }),
    ...(Number.isFinite(messageExpiryInterval) && { expiry: Number(messageExpiryInterval) }),
  };
}

/** A message for mqtt out. */
export const messageOf = ({ topic, payload, retain, qos, correlationData }: Outgoing): NodeMessage & object => ({
  topic,
  payload,
  retain,
  qos,
  ...(correlationData && { correlationData }),
});
