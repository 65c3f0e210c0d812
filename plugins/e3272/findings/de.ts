/** German: all that the doctor finds. */

export { ADDON } from './de-addon';

import { MACHINE, ON_BUS, REPLUG, SETTINGS, SUPPLY } from './de-bus';
import { type FindingWords, list } from './words';

const IF_IT_STAYS =
  'Eine Minute warten und wieder nachsehen. Bleibt es so, den Stick abziehen und nach fünf Sekunden wieder einstecken.';
const WAIT = 'Eine Minute warten und wieder nachsehen.';

/** Lines for what gives interfaces their addresses. */
const ADDRESS_LINES: Readonly<Record<string, (name: string) => string>> = {
  'systemd-networkd': (name) =>
    `systemd-networkd, in /etc/systemd/network/50-e3272.network, dann \`networkctl reload\`:\n` +
    `[Match]\nName=${name}\n[Network]\nDHCP=ipv4\n[DHCPv4]\nUseGateway=false\nUseRoutes=false\nUseDNS=false`,
  NetworkManager: (name) =>
    `NetworkManager:\nnmcli connection add type ethernet ifname ${name} con-name e3272 ipv4.method auto ` +
    'ipv4.never-default yes ipv4.ignore-auto-dns yes ipv6.method disabled\nnmcli connection up e3272',
  dhcpcd: (name) =>
    `dhcpcd, in /etc/dhcpcd.conf, dann \`systemctl restart dhcpcd\`:\ninterface ${name}\nnogateway\nnooption domain_name_servers`,
};

function addressLines(name: string, manager: string | null): string {
  const own = ADDRESS_LINES[manager ?? ''];
  const all = Object.values(ADDRESS_LINES).map((say) => say(name));
  return `Das System eine holen lassen, ohne seine Standardroute zu übernehmen. ${own ? own(name) : all.join('\n')}`;
}

