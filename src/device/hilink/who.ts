/** Who answers by the web API at one port path, from one enumeration to the next. */

import { failure } from '../../errors';
import type { Expected } from '../../hilink/stick';
import type { Host } from '../../host/host';
import { identitiesOf } from '../../stick/identities';
import { known } from '../../values/shape';
import type { WebIdentity } from '../../values/web';
import { identityOf } from '../identify';

export class WhoAnswers {
  readonly #host: Host;
  readonly #path: string;
  #told: { address: number; expected: Expected } | undefined;

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /**
   * Takes what is told at the enumeration `address`, and says what each change must find there from now on. Error:
   * STICK_NOT_FOUND, where another one answers than before.
   */
  recognise({ imei, serial, iccid }: WebIdentity, address: number): Expected {
    const before = this.#told?.address === address ? this.#told.expected : {};
    const differ = (one: string | undefined, other: string | undefined) =>
      one !== undefined && other !== undefined && one !== other;
    if (differ(before.imei, imei) || differ(before.serial, serial)) {
      throw failure('STICK_NOT_FOUND/other-answers', { stick: this.#path });
    }
    const expected: Expected = known({ imei: imei ?? before.imei, serial: serial ?? before.serial });
    this.#told = { address, expected };
    // With half of it the other half that is noted would be forgotten.
    if (imei !== undefined && iccid !== undefined) {
      identitiesOf(this.#host).tell(this.#path, address, identityOf({ imei, iccid }));
    }
    return expected;
  }
}
