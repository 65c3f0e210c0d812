/** The errors of the driver: a closed union of codes with reasons, and one sentence for each. */

export { ADDITIONS, type Addition, type AdditionParams } from './additions';
export { type Catalogue, type CodeOf, type Param, type Params, type ParamsOf, type ReasonOf, say } from './catalogue';
export { ERROR_CODES, type ErrorCode } from './codes';
export { type Added, DriverError, type ErrorData, errorData } from './driver-error';
export {
  asDriverError,
  curedLike,
  type ErrorDetails,
  failure,
  failuresOf,
  isDriverError,
  type Reason,
  textOf,
  withMore,
} from './failure';
export { type ErrorKey, MESSAGES, type Messages } from './messages';
export type { OtherFile } from './messages/firmware';
export { OBSTACLES, type ObstacleKey } from './messages/stick';
