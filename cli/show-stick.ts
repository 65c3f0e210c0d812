/** How a stick is shown. */

import { foreignText } from '../src/family/foreign';
import { obstacleOf } from '../src/stick/obstacle';
import { idText, type Stick } from '../src/stick/stick';

/** A stick as `--json` shows it and as the nodes will. */
export const stickJson = (stick: Stick) => ({
  stick: stick.path,
  mode: stick.mode,
  product: stick.product,
  vendorId: stick.vendorId,
  productId: stick.productId,
  ...(stick.device.configuration !== undefined && { configuration: stick.device.configuration }),
  ttys: stick.ttys.map(({ path, interface: number, role }) => ({ path, interface: number, role })),
  ...(stick.problem !== undefined && { problem: stick.problem }),
  ...(stick.foreign && { foreign: stick.foreign }),
});

/** The same for people. */
export function stickLine(stick: Stick): string {
  const ttys = stick.ttys.map((t) => `${t.path} (${t.role})`).join(', ');
  const missing = stick.foreign ? `not used: ${foreignText(stick.foreign)}` : (obstacleOf(stick)?.text ?? '');
  return [stick.path.padEnd(8), idText(stick), stick.mode.padEnd(8), stick.product, ttys, missing]
    .filter(Boolean)
    .join('  ');
}
