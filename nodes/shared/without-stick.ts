import { noStick } from './failure';
import type { NodeLife } from './node';

/** A node whose e3272-stick is missing or disabled: it says so, and answers every message with the reason. */
export function withoutStick(life: NodeLife): void {
  life.status.stick('noconfig');
  life.input(() => {
    throw noStick();
  });
}
