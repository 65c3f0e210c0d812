import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import type { FileInput } from '../../src/firmware/source';
import type { JobEvent, JobReport } from '../../src/flash/events';
import type { Plan } from '../../src/flash/job-types';
import { cancelJob, type OwnJob, ownJob, startJob } from '../../src/jobs/registry';
import { readSaved, type StickConfig, stickConfig } from '../shared/config';
import { errorData, noStick } from '../shared/failure';
import { pathsOf, useFiles } from '../shared/files-in-use';
import { flashFolder } from '../shared/flash-folder';
import { refuseForeign } from '../shared/foreign';
import { loadDriver } from '../shared/lazy';
import { nodeFailure } from '../shared/messages';
import { NodeLife, type Send } from '../shared/node';
import { onlookerStatus } from '../shared/stick-status';
import { cancelThere, watchOthers } from './others';
import { type FlashMsg, readFlashRequest } from './request';
import { FLASH, type SavedFlash } from './saved';
import { endStatus, showEvent } from './show';

/** What goes with a job from one node to the next: the message that started it. */
interface Context {
  msg: NodeMessageInFlow;
}

/** Messages that a new node sends itself, so that the end of the job it took over is completed or caught as usual. */
const resumed = new WeakSet<NodeMessageInFlow>();

function init(RED: NodeAPI): void {
  function Flash(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, FLASH, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    const status = config && onlookerStatus(life, config);
    if (config && status) watchOthers(life, config, { id: this.id, status, translate: RED._ });
    else life.status.stick('noconfig');

    let cancelled = false;
    /** A job is not begun any more when it was cancelled, or its node closed, while files and stick were looked up. */
    const requireGoing = () => {
      if (!cancelled && !life.signal.aborted) return;
      throw nodeFailure('CANCELLED/not-begun', {});
    };

    life.input(async (msg: FlashMsg, send) => {
      const taken = resumed.delete(msg) ? ownJob<Context>(this.id) : undefined;
      if (!taken && msg.payload === 'cancel') {
        cancelled = true;
        if (!ownJob(this.id)?.cancel() && config) await cancelThere(config);
        return;
      }
      cancelled = false;
      const job = taken ?? (await start(this.id, config, def, msg, requireGoing));
      const report = await follow(life, job, send, RED._);
      if (status) status.result(endStatus(report));
      else life.status.show(endStatus(report));
      // Flows get the sentences. The report is kept for others: what a flow does to its own is nobody else's.
      const { error, said: _, ...rest } = report;
      msg.payload = { ...structuredClone(rest), ...(error && { error: await errorData(error) }) };
      send([msg, null]);
      if (error) throw error;
    });

    // The job that an earlier life of this node began, before a deploy. Its result needs the wires of the whole flow.
    const before = ownJob<Context>(this.id);
    if (!before) return;
    const resume = () => {
      resumed.add(before.context.msg);
      this.receive(before.context.msg);
    };
    RED.events.once('flows:started', resume);
    life.onClose(() => RED.events.off('flows:started', resume));
  }

  async function start(
    owner: string,
    config: StickConfig | undefined,
    def: SavedFlash,
    msg: FlashMsg,
    requireGoing: () => void,
  ): Promise<OwnJob<Context>> {
    if (!config) throw noStick();
    const folder = flashFolder(RED.settings.get('e3272FlashFolder'));
    const { confirmed, confirmedPlace, newTable, ...asked } = await readFlashRequest(def, msg, folder);
    const [{ convert, findStick, requirePlace }, host] = await Promise.all([loadDriver(), config.host()]);
    requirePlace(config.which, 'A conversion');
    const request = host.real ? asked : await withMadeFiles(asked);
    // From here on one stick is meant: `auto` must not become another one while a person looks for the boot pin. Where
    // none is found the job says so in its report.
    const stick = await findStick(host, config.which).then(
      (found) => found.path,
      () => config.which,
    );
    requireGoing();
    // Nobody is there to be asked whether an unfinished write is about this stick: `asIs` says so, or the job ends.
    const confirm = ({ change, stick: place }: Plan) => {
      const yes = confirmed || confirmedPlace === place;
      return { flash: yes, setport: yes, 'partition-table': newTable, 'as-is': false }[change];
    };
    return startJob({ stick, owner, context: { msg } }, (o) => {
      const release = useFiles(pathsOf([request.loader, request.firmware, request.webui]));
      return convert(host, { ...request, ...o, hilink: config.hilink, which: stick, confirm }).finally(release);
    });
  }

  RED.nodes.registerType('e3272-flash', Flash, { settings: { e3272FlashFolder: { value: '', exportable: false } } });

  RED.httpAdmin.post(
    '/e3272/jobs/:stick/cancel',
    RED.auth.needsPermission('e3272.write'),
    refuseForeign,
    (req, res) => {
      res.status(cancelJob(String(req.params.stick)) ? 204 : 404).end();
    },
  );
}

/** A virtual stick needs no files of Huawei's: where none are named it gets made-up ones, which no real stick takes. */
async function withMadeFiles<T extends { loader?: FileInput; firmware?: FileInput; webui?: FileInput }>(
  request: T,
): Promise<T> {
  if (request.loader !== undefined || request.firmware !== undefined || request.webui !== undefined) return request;
  const { makeDemoFiles } = await import('../../src/virtual/make-files.js');
  return { ...request, ...makeDemoFiles() };
}

/** Resolves with the report of the job; never, if the node is closed first: the next one follows then. */
function follow(life: NodeLife, job: OwnJob<Context>, send: Send, translate: NodeAPI['_']): Promise<JobReport> {
  const topic = job.stick;
  return new Promise((resolve) => {
    // The end may be told within follow(): the job can have ended while the node was being made.
    let callOff = () => {};
    const stop = job.follow({
      onEvent: life.guard((event: JobEvent) => {
        showEvent(life.status, event, translate);
        send([null, { topic, payload: structuredClone(event) }]);
      }),
      onEnd: (report) => {
        resolve(report);
        callOff();
      },
    });
    callOff = life.onClose(stop);
  });
}

export = init;
