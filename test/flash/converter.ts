/** A process of its own that converts the stick of its parent, to be killed anywhere. Arguments: its folder, options as JSON. */

import { join } from 'node:path';
import { type ConvertOptions, convert } from '../../src/flash/convert';
import { remoteHost } from './remote-host';

const [folder = '', more = '{}'] = process.argv.slice(2);
const options = JSON.parse(more) as Partial<ConvertOptions>;
// Without its stick it has nothing to do.
process.once('disconnect', () => process.exit());
const host = remoteHost(folder);

void convert(host, {
  which: '1-1',
  loader: join(folder, 'loader.bin'),
  firmware: join(folder, 'firmware.bin'),
  ...options,
  confirm: () => true,
  onEvent: (event) => {
    if (event.type === 'wait') process.send?.({ act: event.act });
  },
}).then((report) => {
  process.send?.({ report: JSON.stringify({ ...report, message: report.error?.message }) });
  process.disconnect();
});
