/** French: what the doctor finds most often; the rest stays English. */

import { LINES, list, type SomeFindingWords } from './words';

const SUPPLY = `Branchez-la sur la machine elle-même, ou sur un hub qui a sa propre alimentation.`;
const REPLUG = `Débranchez la clé, attendez cinq secondes et rebranchez-la.`;
const RULE = `Copiez e3272.rules de ce paquet (docs/), faites-le lire par udev, puis rebranchez la clé :\n${LINES.rule}`;

export const WORDS: SomeFindingWords = {
  'no-stick': {
    text: `Aucune clé Huawei n’est branchée.`,
    cure: `Branchez-la. Si elle l’est déjà, essayez un autre port, sans hub, et un autre câble.`,
  },
  'bus-hidden': {
    text: `Le bus USB n’est pas visible : /sys/bus/usb n’existe pas.`,
    cure: `Dans un conteneur, /sys de l’hôte doit être visible ; sur une machine sans USB il n’y a rien à faire.`,
  },
  'native-usb': {
    text: ({ text }) => `Le paquet facultatif "usb", nécessaire au changement de mode, ne se charge pas : ${text}.`,
    cure: `Installez-le là où il manque :\nnpm install usb@3.1`,
  },
  'modem-manager': {
    text: ({ programs }) => `${list(programs)} écrit dans les ports des clés Huawei : aucune règle udev ne l’interdit.`,
    cure: `Dites-lui de laisser les clés Huawei tranquilles, ou arrêtez-le (\`systemctl disable --now ModemManager\`). ${RULE}`,
  },
  'rule-missing': { text: `Aucune règle udev pour les clés Huawei n’est installée.`, cure: RULE },
  'write-unfinished': {
    text: ({ missing, stick }) =>
      `Une écriture du micrologiciel de la clé en ${stick} a été commencée et n’est pas terminée.${missing.length > 0 ? ` Il manque : ${list(missing)}.` : ''}`,
    cure: `Écrivez de nouveau le même fichier avec le nœud e3272-flash. D’ici là, la clé ne doit pas être utilisée.`,
  },
  'is-storage': {
    text: ({ stick }) => `La clé en ${stick} est encore son CD-ROM : elle n’a pas été commutée.`,
    cure: `Commutez-la avec le nœud e3272-modeswitch, ou faites-la commuter à chaque branchement, dans les réglages de la clé.`,
  },
  'not-enough-power': {
    text: ({ needs, stick }) =>
      `La clé en ${stick} demande ${needs} mA et son hub n’a pas d’alimentation : le système ne l’a pas allumée.`,
    cure: SUPPLY,
  },
  'port-busy': {
    text: ({ holders, path, stick }) =>
      `Le port ${path} de la clé en ${stick} est utilisé par ${list(holders) || 'un autre programme'}.`,
    cure: ({ holders, path }) =>
      `${holders.length > 0 ? `Arrêtez ce programme` : `Trouvez le programme (\`fuser -v ${path}\` en root) et arrêtez-le`}, ou dites-lui de laisser cette clé tranquille.`,
  },
  silent: {
    text: ({ ports, stick }) => `Aucun port de la clé en ${stick} ne répond à AT (${list(ports)}).`,
    cure: REPLUG,
  },
  'sim-absent': {
    text: ({ stick }) => `La clé en ${stick} n’a pas de carte SIM.`,
    cure: `Insérez-la, la clé débranchée ; et s’il y en a une, nettoyez ses contacts.`,
  },
  'sim-pin': {
    text: ({ stick }) => `La carte SIM de la clé en ${stick} demande son PIN.`,
    cure: `Réglez le PIN de la SIM dans les réglages de la clé, ou désactivez-le dans un téléphone.`,
  },
  'sim-puk': {
    text: ({ stick }) => `La carte SIM de la clé en ${stick} demande son PUK.`,
    cure: `Mettez la carte dans un téléphone et saisissez-y le PUK et un nouveau PIN ; dix erreurs la détruisent.`,
  },
  'network-searching': {
    text: ({ stick }) => `La clé en ${stick} cherche un réseau.`,
    cure: `Attendez une minute et regardez de nouveau. Placez la clé là où il y a un réseau, loin du métal.`,
  },
  'signal-weak': {
    text: ({ bars, stick }) => `Le signal de la clé en ${stick} est faible (${bars} barres sur 5).`,
    cure: `Placez la clé ailleurs, au bout d’un câble, ou utilisez une antenne extérieure.`,
  },
};
