/** The errors of the driver: a closed union of codes with reasons, and one sentence for each. */

export type { Catalogue, Param, Params, ParamsOf } from './catalogue';
export { ERROR_CODES, type ErrorCode } from './codes';
export { type Added, DriverError, type ErrorData, errorData, type LegacyDetails } from './driver-error';
export { asDriverError, type ErrorDetails, failure, failuresOf, isDriverError, type Reason, withMore } from './failure';
export { type ErrorKey, MESSAGES, type Messages } from './messages';
export { OBSTACLES, type ObstacleKey } from './messages/stick';
