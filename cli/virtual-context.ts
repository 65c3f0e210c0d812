/** A virtual stick in this process, with a person beside it who does what a job asks for. */

import type { JobEvent } from '../src/flash/events';
import { systemClock } from '../src/host/clock';
import type { Host } from '../src/host/host';
import { VirtualHost } from '../src/virtual/host';
import { act } from '../src/virtual/person';
import { VirtualStick } from '../src/virtual/stick';
