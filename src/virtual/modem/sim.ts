/** Commands about the SIM: state and codes, numbers, files. */

import { fieldsOf, numberIn } from './arguments';
import type { Handler } from './handler';
import { BAD, ERROR, OK, type Reply } from './reply';
import type { ModemContext, Sim } from './state';

const SIM_CME: Readonly<Record<string, number>> = { absent: 10, pin: 11, puk: 12, busy: 14 };

/** Refusal of whatever needs an unlocked SIM, or undefined. */
export const simRefusal = (m: ModemContext): Reply | undefined => {
  const cme = SIM_CME[m.sim.state];
  return cme === undefined ? undefined : { cme };
};

export const withSim =
  (handler: Handler): Handler =>
  (m, args) =>
    simRefusal(m) ?? handler(m, args);

const PIN_TRIES = 3;
const PUK_TRIES = 10;

/** Something else than a code is asked for: the SIM is absent or busy. */
const unaskable = (m: ModemContext): Reply | undefined =>
  m.sim.state === 'absent' || m.sim.state === 'busy' ? simRefusal(m) : undefined;

/** Counts a wrong PIN. */
function wrongPin(sim: Sim): Reply {
  if (--sim.pinTries === 0) sim.state = 'puk';
  return { cme: sim.pinTries === 0 ? 12 : 16 };
}

/** Asked of an unlocked SIM: undefined = it is the PIN. */
function checkPin(sim: Sim, pin: string | undefined): Reply | undefined {
  if (pin !== sim.pin) return wrongPin(sim);
  sim.pinTries = PIN_TRIES;
  return undefined;
}

const isPin = (code: string | undefined): code is string => code !== undefined && /^\d{4,8}$/.test(code);

/** OK, then the SIM is open and the network is found. */
const opened = (m: ModemContext): Reply => ({
  lines: [],
  after: () =>
    m.change(() => {
      m.sim.state = 'ready';
      m.settings.pinAt = m.now().time;
      m.urc('^SIMST:1');
    }),
});

/** `+CPIN=<pin>`, or `=<puk>,<new pin>`. */
export const cpin: Handler = (m, args) => {
  const { sim } = m;
  const [code, fresh] = fieldsOf(args);
  const refusal = unaskable(m);
  if (refusal) return refusal;
  if (sim.state === 'ready') return { cme: 3 };
  if (sim.state === 'pin') {
    if (fresh !== undefined) return BAD;
    const wrong = checkPin(sim, code);
    if (wrong) return wrong;
  } else {
    if (!isPin(fresh)) return fresh === undefined ? { cme: 12 } : BAD;
    if (sim.pukTries === 0) return { cme: 13 };
    if (code !== sim.puk) {
      sim.pukTries--;
      return { cme: sim.pukTries === 0 ? 13 : 16 };
    }
    sim.pin = fresh;
    sim.pukTries = PUK_TRIES;
  }
  sim.pinTries = PIN_TRIES;
  return opened(m);
};

const pinState = (m: ModemContext): string => ({ pin: 'SIM PIN', puk: 'SIM PUK' })[m.sim.state as string] ?? 'READY';

const cpinRead: Handler = (m) => {
  const refusal = unaskable(m);
  if (refusal) return refusal;
  const line = `+CPIN: ${pinState(m)}`;
  // A line and nothing behind it: what waits for the final result code waits long.
  return m.quirks.has('cpin-no-ok') ? { lines: [line], unended: true } : [line];
};

const tries: Handler = (m) => {
  const refusal = unaskable(m);
  if (refusal) return refusal;
  const { state, pinTries, pukTries } = m.sim;
  const current = { pin: pinTries, puk: pukTries }[state as string] ?? '';
  return [`^CPIN: ${pinState(m)},${current},${pukTries},${pinTries},10,3`];
};

/** `+CLCK="SC",<0 off, 1 on, 2 ask>[,"<pin>"]`: whether the SIM asks for its PIN. */
export const clck: Handler = (m, args) => {
  const [facility, modeText, pin] = fieldsOf(args);
  const mode = numberIn(modeText, 0, 2);
  if (mode === undefined) return BAD;
  const refusal = simRefusal(m);
  if (refusal) return refusal;
  if (facility?.toUpperCase() !== 'SC') return mode === 2 ? ['+CLCK: 0'] : { cme: 4 };
  if (mode === 2) return [`+CLCK: ${m.sim.locked ? 1 : 0}`];
  const wrong = checkPin(m.sim, pin);
  if (wrong) return wrong;
  m.sim.locked = mode === 1;
  return OK;
};

/** `+CPWD="SC","<old>","<new>"`. */
export const cpwd: Handler = (m, args) => {
  const [facility, old, fresh] = fieldsOf(args);
  if (facility?.toUpperCase() !== 'SC' || !isPin(fresh)) return BAD;
  const refusal = simRefusal(m);
  if (refusal) return refusal;
  if (!m.sim.locked) return { cme: 3 };
  const wrong = checkPin(m.sim, old);
  if (wrong) return wrong;
  m.sim.pin = fresh;
  return OK;
};

