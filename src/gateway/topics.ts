/** The topics of a gateway: one tree for each name, nothing of it below Home Assistant's prefix. */

/** What may be asked of a gateway, by the topic `e3272/<gw>/<kind>/set`. */
export const COMMAND_KINDS = ['sms', 'ussd', 'at', 'command'] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

const NAME = /^[a-z0-9_]{1,32}$/;

/** Whether a gateway may be called so: it is a level of a topic, a word of a routing key, and part of ids of Home Assistant. */
export const isGatewayName = (name: string): boolean => NAME.test(name);

export interface Topics {
  readonly root: string;
  readonly availability: string;
  readonly stick: string;
  readonly state: string;
  readonly info: string;
  readonly firmware: string;
  readonly health: string;
  readonly received: string;
  /** To be subscribed to: all commands. */
  readonly commands: string;
  set(kind: CommandKind): string;
  /** Where the outcome of a command of this kind is told. */
  outcome(kind: CommandKind): string;
}

export function topicsOf(gw: string): Topics {
  const root = `e3272/${gw}`;
  return {
    root,
    availability: `${root}/availability`,
    stick: `${root}/stick`,
    state: `${root}/state`,
    info: `${root}/info`,
    firmware: `${root}/firmware`,
    health: `${root}/health`,
    received: `${root}/sms/received`,
    commands: `${root}/+/set`,
    set: (kind) => `${root}/${kind}/set`,
    outcome: (kind) => (kind === 'sms' ? `${root}/sms/receipt` : `${root}/${kind}/result`),
  };
}

/** Those that are kept by the broker: they are emptied when the gateway goes. */
export const retainedTopics = ({ availability, stick, state, info, firmware, health }: Topics): string[] => [
  stick,
  state,
  firmware,
  health,
  info,
  availability,
];

/** The kind of command that comes on `topic`; undefined where it is none of ours. */
export const kindOf = (topics: Topics, topic: string): CommandKind | undefined =>
  COMMAND_KINDS.find((kind) => topics.set(kind) === topic);
