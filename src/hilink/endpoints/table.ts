/** Every path that is read. What is not in here is handed on as it came. */

import { DATA_ENDPOINTS } from './data';
import type { Endpoint } from './endpoint';
import { IDENTITY_ENDPOINTS } from './identity';
import { MONITORING_ENDPOINTS } from './monitoring';
import { NETWORK_ENDPOINTS } from './network';
import { SESSION_ENDPOINTS } from './session';
import { SETTINGS_ENDPOINTS } from './settings';
import { SIGNAL_ENDPOINTS } from './signal';
import { SIM_ENDPOINTS } from './sim';
import { SMS_ENDPOINTS } from './sms';
import { USSD_ENDPOINTS } from './ussd';

export const ENDPOINTS: readonly Endpoint[] = [
  ...IDENTITY_ENDPOINTS,
  ...SIGNAL_ENDPOINTS,
  ...MONITORING_ENDPOINTS,
  ...NETWORK_ENDPOINTS,
  ...DATA_ENDPOINTS,
  ...SIM_ENDPOINTS,
  ...SMS_ENDPOINTS,
  ...USSD_ENDPOINTS,
  ...SESSION_ENDPOINTS,
  ...SETTINGS_ENDPOINTS,
];
