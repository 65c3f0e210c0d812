/** What the web interface keeps in the stick, without power too, until a factory reset. */

import type { WebPersonality } from './firmware';

export interface WebSettings {
  /** Whether it wants a login; undefined = as its firmware does. */
  login?: boolean;
  user: string;
  password: string;
}

export interface WebMemory extends WebSettings {
  /** Of the stick in its own network. */
  address: string;
  mask: string;
  /** First and last address that it gives to hosts. */
  pool: [first: string, last: string];
  /** Whether it connects by itself; whether data is allowed at all. */
  connectMode: 0 | 1 | 2;
  dataAllowed: boolean;
  roaming: 0 | 1;
  idleSeconds: number;
  /** Status reports are asked for. */
  reports: 0 | 1;
  saveMode: 0 | 1;
}

/** 192.168.1.1 on old ones. */
export const freshMemory = ({ old }: WebPersonality, given: Partial<WebSettings> = {}): WebMemory => {
  const network = `192.168.${old ? 1 : 8}`;
  return {
    user: 'admin',
    password: 'admin',
    ...given,
    address: `${network}.1`,
    mask: '255.255.255.0',
    pool: [`${network}.100`, `${network}.200`],
    connectMode: 0,
    dataAllowed: true,
    roaming: 1,
    idleSeconds: 600,
    reports: 0,
    saveMode: 0,
  };
};
