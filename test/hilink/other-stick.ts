/** What stands behind the other HiLink server: a network, a SIM, messages. It knows nothing of sessions. */

/** It is taken from nobody. */
export const FAILING = '+4912';

interface Kept {
  index: number;
  box: number;
  stat: number;
  phone: string;
  content: string;
}

interface Sending {
  waiting: string;
  sent: string;
  failed: string;
  looks: number;
}

export type Fields = Readonly<Record<string, string>>;
export type Answer = { inner: string } | { fault: number } | { page: string };

export const fault = (code: number): Answer => ({ fault: code });
export const element = (name: string, value: string | number) => `<${name}>${value}</${name}>`;
export const all = (fields: Record<string, string | number>): Answer => ({
  inner: Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('\n'),
});
export const OK: Answer = { inner: 'OK' };

export class OtherStick {
  readonly #kept: Kept[] = [];
  #nextIndex = 40_000;
  #sending: Sending | undefined;
  #ussd: { text: string; menu: boolean; looks: number } | undefined;
  #mode = '00';

  get sent(): string[] {
    return this.#kept.filter(({ stat }) => stat === 3).map(({ content }) => content);
  }

  arrives(phone: string, content: string): void {
    this.#kept.push({ index: this.#nextIndex++, box: 1, stat: 0, phone, content });
  }

  /** `fields` of a POST. */
  told(name: string, fields: Fields | undefined): Answer {
    const told = fields ? this.#changed(name, fields) : this.#asked(name);
    return told ?? fault(100_002);
  }

  #asked(name: string): Answer | undefined {
    const count = (box: number) => this.#kept.filter((one) => one.box === box).length;
    const sending = this.#sending;
    if (name === 'sms/send-status' && sending && ++sending.looks === 3) this.#sent(sending);
    if (name === 'ussd/get') {
      if (!this.#ussd || ++this.#ussd.looks < 3) return fault(111_019);
      return all({ content: this.#ussd.text });
    }
    if (name === 'ussd/release') this.#ussd = undefined;
    return {
      'device/information': all({
        DeviceName: 'E3372h-153',
        SerialNumber: 'G4PDW16623002677',
        Imei: '867062050913484',
        SoftwareVersion: '22.333.01.00.00',
        HardwareVersion: 'CL2E3372HM',
        WebUIVersion: '17.100.20.04.00',
      }),
      'device/basic_information': all({ devicename: 'E3372h-153', SoftwareVersion: '22.333.01.00.00' }),
      'device/signal': all({
        rsrp: '-97dBm',
        rsrq: '-9.0dB',
        rssi: '&gt;=-51dBm',
        sinr: '12dB',
        mode: 7,
        cell_id: 255,
      }),
      'monitoring/status': all({
        ConnectionStatus: 901,
        SignalIcon: 4,
        maxsignal: 5,
        CurrentNetworkType: 19,
        CurrentNetworkTypeEx: 101,
        RoamingStatus: 0,
        ServiceStatus: 2,
        SimStatus: 1,
      }),
      'monitoring/traffic-statistics': all({ CurrentUpload: 1, CurrentDownload: 2, CurrentConnectTime: 3 }),
      'net/current-plmn': all({ State: 0, FullName: 'AT&amp;T', Numeric: 310_410, Rat: 7 }),
      'net/net-mode': all({ NetworkMode: this.#mode, NetworkBand: '3FFFFFFF', LTEBand: '7FFFFFFFFFFFFFFF' }),
      'net/net-mode-list': { inner: '<AccessList><Access>00</Access><Access>03</Access></AccessList>' },
      'pin/status': all({ SimState: 257, PinOptState: 258, SimPinTimes: 3, SimPukTimes: 10 }),
      'sms/sms-count': all({
        LocalUnread: 0,
        LocalInbox: count(1),
        LocalOutbox: count(2),
        LocalDraft: count(3),
        LocalMax: 500,
      }),
      'sms/send-status': all({
        Phone: sending?.waiting ?? '',
        SucPhone: sending?.sent ?? '',
        FailPhone: sending?.failed ?? '',
      }),
      'ussd/status': all({ result: this.#ussd?.menu ? 2 : 0 }),
      'ussd/release': OK,
    }[name];
  }

  #sent(sending: Sending): void {
    const isFailed = sending.waiting === FAILING;
    if (isFailed) sending.failed = sending.waiting;
    else sending.sent = sending.waiting;
    const last = this.#kept.at(-1);
    if (last) Object.assign(last, isFailed ? { box: 3, stat: 4 } : { box: 2, stat: 3 });
    sending.waiting = '';
  }

  #changed(name: string, fields: Fields): Answer | undefined {
    const {
      Index = '',
      Content = '',
      Phone = '',
      BoxType = '1',
      PageIndex = '1',
      ReadCount = '20',
      content = '',
    } = fields;
    switch (name) {
      case 'sms/sms-list': {
        const box = this.#kept.filter((one) => one.box === Number(BoxType));
        const from = (Number(PageIndex) - 1) * Number(ReadCount);
        const messages = box.slice(from, from + Number(ReadCount)).map(({ index, stat, phone, content: text }) => {
          const inner = element('Smstat', stat) + element('Index', index) + element('Phone', phone);
          return element(
            'Message',
            `${inner}${element('Content', text)}<Date>2026-11-30 20:00:00</Date><SmsType>1</SmsType>`,
          );
        });
        return { inner: element('Count', box.length) + element('Messages', messages.join('')) };
      }
      case 'sms/send-sms': {
        if (this.#sending?.waiting) return fault(113_004);
        if (!/^\+?\d+$/.test(Phone)) return fault(100_005);
        this.#kept.push({ index: this.#nextIndex++, box: 2, stat: 2, phone: Phone, content: Content });
        this.#sending = { waiting: Phone, sent: '', failed: '', looks: 0 };
        return OK;
      }
      case 'sms/delete-sms': {
        const at = this.#kept.findIndex(({ index }) => index === Number(Index));
        if (at >= 0) this.#kept.splice(at, 1);
        return OK;
      }
      case 'sms/set-read': {
        const one = this.#kept.find(({ index }) => index === Number(Index));
        if (one?.stat === 1) return fault(113_055);
        if (one) one.stat = 1;
        return OK;
      }
      case 'ussd/send':
        this.#ussd = content.startsWith('*')
          ? { text: 'Menu\n1. Credit', menu: true, looks: 0 }
          : { text: 'Credit: 5', menu: false, looks: 0 };
        return OK;
      case 'net/net-mode':
        this.#mode = fields['NetworkMode'] ?? '';
        return OK;
      default:
        return undefined;
    }
  }
}
