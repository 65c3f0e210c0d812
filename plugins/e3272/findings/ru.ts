/** Russian: what the doctor finds most often; the rest stays English. */

import { LINES, list, type SomeFindingWords } from './words';

const SUPPLY = `Подключите его прямо к машине или к хабу с собственным питанием.`;
const REPLUG = `Отключите модем, подождите пять секунд и подключите снова.`;
const RULE = `Скопируйте e3272.rules из этого пакета (docs/), дайте udev прочитать его и подключите модем заново:\n${LINES.rule}`;

export const WORDS: SomeFindingWords = {
  'no-stick': {
    text: `Модем Huawei не подключён.`,
    cure: `Подключите его. Если он подключён, попробуйте другой порт, без хаба, и другой кабель.`,
  },
  'bus-hidden': {
    text: `Шина USB не видна: /sys/bus/usb нет.`,
    cure: `В контейнере должен быть виден /sys хоста; на машине без USB делать нечего.`,
  },
  'native-usb': {
    text: ({ text }) => `Необязательный пакет "usb", нужный для смены режима, не загружается: ${text}.`,
    cure: `Установите его там, где его нет:\nnpm install usb@3.1`,
  },
  'modem-manager': {
    text: ({ programs }) => `${list(programs)} пишет в порты модемов Huawei: ни одно правило udev этого не запрещает.`,
    cure: `Велите ему не трогать модемы Huawei или остановите его (\`systemctl disable --now ModemManager\`). ${RULE}`,
  },
  'rule-missing': { text: `Правило udev для модемов Huawei не установлено.`, cure: RULE },
  'write-unfinished': {
    text: ({ missing, stick }) =>
      `Запись прошивки модема на ${stick} была начата и не закончена.${missing.length > 0 ? ` Не хватает: ${list(missing)}.` : ''}`,
    cure: `Запишите тот же файл ещё раз узлом e3272-flash. До этого модемом пользоваться нельзя.`,
  },
  'is-storage': {
    text: ({ stick }) => `Модем на ${stick} всё ещё CD-ROM: режим не переключён.`,
    cure: `Переключите его узлом e3272-modeswitch или переключайте при каждом подключении, в настройках модема.`,
  },
  'not-enough-power': {
    text: ({ needs, stick }) =>
      `Модему на ${stick} нужно ${needs} мА, а у его хаба нет своего питания: система его не включила.`,
    cure: SUPPLY,
  },
  'port-busy': {
    text: ({ holders, path, stick }) =>
      `Порт ${path} модема на ${stick} занят: ${list(holders) || 'другая программа'}.`,
    cure: ({ holders, path }) =>
      `${holders.length > 0 ? `Остановите эту программу` : `Найдите программу (\`fuser -v ${path}\` от root) и остановите её`} или велите ей не трогать этот модем.`,
  },
  silent: {
    text: ({ ports, stick }) => `Ни один порт модема на ${stick} не отвечает на AT (${list(ports)}).`,
    cure: REPLUG,
  },
  'sim-absent': {
    text: ({ stick }) => `В модеме на ${stick} нет SIM-карты.`,
    cure: `Вставьте её в отключённый модем; а если она есть, почистите её контакты.`,
  },
  'sim-pin': {
    text: ({ stick }) => `SIM-карта модема на ${stick} требует PIN.`,
    cure: `Задайте PIN SIM-карты в настройках модема или отключите его в телефоне.`,
  },
  'sim-puk': {
    text: ({ stick }) => `SIM-карта модема на ${stick} требует PUK.`,
    cure: `Вставьте карту в телефон и введите там PUK и новый PIN; десять ошибок её уничтожат.`,
  },
  'network-searching': {
    text: ({ stick }) => `Модем на ${stick} ищет сеть.`,
    cure: `Подождите минуту и посмотрите снова. Поставьте модем туда, где есть сеть, подальше от металла.`,
  },
  'signal-weak': {
    text: ({ bars, stick }) => `Сигнал модема на ${stick} слабый (${bars} из 5 делений).`,
    cure: `Поставьте модем в другое место, на кабеле, или используйте внешнюю антенну.`,
  },
};
