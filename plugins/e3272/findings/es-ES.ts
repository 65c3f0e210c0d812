/** Spanish: what the doctor finds most often; the rest stays English. */

import { LINES, list, type SomeFindingWords } from './words';

const SUPPLY = `Conéctelo a la propia máquina o a un concentrador con alimentación propia.`;
const REPLUG = `Desconecte el módem, espere cinco segundos y vuelva a conectarlo.`;
const RULE = `Copie e3272.rules de este paquete (docs/), haga que udev lo lea y vuelva a conectar el módem:\n${LINES.rule}`;

export const WORDS: SomeFindingWords = {
  'no-stick': {
    text: `No hay ningún módem Huawei conectado.`,
    cure: `Conéctelo. Si ya lo está, pruebe otro puerto, sin concentrador, y otro cable.`,
  },
  'bus-hidden': {
    text: `No se ve el bus USB: no existe /sys/bus/usb.`,
    cure: `En un contenedor debe verse /sys del anfitrión; en una máquina sin USB no hay nada que hacer.`,
  },
  'native-usb': {
    text: ({ text }) => `El paquete opcional "usb", que necesita el cambio de modo, no se puede cargar: ${text}.`,
    cure: `Instálelo donde falte:\nnpm install usb@3.1`,
  },
  'modem-manager': {
    text: ({ programs }) =>
      `${list(programs)} escribe en los puertos de los módems Huawei: ninguna regla de udev lo prohíbe.`,
    cure: `Dígale que deje en paz los módems Huawei o deténgalo (\`systemctl disable --now ModemManager\`). ${RULE}`,
  },
  'rule-missing': { text: `No hay instalada ninguna regla de udev para módems Huawei.`, cure: RULE },
  'write-unfinished': {
    text: ({ missing, stick }) =>
      `Se empezó a escribir el firmware del módem en ${stick} y no se terminó.${missing.length > 0 ? ` Falta: ${list(missing)}.` : ''}`,
    cure: `Vuelva a escribir el mismo archivo con el nodo e3272-flash. Hasta entonces no se debe usar el módem.`,
  },
  'is-storage': {
    text: ({ stick }) => `El módem en ${stick} sigue siendo su CD-ROM: no se ha cambiado de modo.`,
    cure: `Cámbielo con el nodo e3272-modeswitch, o haga que se cambie cada vez que se conecta, en los ajustes del módem.`,
  },
  'not-enough-power': {
    text: ({ needs, stick }) =>
      `El módem en ${stick} pide ${needs} mA y su concentrador no tiene alimentación propia: el sistema no lo ha encendido.`,
    cure: SUPPLY,
  },
  'port-busy': {
    text: ({ holders, path, stick }) =>
      `El puerto ${path} del módem en ${stick} lo usa ${list(holders) || 'otro programa'}.`,
    cure: ({ holders, path }) =>
      `${holders.length > 0 ? `Detenga ese programa` : `Busque el programa (\`fuser -v ${path}\` como root) y deténgalo`}, o dígale que deje en paz este módem.`,
  },
  silent: {
    text: ({ ports, stick }) => `Ningún puerto del módem en ${stick} responde a AT (${list(ports)}).`,
    cure: REPLUG,
  },
  'sim-absent': {
    text: ({ stick }) => `El módem en ${stick} no tiene tarjeta SIM.`,
    cure: `Póngala con el módem desconectado; y si la hay, limpie sus contactos.`,
  },
  'sim-pin': {
    text: ({ stick }) => `La tarjeta SIM del módem en ${stick} pide su PIN.`,
    cure: `Ponga el PIN de la SIM en los ajustes del módem, o desactívelo en un teléfono.`,
  },
  'sim-puk': {
    text: ({ stick }) => `La tarjeta SIM del módem en ${stick} pide su PUK.`,
    cure: `Ponga la tarjeta en un teléfono e introduzca allí el PUK y un PIN nuevo; diez errores la destruyen.`,
  },
  'network-searching': {
    text: ({ stick }) => `El módem en ${stick} busca una red.`,
    cure: `Espere un minuto y mire otra vez. Ponga el módem donde haya red, lejos de metal.`,
  },
  'signal-weak': {
    text: ({ bars, stick }) => `La señal del módem en ${stick} es débil (${bars} barras de 5).`,
    cure: `Ponga el módem en otro sitio, con un cable, o use una antena exterior.`,
  },
};
