/** What to do about what the doctor finds, in the words of the nodes. */

import { COMMON_FINDING_CURES, type FindingCures } from '../../src/cures/findings';

const CONVERT = 'Convert it with the e3272-flash node, which takes it from there to an AT port.';
const SETTINGS = "in the stick's settings";

export const NODE_FINDING_CURES: FindingCures = {
  ...COMMON_FINDING_CURES,
  'bus-unreachable': `Start the program that serves the virtual sticks, or choose another stick ${SETTINGS}.`,
  'no-stick-there': `Plug it in there, or choose another one ${SETTINGS}.`,
  'several-sticks': `Choose each by its port path ${SETTINGS}.`,
  'write-unfinished': 'Write the same file again with the e3272-flash node. Until then the stick must not be used.',
  'is-boot': CONVERT,
  'is-loader': CONVERT,
  'is-storage': `Switch it with the e3272-modeswitch node, or let it be switched each time it is plugged in, ${SETTINGS}.`,
  'wrong-configuration': (p) =>
    `Set the other one: USB config ${p.other} of an e3272-modeswitch node; docs/e3272.rules has it set each time.`,
  'web-locked': `With the password of its web page ${SETTINGS} more is told; nothing needs to be done.`,
  'radio-off': 'Send AT+CFUN=1 to an e3272-at node.',
  'sim-pin': `Set SIM PIN ${SETTINGS}, or switch it off in a phone.`,
  'folder-missing': "Make it, or correct e3272FlashFolder in Node-RED's settings file.",
  'loader-unknown': 'Use a known one: the e3272-flash node refuses this one.',
};
