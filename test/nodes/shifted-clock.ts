/** The wall clock of this process, put forwards or backwards; timers, and the clock that nobody sets, go on as they are. */

const Real = Date;
let offset = 0;

/** So many ms off the clock of the machine from now on, for all that is in this process. */
export function shiftClock(ms: number): void {
  offset = ms;
}

globalThis.Date = new Proxy(Real, {
  construct: (real, given, made) => Reflect.construct(real, given.length === 0 ? [real.now() + offset] : given, made),
  apply: (real) => new real(real.now() + offset).toString(),
  get: (real, key, receiver) => (key === 'now' ? () => real.now() + offset : Reflect.get(real, key, receiver)),
});
