/** Nodes for what somebody has just done by hand: put under the mouse, to be dropped where they are wanted. */

import { AT } from '../../../nodes/e3272-at/saved';
import { STATUS } from '../../../nodes/e3272-status/saved';
import { STICK } from '../../../nodes/e3272-stick/saved';

/** The e3272-stick for this stick that is there already. */
function ownStick(stick: string): string | undefined {
  let found: string | undefined;
  RED.nodes.eachConfig((node) => {
    if (node.type === 'e3272-stick' && (node as { stick?: unknown }).stick === stick) found ??= node.id;
  });
  return found;
}

/** Inject, e3272-at with `command`, debug, for a stick with AT ports; with `status` a node that reads the status too. */
export function importFlow(stick: string, command: string | undefined, status = false): void {
  const there = ownStick(stick);
  const config = there ?? 'e3272-new-stick';
  const debug = (id: string, y: number) => ({
    ...{ id, type: 'debug', name: '', active: true, tosidebar: true, console: false, tostatus: false },
    ...{ complete: 'payload', targetType: 'msg', x: 420, y, wires: [] },
  });
  const inject = { type: 'inject', props: [], repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '' };
  RED.view.importNodes(
    [
      ...(there === undefined ? [{ ...STICK.fresh, id: config, type: 'e3272-stick', name: '', stick }] : []),
      ...(command === undefined
        ? []
        : [
            { ...inject, id: 'e3272-new-1', name: command, x: 0, y: 0, wires: [['e3272-new-2']] },
            {
              ...AT.fresh,
              ...{ id: 'e3272-new-2', type: 'e3272-at', name: '', stick: config, command, commandType: 'str' },
              ...{ x: 210, y: 0, wires: [['e3272-new-3'], []] },
            },
            debug('e3272-new-3', 0),
          ]),
      ...(status
        ? [
            { ...STATUS.fresh, id: 'e3272-new-4', type: 'e3272-status', name: '', stick: config, every: '60' },
            debug('e3272-new-5', 60),
          ].map((node) => (node.type === 'debug' ? node : { ...node, x: 210, y: 60, wires: [['e3272-new-5']] }))
        : []),
    ],
    { generateIds: true, addFlow: false },
  );
}
