/** How long things take on a virtual stick. */

/** Milliseconds. Figures of real sticks, where somebody has measured them. */
export interface Timing {
  /** From plugging in to the device on the bus. */
  plug: number;
  /** From the switch message to leaving the bus: 0.5 to 1 s. */
  switch: number;
  /** Off the bus in a switch: 0.43 to 2.8 s. */
  offBus: number;
  /** From the device to its first tty, and between ttys. */
  firstTty: number;
  nextTty: number;
  /** From the last boot ROM packet to leaving the bus. */
  jump: number;
  /** Erase and write of a full buffer in the loader. */
  slowAck: number;
  /** From the loader's ACK of the reset to leaving the bus. */
  loaderReset: number;
  /** From the OK of ^RESET or ^GODLOAD to leaving the bus. */
  atReset: number;
  /** One AT command. */
  command: number;
  /** From Ctrl-Z until the network has an SMS. */
  sms: number;
  /** The list of networks, +COPS=?: 30 to 240 s on real ones. */
  scan: number;
  /** From ^NDISDUP to the data connection. */
  dial: number;
  /** From a USSD code to the network's answer. */
  ussd: number;
  /** Between periodic URCs; 0 = none. */
  urcEvery: number;
  /** A SIM is busy for this long after it was put in and after each start: 10 to 30 s on real ones. */
  simBusy: number;
  /** HiLink: from the device to its web server; 20 to 50 s on real ones. */
  webStart: number;
  /** One answer of the web server: 30 to 150 ms. */
  webAnswer: number;
  /** From the OK of a restart by the web interface to leaving the bus. */
  webReset: number;
  /** How long the web server is away after a change of its address: 5 to 20 s. */
  webAddress: number;
}

export const DEFAULT_TIMING: Readonly<Timing> = {
  plug: 300,
  switch: 600,
  offBus: 1_000,
  firstTty: 350,
  nextTty: 250,
  jump: 300,
  slowAck: 40,
  loaderReset: 2_000,
  atReset: 2_500,
  command: 5,
  sms: 500,
  scan: 20_000,
  dial: 1_000,
  ussd: 1_500,
  urcEvery: 5_000,
  simBusy: 0,
  webStart: 2_000,
  webAnswer: 50,
  webReset: 1_000,
  webAddress: 5_000,
};
