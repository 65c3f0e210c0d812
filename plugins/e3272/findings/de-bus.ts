/** German: the machine, and the sticks on its bus. */

import { type FindingWords, LINES, list } from './words';

const REPLUG = 'Den Stick abziehen, fünf Sekunden warten und wieder einstecken.';
const SUPPLY = 'Direkt am Rechner oder an einem Hub mit eigener Stromversorgung einstecken.';
const RULE = `e3272.rules dieses Pakets (docs/) kopieren und von udev lesen lassen, dann den Stick neu einstecken:\n${LINES.rule}`;
const CONVERT = 'Mit dem e3272-flash-Node konvertieren: Er führt ihn von dort zu einem AT-Port.';
const ON_HOST = 'Das auf dem Host tun, nicht im Container.';
export const SETTINGS = 'in den Einstellungen des Sticks';
export { REPLUG, SUPPLY };

export const MACHINE = {
  machine: {
    text: ({ system, kernel, node, container, version }) =>
      `Dieser Rechner: ${system} ${kernel}, Node.js ${node}, e3272 ${version}` +
      `${container === null ? '' : `, in einem Container (${container})`}.`,
    cure: null,
  },
  'system-other': {
    text: ({ system }) => `Sticks am USB-Bus sind nur unter Linux zu sehen, und dies ist ${system}.`,
    cure: 'Für Sticks am Bus Linux verwenden.',
  },
  'node-old': {
    text: ({ node, least }) => `Node.js ${node} ist zu alt: Dieses Paket läuft ab ${least}.`,
    cure: ({ least }) => `Node.js ${least} oder neuer installieren.`,
  },
  'bus-hidden': {
    text: 'Der USB-Bus ist nicht zu sehen: /sys/bus/usb gibt es nicht.',
    cure: 'In einem Container muss /sys des Hosts sichtbar sein; auf einem Rechner ohne USB ist nichts zu tun.',
  },
  'bus-unreachable': {
    text: ({ text }) => `Die Sticks sind nicht zu sehen: ${text}`,
    cure: `Das Programm starten, das die virtuellen Sticks bereitstellt, oder einen anderen Stick wählen ${SETTINGS}.`,
  },
  'native-serial': {
    text: ({ text }) => `Das native Modul für serielle Ports (serialport) lässt sich nicht laden: ${text}.`,
    cure:
      'Das Paket auf diesem Rechner neu installieren, für seinen Prozessor und seine Node.js-Version (`npm rebuild`), und ' +
      'nicht aus der Kopie eines anderen.',
  },
  'native-usb': {
    text: ({ text }) => `Das optionale Paket "usb", das der Moduswechsel braucht, lässt sich nicht laden: ${text}.`,
    cure: 'Installieren, wo es fehlt:\nnpm install usb@3.1',
  },
  'modem-manager': {
    text: ({ programs }) => `${list(programs)} schreibt in die Ports von Huawei-Sticks: Keine udev-Regel verbietet es.`,
    cure: `Es anweisen, Huawei-Sticks in Ruhe zu lassen, oder beenden (\`systemctl disable --now ModemManager\`). ${RULE}`,
  },
  'rule-missing': { text: 'Keine udev-Regel für Huawei-Sticks ist installiert.', cure: RULE },
  'rule-late': {
    text: ({ file }) => `Die udev-Regel ${file} kommt zu spät: ModemManager hat den Stick vorher schon angesehen.`,
    cure: 'Ihr einen Namen geben, der vor 80-mm-candidate.rules steht, zum Beispiel 77-e3272.rules.',
  },
  'rule-half': {
    text: ({ file }) => `Die udev-Regel ${file} tut nicht alles, was der Stick in jedem seiner Modi braucht.`,
    cure: RULE,
  },
  rule: { text: ({ file }) => `Die udev-Regel ${file} ist installiert.`, cure: null },
  'new-id': {
    text: ({ ids }) =>
      `Dem Treiber option wurden die Ids ${list(ids)} von Hand genannt: Das gilt bis zum nächsten Start.`,
    cure: null,
  },
  'state-folder': {
    text: ({ text }) => text,
    cure: 'Bis dahin liegt Dauerhaftes anderswo, oder nur bis zum Ende dieses Programms.',
  },
  'foreign-stick': {
    text: ({ id, stick, what }) => `Das Gerät ${id} an ${stick} wird in Ruhe gelassen: Es ist ${what}.`,
    cure: null,
  },
  'no-stick': {
    text: 'Kein Huawei-Stick ist eingesteckt.',
    cure: 'Einstecken. Steckt er schon, einen anderen Port ohne Hub und ein anderes Kabel versuchen.',
  },
  'no-stick-there': {
    text: ({ stick }) => `An ${stick} ist kein Huawei-Stick eingesteckt.`,
    cure: `Dort einstecken oder einen anderen wählen ${SETTINGS}.`,
  },
  'several-sticks': {
    text: ({ sticks }) =>
      `Mehrere Sticks sind eingesteckt, an ${list(sticks)}: Ohne Namen ist keiner von den anderen zu unterscheiden.`,
    cure: `Jeden nach seinem Portpfad wählen ${SETTINGS}.`,
  },
} satisfies Partial<FindingWords>;

