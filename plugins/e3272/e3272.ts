/**
 * The plugin: the one catalogue of words that all nodes share (`@e3272/node-red/e3272:` in front of a key), and the sidebar's
 * part in the runtime. Nothing of the driver is loaded before somebody opens the sidebar.
 */

import type { NodeAPI } from 'node-red';
import type { Converting } from './converting';
import type { Files } from './files';
import type { HealthLook } from './health';
import type { Panel } from './panel';
import { countOf, membersOf, routesOf, textOf, wordsOf } from './routes';
import { waitsOf } from './waits';

const { version }: { version: string } = require('../../../package.json');

function init(RED: NodeAPI): void {
  let panel: Panel | undefined;
  const load = () => import('./panel.js');
  const shown = async (): Promise<Panel> => {
    const { Panel } = await load();
    panel ??= new Panel(RED);
    return panel;
  };

  let made: Promise<{ files: Files; convert: Converting }> | undefined;
  const converting = () => {
    made ??= Promise.all([import('./files.js'), import('./converting.js'), shown()]).then(
      ([{ Files }, { Converting }, to]) => {
        const files = new Files(RED);
        return { files, convert: new Converting(to, files) };
      },
    );
    return made;
  };

  let looks: Promise<HealthLook> | undefined;
  const health = () => {
    looks ??= Promise.all([import('./health.js'), converting()]).then(
      ([{ HealthLook }, { files }]) => new HealthLook(RED, version, () => files.there),
    );
    return looks;
  };

  const watchWaits = waitsOf(RED);
  const routes = routesOf(RED);
  const end = () => {
    routes.end();
    watchWaits.stop();
    panel?.stop();
    made?.then(
      ({ files }) => files.stop(),
      () => undefined,
    );
  };
  // Of a variable, because the types do not know of onremove.
  const plugin = {
    type: 'e3272-panel',
    onadd: () => {
      routes.get('panel', 'e3272.read', async () => (await shown()).state());
      routes.get('panel/:stick/job', 'e3272.read', async (asked) =>
        (await (await shown()).jobs()).log(String(asked.params['stick']), countOf(asked, 'after')),
      );
      routes.post('panel/:stick/job/seen', 'e3272.write', async ({ params }) => {
        (await (await shown()).jobs()).dismiss(String(params['stick']));
      });
      routes.post('panel/order', 'e3272.write', async (asked) => {
        const [{ obey }, to] = await Promise.all([import('./orders.js'), shown()]);
        await obey(RED, to, asked);
      });
      routes.post('panel/virtual', 'e3272.write', async () => {
        const [{ tryVirtual }, to] = await Promise.all([import('./orders.js'), shown()]);
        return tryVirtual(RED, to);
      });
      // Opens the port of a stick, and tells of its SIM.
      routes.post('sticks/test', 'e3272.write', async (asked) =>
        (await import('./stick-test.js')).testStick(RED, asked),
      );
      // What an AT port says is more than the state of a stick: for those who may write.
      routes.get('panel/:stick/console', 'e3272.write', async (asked) => {
        const to = await shown();
        return to.consoles.lines(await to.watched(String(asked.params['stick'])), countOf(asked, 'after'));
      });
      routes.post('panel/:stick/console', 'e3272.write', async (asked) => {
        const [{ LONGEST_COMMAND }, to] = await Promise.all([import('./consoles.js'), shown()]);
        const watched = await to.watched(String(asked.params['stick']));
        await to.consoles.run(watched, textOf(membersOf(asked), 'command', LONGEST_COMMAND));
      });
      routes.post('panel/:stick/console/close', 'e3272.write', async ({ params }) => {
        (await shown()).consoles.close(String(params['stick']));
      });
      routes.get('panel/commands', 'e3272.read', async (asked) => {
        const { completing, finding } = await import('./consoles.js');
        const words = wordsOf(asked, 'words', 80);
        return words === undefined ? completing(wordsOf(asked, 'start', 40) ?? '') : finding(words);
      });
      routes.get('panel/files', 'e3272.read', async () => {
        const { files } = await converting();
        return { files: await files.list(), folderSet: files.limit !== undefined };
      });
      // Where they lie is for those who may name them in a flow.
      routes.get('panel/paths', 'e3272.write', async () => (await converting()).files.paths());
      routes.post('panel/files', 'e3272.write', async (asked) => (await converting()).files.begin(asked));
      routes.postBytes('panel/files/:id', 'e3272.write', async (asked) => (await converting()).files.piece(asked));
      routes.post('panel/files/:id/drop', 'e3272.write', async ({ params }) => {
        await (await converting()).files.drop(String(params['id']));
      });
      routes.post('panel/path', 'flows.write', async (asked) => (await converting()).convert.allowPath(asked));
      routes.post('panel/check', 'e3272.write', async (asked) => (await converting()).convert.check(asked));
      routes.post('panel/convert', 'e3272.write', async (asked) => (await converting()).convert.start(asked));
      // Asks the sticks that nobody uses: more than a look.
      routes.post('panel/health', 'e3272.write', async () => (await health()).look());
      routes.get('panel/diagnostics', 'e3272.read', async () => {
        const [{ diagnostics }, to] = await Promise.all([import('./diagnostics.js'), shown()]);
        return diagnostics(RED, to);
      });
      routes.get('panel/waits', 'e3272.read', () => watchWaits.now());
      // Nobody can ask any more: nothing is watched for a process that is about to end.
      RED.server.once('close', end);
    },
    onremove: () => {
      RED.server.off('close', end);
      end();
    },
  };
  RED.plugins.registerPlugin('e3272', plugin);
}

export = init;