/** Digits two by two with the halves swapped, as the SIM's files have them. */
const swapped = (digits: string): string =>
  (digits.length % 2 ? `${digits}F` : digits).replace(/(.)(.)/g, '$2$1').toUpperCase();

function iccid(m: ModemContext): string[] {
  const digits = m.quirks.has('iccid-swapped') ? swapped(m.identity.iccid) : m.identity.iccid;
  return [`^ICCID: ${m.quirks.has('iccid-quoted') ? `"${digits}"` : digits}`];
}

/** Files that READ BINARY finds, by number: contents as hex. */
function fileOf(m: ModemContext, file: number): string | undefined {
  const { plmn, operator } = m.radio;
  switch (file) {
    case 0x2fe2:
      return swapped(m.identity.iccid).padEnd(20, 'F');
    case 0x6fad:
      return `0000000${plmn.length - 3}`;
    case 0x6f46:
      return `01${Buffer.from(operator.slice(0, 16), 'latin1').toString('hex').toUpperCase().padEnd(32, 'F')}`;
    case 0x6f07: {
      const imsi = swapped(`9${m.identity.imsi}`);
      return `08${imsi}`;
    }
    case 0x6fb7: // emergency numbers: 112, 911, and room for three more
      return '11F2FF19F1FF'.padEnd(30, 'F');
    case 0x6f3e: // group identifiers: none
    case 0x6f3f:
      return 'FF';
    default:
      return undefined;
  }
}

const READ_BINARY = 176;
const GET_RESPONSE = 192;

/** `+CRSM=<command>,<file>,<p1>,<p2>,<length>`: status words 144,0 = done, 106,130 = no such file, 109,0 = no such command. */
const crsm: Handler = (m, args) => {
  const [command, file, , , length] = fieldsOf(args).map((field) => numberIn(field, 0, 65_535, 0));
  if (command === undefined || file === undefined) return BAD;
  if (command !== READ_BINARY && command !== GET_RESPONSE) return ['+CRSM: 109,0,""'];
  const contents = fileOf(m, file);
  if (contents === undefined) return ['+CRSM: 106,130,""'];
  if (command === GET_RESPONSE) {
    // GSM form: two unused octets, size, file, type "elementary", then what nobody asks for.
    const size = (contents.length / 2).toString(16).padStart(4, '0');
    return [`+CRSM: 144,0,"${`0000${size}${file.toString(16).padStart(4, '0')}04000000000000`.toUpperCase()}"`];
  }
  return [`+CRSM: 144,0,"${contents.slice(0, length ? 2 * length : undefined)}"`];
};

function cnum(m: ModemContext): Reply {
  const { number } = m.sim;
  if (number === '') return OK;
  const line = (name: string, n: string) => `+CNUM: "${name}","${n}",145`;
  const own = line('', number);
  if (m.quirks.has('cnum-error')) return [`ERROR${own}`];
  if (m.quirks.has('cnum-cme')) return [own, `+CME ERROR: 25${line('Fax', `${number.slice(0, -1)}9`)}`];
  return [own];
}

const SIM_INITIALISED = 12;
const SIMSQ: Readonly<Record<string, number>> = { absent: 0, busy: 1, pin: 2, puk: 2, ready: SIM_INITIALISED };

const cardlock: Handler = (m, args) => {
  if (!/^\d{8}$/.test(fieldsOf(args)[0] ?? '')) return ERROR;
  // This stick is not locked to an operator; a code is wrong in any case and costs a try.
  m.nv.cardlockTries = Math.max(0, m.nv.cardlockTries - 1);
  return ERROR;
};

export const SIM_COMMANDS: [string, Handler][] = [
  ['+CPIN?', cpinRead],
  ['+CPIN=?', () => OK],
  ['+CPIN=', cpin],
  ['^CPIN?', tries],
  ['^CPIN=', cpin],
  ['+CLCK=', clck],
  ['+CLCK=?', () => ['+CLCK: ("SC","AO","OI","OX","AI","IR","AB","AG","AC","PN","PU","PP","PC")']],
  ['+CPWD=', cpwd],
  ['+CPWD=?', () => ['+CPWD: ("SC",8),("P2",8)']],
  ['+CIMI', withSim((m) => [m.identity.imsi])],
  ['+CIMI=?', () => OK],
  ['^ICCID?', withSim(iccid)],
  ['+CRSM=', withSim(crsm)],
  // Networks that the SIM prefers: none.
  ['+CPOL?', withSim(() => OK)],
  ['+CPOL=?', withSim(() => ['+CPOL: (1-5),(0-2)'])],
  ['+CPOL=', withSim(() => OK)],
  ['+CNUM', withSim(cnum)],
  ['+CNUM=?', () => OK],
  ['^CARDMODE', (m) => [`^CARDMODE: ${m.sim.state === 'absent' ? 0 : 2}`]],
  ['^SIMSQ?', (m) => [`^SIMSQ: 0,${m.sim.state === 'puk' && m.sim.pukTries === 0 ? 98 : SIMSQ[m.sim.state]}`]],
  ['^CARDLOCK?', (m) => [`^CARDLOCK: 2,${m.nv.cardlockTries},0`]],
  ['^CARDLOCK=', cardlock],
];