const ASKED = {
  held: {
    text: ({ stick, holder, told }) =>
      `Der Stick an ${stick} ist belegt durch ${holder}, darum wurde er nicht gefragt${told === null ? '' : `; letzter Zustand: ${told}`}.`,
    cure: null,
  },
  left: {
    text: ({ stick }) => `Der Stick an ${stick} hat den Bus verlassen, während er untersucht wurde.`,
    cure: `${REPLUG} Geht er immer wieder, liegt es am Strom oder am Kabel. ${SUPPLY}`,
  },
  'port-busy': {
    text: ({ path, stick, holders }) =>
      `Der Port ${path} des Sticks an ${stick} ist belegt durch ${list(holders) || 'ein anderes Programm'}.`,
    cure: ({ holders, path }) =>
      (holders.length > 0
        ? 'Dieses Programm beenden'
        : `Das Programm finden (\`fuser -v ${path}\` als root) und beenden`) +
      ', oder es anweisen, diesen Stick in Ruhe zu lassen.',
  },
  'port-fault': {
    text: ({ path, stick, text }) => `Der Port ${path} des Sticks an ${stick} ist nicht brauchbar: ${text}`,
    cure: REPLUG,
  },
  silent: {
    text: ({ stick, ports }) => `Kein Port des Sticks an ${stick} antwortet auf AT (${list(ports)}).`,
    cure: REPLUG,
  },
  framed: {
    text: ({ path, stick }) => `Der Port ${path} des Sticks an ${stick} hängt im Rahmen des Download-Protokolls fest.`,
    cure: REPLUG,
  },
  babbles: {
    text: ({ path, stick }) => `Der Port ${path} des Sticks an ${stick} sendet ohne Ende, obwohl niemand ihn fragt.`,
    cure: REPLUG,
  },
  garbled: {
    text: ({ path, stick }) => `Was vom Port ${path} des Sticks an ${stick} kommt, ist keine Antwort auf AT.`,
    cure: `Andere Programme beenden, die den Port benutzen. Gibt es keine, bleibt nur dies. ${REPLUG}`,
  },
  refuses: {
    text: ({ path, stick, final }) => `Der Port ${path} des Sticks an ${stick} beantwortet bloßes AT mit ${final}.`,
    cure: REPLUG,
  },
  'stops-answering': {
    text: ({ path, stick, command }) =>
      `Der Port ${path} des Sticks an ${stick} beantwortet AT, aber nicht ${command}.`,
    cure: REPLUG,
  },
  slow: { text: ({ stick, ms }) => `Der Stick an ${stick} ist langsam: Eine Antwort brauchte ${ms} ms.`, cure: null },
  answers: { text: ({ path, role, ms }) => `AT wird auf ${path} (${role}) nach ${ms} ms beantwortet.`, cure: null },
  'port-silent': {
    text: ({ path, role }) => `Der Port ${path} (${role}) antwortet nicht auf AT, aber ein anderer.`,
    cure: null,
  },
  'port-not-asked': {
    text: ({ path, role }) => `Der Port ${path} (${role}) wurde nicht gefragt: Er beantwortet AT nicht.`,
    cure: null,
  },
  'web-no-interface': {
    text: ({ stick }) => `Das System hat aus dem Stick an ${stick} kein Netzwerk-Interface gemacht.`,
    cure: 'Sein Treiber ist cdc_ether. Das auf dem Host tun, nicht im Container.\nsudo modprobe cdc_ether',
  },
  'web-no-address': {
    text: (p) =>
      `Das Interface ${p.interface} des Sticks an ${p.stick} hat keine Adresse: Nichts auf diesem Rechner hat den Stick nach einer gefragt.`,
    cure: (p) => addressLines(p.interface, p.manager),
  },
  'lan-taken': {
    text: (p) =>
      `Das Netz des Sticks an ${p.stick} (${p.interface}) ist auch das von ${p.other}: Was für das eine gemeint ist, kann ins andere gehen.`,
    cure:
      'Dem Stick auf seiner eigenen Webseite ein anderes Netz geben (zum Beispiel 192.168.9.1), während das andere Interface ' +
      'getrennt ist.',
  },
  'same-lan': {
    text: ({ stick, other }) => `Die Sticks an ${stick} und ${other} sind im selben Netz.`,
    cure: 'Einem von ihnen auf seiner eigenen Webseite ein anderes Netz geben, während der andere abgezogen ist.',
  },
  'web-silent': {
    text: ({ stick, text }) => `Der Webserver des Sticks an ${stick} antwortet nicht: ${text}`,
    cure: `Ein Stick braucht nach dem Einstecken bis zu einer Minute. ${IF_IT_STAYS}`,
  },
  'web-faulty': {
    text: ({ stick, text }) => `Der Webserver des Sticks an ${stick} antwortet falsch: ${text}`,
    cure: IF_IT_STAYS,
  },
  'web-held': {
    text: ({ stick, told }) =>
      `Der Webserver des Sticks an ${stick} wird von diesem Programm benutzt, darum wurde er nicht gefragt; letzter Zustand: ${told}.`,
    cure: null,
  },
  'web-locked': {
    text: ({ stick }) => `Die Webseite des Sticks an ${stick} verlangt für das Gefragte eine Anmeldung.`,
    cure: `Mit dem Passwort seiner Webseite ${SETTINGS} wird mehr gesagt; zu tun ist nichts.`,
  },
  web: {
    text: ({ stick, address, ms }) => `Der Webserver des Sticks an ${stick} antwortet unter ${address} nach ${ms} ms.`,
    cure: null,
  },
  model: {
    text: ({ stick, model, revision }) =>
      `Der Stick an ${stick} nennt sich ${model}${revision === null ? '' : `, Firmware ${revision}`}.`,
    cure: null,
  },
  'radio-off': {
    text: ({ stick }) => `Das Funkteil des Sticks an ${stick} ist ausgeschaltet.`,
    cure: 'AT+CFUN=1 an einen e3272-at-Node senden.',
  },
  'sim-absent': {
    text: ({ stick }) => `Der Stick an ${stick} hat keine SIM-Karte.`,
    cure: 'Bei abgezogenem Stick einlegen; und gibt es eine, ihre Kontakte reinigen.',
  },
  'sim-failed': {
    text: ({ stick }) => `Der Stick an ${stick} kann seine SIM-Karte nicht lesen.`,
    cure: 'Sie in einem Telefon versuchen, und eine andere Karte im Stick.',
  },
  'sim-puk': {
    text: ({ stick }) => `Die SIM-Karte des Sticks an ${stick} verlangt ihre PUK.`,
    cure: 'Die Karte in ein Telefon einlegen und dort PUK und eine neue PIN eingeben; zehn falsche zerstören sie.',
  },
  'sim-pin': {
    text: ({ stick }) => `Die SIM-Karte des Sticks an ${stick} verlangt ihre PIN.`,
    cure: `SIM-PIN setzen ${SETTINGS}, oder sie in einem Telefon abschalten.`,
  },
  'sim-busy': { text: ({ stick }) => `Die SIM-Karte des Sticks an ${stick} startet noch.`, cure: WAIT },
  'network-denied': {
    text: ({ stick }) => `Das Netz lässt die SIM-Karte des Sticks an ${stick} nicht hinein.`,
    cure: 'Den Betreiber fragen, ob die Karte aktiv ist und Daten nutzen darf; ein Stick kann an einen anderen Betreiber gebunden sein.',
  },
  'network-searching': {
    text: ({ stick }) => `Der Stick an ${stick} sucht ein Netz.`,
    cure: `${WAIT} Den Stick dorthin bringen, wo es ein Netz gibt, weg von Metall.`,
  },
  'network-none': {
    text: ({ stick }) => `Der Stick an ${stick} hat kein Netz gefunden.`,
    cure: 'Den Stick dorthin bringen, wo es ein Netz gibt, weg von Metall, und prüfen, welche Systeme er benutzen darf.',
  },
  'signal-weak': {
    text: ({ stick, bars }) => `Das Signal des Sticks an ${stick} ist schwach (${bars} von 5 Balken).`,
    cure: 'Den Stick anderswo aufstellen, an einem Kabel, oder eine Außenantenne verwenden.',
  },
  network: {
    text: ({ stick, bars }) => `Der Stick an ${stick} ist eingebucht${bars === null ? '' : `, ${bars} von 5 Balken`}.`,
    cure: null,
  },
} satisfies Partial<FindingWords>;

