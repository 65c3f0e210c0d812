import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-at saves. */
export interface SavedAt {
  stick: string;
  /** By `commandType` a named command, the command itself, a property of the message or of a context, an expression. */
  command: string;
  commandType: string;
  /** Seconds. */
  timeout: Amount;
  /** Beginnings of URCs, separated by commas; empty for all. */
  urcs: string;
  /** `list`: only the commands of `allow`, whatever a message says. */
  commands: 'guarded' | 'list';
  allow: string;
  /** Sends dangerous commands too. `asked`: as in 0.1, where `force` of a message decides. */
  dangerous: boolean | 'asked';
}

type Version1 = Omit<SavedAt, 'commands' | 'allow' | 'dangerous'> & Partial<SavedAt>;

export const AT = versions<SavedAt, Version1>(
  {
    stick: '',
    command: 'payload',
    commandType: 'msg',
    timeout: '',
    urcs: '',
    commands: 'guarded',
    allow: '',
    dangerous: false,
  },
  ({ commands = 'guarded', allow = '', dangerous = 'asked', ...old }) => ({ ...old, commands, allow, dangerous }),
);
