/**
 * What is at the other end of the network cable of a stick in HiLink mode: the stick itself, with its DHCP and web server. It
 * answers ARP and pings too. Nothing is behind it: what is for the internet is dropped.
 */

import type { VirtualStick } from '../stick';
import { type WebHttp, webHttp } from '../web/server';
import { CLIENT_PORT, dhcpAnswer, type LanSettings, SERVER_PORT } from './dhcp';
import {
  arpAnswer,
  datagram,
  echoAnswer,
  ICMP,
  type Packet,
  packetFrame,
  readDatagram,
  readPacket,
  readSegment,
  type Segment,
  segment,
  TCP,
  UDP,
} from './frames';
import { TcpConnection } from './tcp';

const HTTP_PORT = 80;
/** A stick has room for few: the oldest one makes room for a new one. */
const MOST_CONNECTIONS = 16;
const EVERYBODY = '255.255.255.255';
const NOBODY = '0.0.0.0';

export interface LanWiring {
  stick: VirtualStick;
  /** The network of the stick as it is now. */
  settings(): LanSettings;
  /** A frame for the host. */
  send(frame: Buffer): void;
  complain(error: unknown): void;
}

export class Lan {
  readonly #wiring: LanWiring;
  readonly #http: WebHttp;
  /** By address and port of the host. */
  readonly #connections = new Map<string, TcpConnection>();

  constructor(wiring: LanWiring) {
    this.#wiring = wiring;
    this.#http = webHttp(wiring.stick, wiring.complain);
  }

  /** One frame of the host. What makes no sense is dropped. */
  take(frame: Buffer): void {
    const lan = this.#wiring.settings();
    const arp = arpAnswer(frame, lan.address);
    if (arp) {
      this.#wiring.send(arp);
      return;
    }
    const packet = readPacket(frame);
    if (!packet) return;
    if (packet.protocol === UDP) this.#udp(packet, lan);
    if (packet.to !== lan.address) return;
    if (packet.protocol === TCP) this.#tcp(packet);
    const echo = packet.protocol === ICMP ? echoAnswer(packet.body) : undefined;
    if (echo) this.#answer(packet, echo);
  }

  /** The cable is pulled out. */
  close(): void {
    this.#http.close();
  }

  #udp(packet: Packet, lan: LanSettings): void {
    const asked = readDatagram(packet.body);
    if (asked?.toPort !== SERVER_PORT || ![lan.address, EVERYBODY].includes(packet.to)) return;
    const answer = dhcpAnswer(asked.body, lan);
    if (!answer) return;
    if (answer.leased !== undefined) this.#wiring.stick.leased(answer.leased);
    // Who has no address yet hears what is for everybody.
    const to = packet.from === NOBODY ? EVERYBODY : packet.from;
    const body = datagram({ fromPort: SERVER_PORT, toPort: CLIENT_PORT, body: answer.message }, lan.address, to);
    this.#wiring.send(packetFrame({ mac: packet.mac, protocol: UDP, from: lan.address, to, body }));
  }

  #tcp(packet: Packet): void {
    const asked = readSegment(packet);
    if (!asked) return;
    const { fromPort, toPort } = asked;
    const key = `${packet.from}:${fromPort}`;
    const known = toPort === HTTP_PORT ? this.#connections.get(key) : undefined;
    if (known) {
      known.arrived(asked);
      return;
    }
    const send = (what: Omit<Segment, 'fromPort' | 'toPort'>) => {
      const body = segment({ ...what, fromPort: toPort, toPort: fromPort }, packet.to, packet.from);
      this.#answer(packet, body);
    };
    if (asked.syn && !asked.acks && toPort === HTTP_PORT && this.#wiring.stick.web?.up) this.#open(key, asked, send);
    else if (!asked.rst) send(refusal(asked));
  }

  #open(key: string, syn: Segment, send: (what: Omit<Segment, 'fromPort' | 'toPort'>) => void): void {
    const [oldest] = this.#connections.values();
    if (oldest && this.#connections.size === MOST_CONNECTIONS) oldest.destroy();
    const connection = new TcpConnection(syn, {
      clock: this.#wiring.stick.clock,
      send,
      gone: () => this.#connections.delete(key),
    });
    connection.on('error', this.#wiring.complain);
    this.#connections.set(key, connection);
    this.#http.connect(connection);
  }

  #answer({ mac, protocol, from, to }: Packet, body: Buffer): void {
    this.#wiring.send(packetFrame({ mac, protocol, from: to, to: from, body }));
  }
}

/** Nobody is at home there. */
function refusal({ seq, ack, acks, syn, fin, body }: Segment): Omit<Segment, 'fromPort' | 'toPort'> {
  const octets = body.length + (syn ? 1 : 0) + (fin ? 1 : 0);
  const rest = { rst: true, window: 0, body: Buffer.alloc(0) };
  return acks ? { ...rest, seq: ack, ack: 0 } : { ...rest, seq: 0, ack: (seq + octets) >>> 0, acks: true };
}