const BESIDES = {
  'default-route': {
    text: (p) =>
      `Der Stick an ${p.stick} hält die Standardroute (${p.interface}): Alles, was dieser Rechner nach außen sendet, geht über ihn.`,
    cure: (p) =>
      `Ist das nicht gewollt, es verbieten. NetworkManager:\nnmcli connection modify CONNECTION ipv4.never-default yes ipv4.ignore-auto-dns yes\n` +
      `systemd-networkd, in der .network-Datei von ${p.interface}:\n[DHCPv4]\nUseGateway=false\nUseRoutes=false\nUseDNS=false\n` +
      `dhcpcd, in /etc/dhcpcd.conf:\ninterface ${p.interface}\nnogateway`,
  },
  autosuspend: {
    text: ({ stick }) => `Das System darf den Stick an ${stick} schlafen legen (Autosuspend).`,
    cure: ({ stick }) =>
      `Die udev-Regel dieses Pakets beendet das; bis der Stick neu eingesteckt wird:\necho on | sudo tee /sys/bus/usb/devices/${stick}/power/control`,
  },
  'hub-unpowered': {
    text: ({ stick }) => `Der Stick an ${stick} hängt an einem Hub ohne eigene Versorgung.`,
    cure: SUPPLY,
  },
  'time-up': {
    text: ({ stick, what }) => `Die Zeit reichte nicht für: ${what}${stick === null ? '' : ` (Stick an ${stick})`}.`,
    cure: 'Wieder nachsehen; was nicht antwortet, hält den Rest auf.',
  },
  'folder-missing': {
    text: ({ folder }) => `In den Ordner für Dateien, ${folder}, lässt sich nicht hineinsehen.`,
    cure: 'Ihn anlegen, oder e3272FlashFolder in der Einstellungsdatei von Node-RED berichtigen.',
  },
  'file-bad': {
    text: ({ file, text }) => `Die Datei ${file} ist nicht brauchbar: ${text}`,
    cure: 'Aus dem Ordner nehmen oder neu beschaffen.',
  },
  'loader-unknown': {
    text: ({ file }) => `Die Loader-Datei ${file} ist keine der bekannten: Kein Stick bekommt sie.`,
    cure: 'Eine bekannte verwenden: Der e3272-flash-Node lehnt diese ab.',
  },
  'loader-made-up': {
    text: ({ file }) => `Die Loader-Datei ${file} ist künstlich: Nur virtuelle Sticks bekommen sie.`,
    cure: null,
  },
  loader: { text: ({ file, known }) => `Die Loader-Datei ${file} ist ${known}.`, cure: null },
  'firmware-made-up': {
    text: ({ file }) => `Die Firmware-Datei ${file} ist künstlich: Nur virtuelle Sticks bekommen sie.`,
    cure: null,
  },
  firmware: {
    text: ({ file, images, version }) =>
      `Die Firmware-Datei ${file} hat ${images} Images${version === '' ? '' : `, Version ${version}`}; ihre Header stimmen.`,
    cure: null,
  },
} satisfies Partial<FindingWords>;

export const WORDS: FindingWords = { ...MACHINE, ...ON_BUS, ...ASKED, ...BESIDES };
