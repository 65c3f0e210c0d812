/**
 * A process of its own that converts a stick of its parent, to be killed anywhere. Arguments: the TCP port that the stick is
 * served on, a folder that stands for the machine, with its files, and options as JSON.
 */

import { join } from 'node:path';
import { type ConvertOptions, convert } from '../../src/flash/convert';
import { createRemoteVirtualHost } from '../../src/virtual/remote-host';

const [port = '', root = '', more = '{}'] = process.argv.slice(2);
const options = JSON.parse(more) as Partial<ConvertOptions>;
const stateFolders = [join(root, 'notes')];
const host = createRemoteVirtualHost({ stickName: 'virtual-1', port: Number(port), root, stateFolders });

void convert(host, {
  which: 'auto',
  loader: join(root, 'loader.bin'),
  firmware: join(root, 'firmware.bin'),
  ...options,
  confirm: () => true,
  onEvent: (event) => {
    if (event.type === 'wait') process.send?.({ act: event.act });
  },
}).then((report) => {
  process.send?.({ report: JSON.stringify({ ...report, message: report.error?.message }) });
  process.disconnect();
});
