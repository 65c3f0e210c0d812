/** The same package for a CommonJS program: see esm.mts. */

import driver = require('@e3272/node-red');
import testing = require('@e3272/node-red/testing');
import about = require('@e3272/node-red/package.json');

export const clock: driver.Clock = new testing.VirtualClock();
export const version: string = about.version;
// @ts-expect-error: the virtual stick is in `testing`.
driver.VirtualStick;
