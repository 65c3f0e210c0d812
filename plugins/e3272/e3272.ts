/**
 * The plugin: the one catalogue of words that all nodes share (`@e3272/node-red/e3272:` in front of a key), and the sidebar's
 * part in the runtime. Nothing of the driver is loaded before somebody opens the sidebar.
 */

import type { NodeAPI } from 'node-red';
import type { Panel } from './panel';
import { type Asked, routesOf } from './routes';
import { waitsOf } from './waits';

function init(RED: NodeAPI): void {
  let panel: Panel | undefined;
  const load = () => import('./panel.js');
  const shown = async (): Promise<Panel> => {
    const { Panel } = await load();
    panel ??= new Panel(RED);
    return panel;
  };

  const watchWaits = waitsOf(RED);
  // Of a variable, because the types do not know of onremove.
  const plugin = {
    type: 'e3272-panel',
    onadd: () => {
      const routes = routesOf(RED);
      routes.get('panel', 'e3272.read', async () => (await shown()).state());
      routes.get('panel/:stick/job', 'e3272.read', async ({ params, query }: Asked) =>
        (await (await shown()).jobs()).log(String(params['stick']), Number(query['after']) || 0),
      );
      routes.post('panel/:stick/job/seen', 'e3272.read', async ({ params }: Asked) => {
        (await (await shown()).jobs()).dismiss(String(params['stick']));
      });
      routes.post('panel/order', 'e3272.write', async (asked: Asked) => {
        const [{ obey }, to] = await Promise.all([import('./orders.js'), shown()]);
        await obey(RED, to, asked);
      });
      routes.post('panel/virtual', 'e3272.write', async () => {
        const [{ tryVirtual }, to] = await Promise.all([import('./orders.js'), shown()]);
        return tryVirtual(RED, to);
      });
      routes.get('panel/waits', 'e3272.read', () => watchWaits.now());
    },
    onremove: () => {
      watchWaits.stop();
      panel?.stop();
    },
  };
  RED.plugins.registerPlugin('e3272', plugin);
}

export = init;