export const ON_BUS = {
  'not-authorized': {
    text: ({ stick }) =>
      `Der Stick an ${stick} ist vom System nicht freigegeben (USBGuard macht das): Kein Treiber darf ihn benutzen.`,
    cure: ({ stick }) =>
      'Erlauben: mit USBGuard `usbguard list-devices -b`, dann `usbguard allow-device -p` mit seiner Nummer, auch in seinen ' +
      `anderen Modi, in denen er andere Ids hat; ohne 1 in /sys/bus/usb/devices/${stick}/authorized schreiben.`,
  },
  'not-enough-power': {
    text: ({ stick, needs }) =>
      `Der Stick an ${stick} braucht ${needs} mA, und sein Hub hat keine eigene Versorgung: Das System hat ihn nicht eingeschaltet.`,
    cure: SUPPLY,
  },
  'no-interfaces': {
    text: ({ stick }) => `Der Stick an ${stick} ist am Bus, aber das System zeigt keines seiner Interfaces.`,
    cure: `${REPLUG} ${SUPPLY}`,
  },
  'over-current': {
    text: ({ stick, times }) =>
      `Der Port des Sticks an ${stick} wurde ${times}-mal wegen zu hohen Stroms abgeschaltet.`,
    cure: `${SUPPLY} Geschieht es auch dort, ist der Stick oder sein Kabel beschädigt.`,
  },
  'write-unfinished': {
    text: ({ stick, missing }) =>
      `Ein Schreiben der Firmware des Sticks an ${stick} wurde begonnen und nicht beendet` +
      `${missing.length > 0 ? `: Es fehlt ${list(missing)}` : ''}.`,
    cure: 'Dieselbe Datei mit dem e3272-flash-Node noch einmal schreiben. Bis dahin darf der Stick nicht benutzt werden.',
  },
  'is-stranger': {
    text: ({ id, stick }) => `Das Huawei-Gerät ${id} an ${stick} ist kein bekanntes Modem.`,
    cure: null,
  },
  stick: {
    text: ({ stick, id, mode, speed, interfaces }) =>
      `Der Stick an ${stick} ist ${id}, Modus ${mode}${speed === null ? '' : `, ${speed} Mbit/s`}` +
      `${interfaces.length === 0 ? '' : `; Interfaces: ${list(interfaces)}`}.`,
    cure: null,
  },
  'wrong-configuration': {
    text: ({ stick, configuration, contents, other }) =>
      `Der Stick an ${stick} ist in Konfiguration ${configuration} (${contents}); wodurch er benutzt wird, ist in Konfiguration ${other}.`,
    cure: ({ other }) =>
      `Die andere einstellen: USB-Konfiguration ${other} eines e3272-modeswitch-Nodes; docs/e3272.rules stellt sie jedes Mal ein.`,
  },
  'no-at-port': {
    text: ({ stick }) => `Der Stick an ${stick} zeigt in seiner jetzigen Zusammensetzung keinen AT-Port.`,
    cure:
      'Seine Ports lassen sich durch AT^SETPORT nur neu setzen, wo es einen AT-Port gibt; sonst durch eine Konvertierung mit ' +
      'gehaltenem Boot-Pin.',
  },
  'driver-missing': {
    text: ({ interfaces, stick, driver, state }) => {
      const why = {
        there: `Der Treiber ${driver} ist da und hat es bisher nicht übernommen`,
        absent: `Dieser Kernel hat keinen Treiber ${driver}`,
        loadable: `Der Treiber ${driver} ist nicht geladen`,
        unknown: `Der Treiber ${driver} ist nicht geladen`,
      }[state];
      return `Kein Treiber hat Interface ${list(interfaces)} des Sticks an ${stick} übernommen: ${why}.`;
    },
    cure: ({ state, driver, id }) =>
      state === 'absent'
        ? `Einen Kernel verwenden, der ${driver} hat (Debian und Ubuntu: linux-modules-extra oder ein anderes Kernel-Paket).`
        : state === 'there'
          ? `Einige Sekunden warten und wieder nachsehen. Bleibt es so, dem Treiber die Id nennen:\n${LINES.newId(id)}`
          : `Laden, und jedes Mal, wenn der Rechner startet. ${ON_HOST}\n${LINES.modprobe(driver)}`,
  },
  'node-missing': {
    text: ({ stick, paths }) => `Der Stick an ${stick} ist da, aber nicht seine Gerätedateien: ${list(paths)}.`,
    cure: ({ paths }) =>
      'In einen Container müssen die Geräte des Hosts hineingereicht werden: der ganze Ordner /dev/bus/usb für das Umschalten, ' +
      `und Ports, wie sie kommen. Es fehlen: ${list(paths)}.`,
  },
  'usb-forbidden': {
    text: ({ stick, path, group }) =>
      `Das USB-Gerät des Sticks an ${stick} (${path}) darf von Ihnen nicht geöffnet werden${group === null ? '' : `: Seine Gruppe ist ${group}`}.`,
    cure: ({ group }) =>
      (group === null ? '' : `Den Benutzer in seine Gruppe aufnehmen und neu anmelden:\n${LINES.adduser(group)}\n`) +
      `Oder das Gerät einer eigenen Gruppe geben. ${RULE}`,
  },
  'usb-closed': {
    text: ({ stick, path }) =>
      `Das System hält das USB-Gerät des Sticks an ${stick} (${path}) von diesem Container fern.`,
    cure: 'Dem Container die Geräte geben (Docker: device_cgroup_rules "c 189:* rwm").',
  },
  'port-closed': {
    text: ({ path, stick }) => `Das System hält den Port ${path} des Sticks an ${stick} von diesem Container fern.`,
    cure: 'Dem Container die Ports geben (Docker: device_cgroup_rules "c 188:* rwm").',
  },
  'port-forbidden': {
    text: ({ path, stick, group, later }) =>
      `Der Port ${path} des Sticks an ${stick} darf von Ihnen nicht geöffnet werden` +
      (group === null
        ? '.'
        : later
          ? `: Sie sind in seiner Gruppe ${group}, aber noch nicht seit der letzten Anmeldung.`
          : `: Seine Gruppe ist ${group}.`),
    cure: ({ group, later }) =>
      later
        ? 'Neu anmelden oder den Dienst neu starten, der dieses Programm ausführt.'
        : group === null
          ? RULE
          : `Den Benutzer in diese Gruppe aufnehmen, neu anmelden und neu starten, was als Dienst läuft:\n${LINES.adduser(group)}`,
  },
  mounted: {
    text: ({ stick, where }) =>
      `Ein Medium des Sticks an ${stick} ist zum Schreiben eingehängt in ${list(where)}, was das Umschalten verbietet.`,
    cure: ({ where }) => `Aushängen:\n${where.map((place) => `umount ${place}`).join('\n')}`,
  },
  'is-fastboot': {
    text: ({ stick }) => `Der Stick an ${stick} ist in Fastboot: Seine Firmware läuft nicht.`,
    cure: REPLUG,
  },
  'is-boot': {
    text: ({ stick }) => `Der Stick an ${stick} ist in seiner boot ROM und wartet auf einen Loader.`,
    cure: CONVERT,
  },
  'is-loader': {
    text: ({ stick }) => `Auf dem Stick an ${stick} läuft ein Loader und wartet auf Firmware.`,
    cure: CONVERT,
  },
  'is-storage': {
    text: ({ stick }) => `Der Stick an ${stick} ist noch seine CD-ROM: Er wurde nicht umgeschaltet.`,
    cure: `Mit dem e3272-modeswitch-Node umschalten, oder bei jedem Einstecken umschalten lassen, ${SETTINGS}.`,
  },
} satisfies Partial<FindingWords>;
