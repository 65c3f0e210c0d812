import type { Timing } from '../../src/virtual/timing';

/** Where time is real: a stick that is no slower than it must be. */
export const QUICK: Timing = {
  plug: 10,
  switch: 10,
  offBus: 20,
  firstTty: 5,
  nextTty: 5,
  jump: 10,
  slowAck: 1,
  loaderReset: 20,
  atReset: 20,
  command: 1,
  sms: 1,
  scan: 1,
  dial: 1,
  ussd: 1,
  urcEvery: 0,
  simBusy: 0,
  webStart: 1,
  webAnswer: 1,
  webReset: 10,
  webAddress: 20,
};
