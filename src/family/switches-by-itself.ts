/** Firmware that leaves its CD-ROM mode without being asked, and what keeps it there. */

/** Firmware 10.x of the E3372h-320 and E8372h-320 takes the kernel's question for the number of units as its cue (one owner). */
export const BY_ITSELF = {
  title: 'A stick that does not stay a CD-ROM',
  text:
    'Firmware 10.x (E3372h-320, E8372h-320) goes to HiLink by itself as soon as the kernel asks it for its number of units ' +
    '(Get Max LUN). To send it another message first, keep the kernel from asking: `options usb-storage quirks=12d1:1f01:s` in a ' +
    'file of /etc/modprobe.d, or `usb-storage.quirks=12d1:1f01:s` on the kernel command line.',
} as const;
