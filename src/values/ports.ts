/** Which functions the stick shows on USB. */

import { always, choice, group, list, number, sourced, type TypeOf, text } from './shape';

const codes = (label: string, note: string) => always(list(label, text('Code'), note));

export const COMPOSITION = sourced(
  "Huawei's AT sources; a real E3272",
  group(
    'Port composition',
    {
      before: codes('Before', 'what the stick shows when it is plugged in; may be empty'),
      after: codes('After', 'what it shows once it is switched'),
    },
    'codes in capitals: `12` 4G PCUI, `A1` CDROM, `FF` none',
  ),
);
export type Composition = TypeOf<typeof COMPOSITION>;

export const PORT_CODES = sourced(
  "Huawei's AT sources; a real E3272",
  list(
    'Port codes',
    group('Port code', {
      code: always(text('Code')),
      name: always(text('Name', "in the stick's words: `4G PCUI`")),
    }),
  ),
);
export type PortCode = TypeOf<typeof PORT_CODES>[number];

const PORT_ROLE = choice('Role', ['pcui', 'modem', 'diag', 'gps', 'network', 'storage', 'shell', 'other']);
export type PortRole = TypeOf<typeof PORT_ROLE>;

export const PORT_MODE = sourced(
  'ModemManager; recorded answers',
  group('Ports', {
    vendor: text('Vendor'),
    ports: always(
      list(
        'Ports',
        group('Port', {
          name: always(text('Name', "in the stick's words")),
          role: always(PORT_ROLE),
          number: always(number('Number', [0, 999], undefined, 'that of some firmware begins at 1')),
        }),
        'in the order of the USB interfaces',
      ),
    ),
  }),
);
export type PortMode = TypeOf<typeof PORT_MODE>;
