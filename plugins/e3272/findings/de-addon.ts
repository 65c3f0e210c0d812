/** German: what to do about what the doctor finds in an add-on of Home Assistant. */

import { REPLUG } from './de-bus';
import type { AddonFindingWords } from './words';

const SWITCHED_OUTSIDE =
  'Home Assistant OS schaltet Sticks selbst um: neu einstecken und einige Sekunden warten. Ports, AT und SMS brauchen keinen ' +
  'USB-Zugriff. Was ihn braucht (andere Umschaltnachricht, Konvertierung), geschieht einmal auf einem anderen Rechner.';
const UART =
  'Dem Add-on müssen serielle Ports gegeben werden (`uart: true` in seiner Konfiguration), wie es beim Add-on Node-RED der Fall ' +
  'ist: Ein eigenes wird damit neu gebaut.';
const DRIVER =
  'Home Assistant OS lädt den Treiber, wenn der Stick mit seinen Ports erscheint: abziehen, fünf Sekunden warten und wieder ' +
  'einstecken. Bleibt es so, kennt sein Kernel den Stick nicht, und das kann kein Add-on ändern.';
const ELSEWHERE =
  'Auf einem anderen Rechner konvertieren: Ein Update kann dieses Add-on mittendrin neu starten, und einen Stick, der hängt, ' +
  'kann es nicht zurückholen.';
const CONFIG =
  'Home Assistant OS nimmt udev-Regeln von einem USB-Laufwerk namens CONFIG: e3272.rules dieses Pakets (docs/)';
const PLUG_IN =
  'Den Stick einstecken. Wo Home Assistant OS eine virtuelle Maschine ist, ihr den ganzen USB-Port geben: Der Stick wechselt ' +
  'seine Id.';

export const ADDON = {
  'bus-hidden': 'Den Rechner neu starten; eine virtuelle Maschine muss einen USB-Controller haben.',
  'node-old': 'Das Add-on aktualisieren, das sein Node.js mitbringt.',
  'native-serial': 'Das Paket unter „Palette verwalten“ entfernen und dort aus seiner Datei neu installieren.',
  'native-usb':
    'Nichts ist zu tun: Es nützt nur in einem Add-on mit USB-Zugriff. Home Assistant OS schaltet Sticks ohne es um.',
  'modem-manager':
    'Entfernen, was es mitbringt, oder es Huawei-Sticks in Ruhe lassen lassen: Home Assistant OS selbst hat keines.',
  'no-stick': `${PLUG_IN} Steckt er schon, einen anderen Port ohne Hub und ein anderes Kabel versuchen.`,
  'not-authorized': `${REPLUG} Bleibt es so, den Rechner neu starten: Ein Add-on darf es nicht ändern.`,
  'driver-missing': DRIVER,
  'node-missing': REPLUG,
  'usb-forbidden': SWITCHED_OUTSIDE,
  'usb-closed': SWITCHED_OUTSIDE,
  'port-forbidden': UART,
  'port-closed': UART,
  mounted: 'Seine Speicherkarte herausnehmen, oder dort aushängen, wo sie eingehängt wurde, und wiederholen.',
  'port-busy': 'Den Port allem anderen wegnehmen, dem er gegeben wurde, einem anderen Add-on oder einer Integration.',
  'is-storage': `Home Assistant OS schaltet ihn beim Einstecken um. ${REPLUG}`,
  'wrong-configuration': `Ein Add-on ohne USB-Zugriff kann sie nicht einstellen. ${CONFIG} hat die Zeile dafür.`,
  'is-boot': ELSEWHERE,
  'is-loader': ELSEWHERE,
  'no-at-port': ELSEWHERE,
  'web-no-interface': DRIVER,
  'web-no-address': (p) =>
    `Home Assistant den Stick nach einer fragen lassen: Einstellungen, System, Netzwerk, ${p.interface}, IPv4, automatisch.`,
  'default-route': (p) =>
    `Ist das nicht gewollt, ${p.interface} eine feste Adresse aus dem Netz des Sticks ohne Gateway geben: Einstellungen, System, Netzwerk.`,
  autosuspend: `${CONFIG} beendet es.`,
} satisfies AddonFindingWords;
