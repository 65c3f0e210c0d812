/** HiLink mode: facts/hilink.md 9, and the ways to serial of facts/at.md 7. */

import type { Facts } from './facts';
import { type Point, verdict } from './point';

/** Until the web server answers after the stick came onto the bus, milliseconds. */
const START = 60_000;
const HILINK_IDS = [0x14db, 0x14dc];

const asked = ({ web }: Facts, path: string) => web.filter((one) => one.path === `api/${path}`);
const isHere = ({ status, body }: { status: number; body: string }): boolean =>
  status === 200 && !/<error>\s*<code>100002</.test(body.replaceAll(/\s*</g, '<'));

export const HILINK_POINTS: readonly Point[] = [
  {
    id: 'hilink-1',
    subject: 'How 22.4xx wants sessions',
    assumed: 'A session and tokens from webserver/SesTokInfo, or from the pages: it is found out each time.',
    settle: 'A trace of its status in HiLink mode.',
    look: (facts) => {
      const sessions = asked(facts, 'webserver/SesTokInfo');
      const pages = facts.web.filter(({ path, body }) => path.startsWith('html/') && body.includes('csrf_token'));
      if (!/^22\.4/.test(facts.revision ?? '') || sessions.length + pages.length === 0) return undefined;
      return verdict(sessions.some(isHere) || pages.length > 0);
    },
  },
  {
    id: 'hilink-2',
    subject: 'The path device/signal',
    assumed: 'It may be missing: then there are bars and no dBm.',
    settle: 'A trace of its status in HiLink mode.',
    look: (facts) => {
      const [first] = asked(facts, 'device/signal');
      return verdict(first && !isHere(first));
    },
  },
  {
    id: 'hilink-3',
    subject: 'The paths device/mode and /CGI',
    assumed: 'They are not there on an E3272: serial is reached by its boot pin.',
    settle: 'Ask for them in a browser, with the stick in HiLink mode.',
  },
  {
    id: 'hilink-4',
    subject: 'Which network function a fresh stick shows on Linux',
    assumed: 'CDC ECM first.',
    settle: 'A trace with the stick in HiLink mode.',
    models: /^/,
    look: ({ devices }) => {
      const stick = [...devices.values()].find(({ productId }) => HILINK_IDS.includes(productId));
      return verdict(stick && stick.interfaces[0]?.class === 2);
    },
  },
  {
    id: 'hilink-5',
    subject: 'The address of the web server in builds of operators',
    assumed: '192.168.8.1; others are found by the lease and the routes.',
    settle: 'Say which address it is, and of which operator the stick.',
  },
  {
    id: 'hilink-6',
    subject: 'Switching the data connection',
    assumed: 'dialup/mobile-dataswitch works; dialup/dial is not tried.',
    settle: 'A trace of data switched off and on again.',
    look: (facts) => {
      const [first] = asked(facts, 'dialup/mobile-dataswitch');
      return verdict(first && isHere(first));
    },
  },
  {
    id: 'hilink-7',
    subject: 'USSD in HiLink mode',
    assumed: 'Firmware has it where global/module-switch says so.',
    settle: 'A trace of a code like *100# in HiLink mode.',
    look: (facts) => {
      const [first] = asked(facts, 'ussd/send');
      return verdict(first && isHere(first));
    },
  },
  {
    id: 'hilink-8',
    subject: 'How long the web server takes to start',
    assumed: `It answers within ${START / 1000} s of the stick's coming onto the bus.`,
    settle: 'A trace that begins before the stick is plugged in.',
    look: ({ bus, web }) => {
      const at = bus.findIndex(({ ids }) => ids.some((id) => HILINK_IDS.includes(id)));
      const came = bus[at];
      const first = came && web.find(({ t }) => t >= came.t);
      // A stick that was there from the beginning may have been there for days.
      return verdict(at > 0 && came && first ? first.t - came.t <= START : undefined);
    },
  },
  {
    id: 'hilink-9',
    subject: 'The ways from HiLink mode to a serial port on 22.2xx to 22.4xx',
    assumed: 'None works on 22.470.07; of the others nobody knows.',
    settle: 'Say which of the ways led to ports, and on which firmware.',
  },
];
