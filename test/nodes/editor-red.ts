/**
 * The Node-RED whose editor the browser tests open, in a process of its own: `npm start`, or a red.js with settings of the
 * test. Which Node-RED, on which Node.js, with which package: the environment can name others than those of this folder, so
 * that the same tests try an installed package.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { packageRoot } from './package-root';

/** What `E3272_UNDER_TEST` holds, as JSON. */
export interface UnderTest {
  /** `4.1/20`, for what is printed and for names of pictures. */
  name: string;
  /** Paths: of a Node.js, of Node-RED's red.js, of the installed package. */
  node: string;
  red: string;
  package: string;
}

const given: UnderTest | undefined = process.env.E3272_UNDER_TEST
  ? (JSON.parse(process.env.E3272_UNDER_TEST) as UnderTest)
  : undefined;

export const underTest: UnderTest = given ?? {
  name: 'this folder',
  node: process.execPath,
  red: join(dirname(require.resolve('node-red/package.json')), 'red.js'),
  package: packageRoot,
};

export interface Red {
  child: ChildProcess;
  /** With a slash at its end. */
  url: string;
}

export const FLOW_FILE = 'flows-virtual.json';

const SETTINGS = {
  uiHost: '127.0.0.1',
  flowFile: FLOW_FILE,
  credentialSecret: 'test',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};

/** Resolves when the flows of the user folder have started. `settings`: those of Node-RED, beside what every test needs. */
export async function startRed(folder: string, settings?: object): Promise<Red> {
  if (!given && !settings) {
    const child = run(process.execPath, [join(__dirname, '../../scripts/start.js'), '--user-dir', folder]);
    const [, url = ''] = await said(child, /(http:\/\/127\.0\.0\.1:\d+\/)[\s\S]*Started flows/);
    return { child, url };
  }
  const module = join(folder, 'node_modules/@e3272/node-red');
  mkdirSync(dirname(module), { recursive: true });
  if (!existsSync(module)) symlinkSync(underTest.package, module, 'dir');
  const port = await freePort();
  const all = { ...SETTINGS, uiPort: port, ...settings };
  writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(all)};\n`);
  const child = run(underTest.node, [underTest.red, '-u', folder]);
  await said(child, /Started flows/);
  const root = 'httpAdminRoot' in all ? `${String(all.httpAdminRoot)}/` : '/';
  return { child, url: `http://127.0.0.1:${port}${root}` };
}

const run = (node: string, args: string[]): ChildProcess => spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'] });

/** Resolves when it has said this; rejects with all that it said when it ends before. */
function said(child: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  let all = '';
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      all += chunk.toString();
      const found = what.exec(all);
      if (found) resolve(found);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${all}`)));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
