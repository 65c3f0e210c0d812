/** Chinese: what the doctor finds most often; the rest stays English. */

import { LINES, list, type SomeFindingWords } from './words';

const SUPPLY = `请将其插到本机，或插到自带电源的集线器上。`;
const REPLUG = `拔出上网卡，等五秒，再重新插入。`;
const RULE = `复制本软件包的 e3272.rules（docs/），让 udev 读取，然后重新插入上网卡：\n${LINES.rule}`;

export const WORDS: SomeFindingWords = {
  'no-stick': { text: `没有插入华为上网卡。`, cure: `请插入。如果已插入，请换一个端口（不经集线器）并换一根线。` },
  'bus-hidden': {
    text: `看不到 USB 总线：/sys/bus/usb 不存在。`,
    cure: `在容器中必须能看到主机的 /sys；没有 USB 的机器则无事可做。`,
  },
  'native-usb': {
    text: ({ text }) => `模式切换所需的可选软件包 "usb" 无法加载：${text}。`,
    cure: `在缺少它的地方安装：\nnpm install usb@3.1`,
  },
  'modem-manager': {
    text: ({ programs }) => `${list(programs)} 会写入华为上网卡的端口：没有 udev 规则禁止它。`,
    cure: `让它不要碰华为上网卡，或停止它（\`systemctl disable --now ModemManager\`）。${RULE}`,
  },
  'rule-missing': { text: `没有安装华为上网卡的 udev 规则。`, cure: RULE },
  'write-unfinished': {
    text: ({ missing, stick }) =>
      `${stick} 处上网卡的固件写入已开始但未完成。${missing.length > 0 ? ` 缺少：${list(missing)}。` : ''}`,
    cure: `请用 e3272-flash 节点再次写入同一文件。在此之前不得使用该上网卡。`,
  },
  'is-storage': {
    text: ({ stick }) => `${stick} 处的上网卡仍是 CD-ROM：尚未切换。`,
    cure: `用 e3272-modeswitch 节点切换，或在上网卡设置中让它每次插入时切换。`,
  },
  'not-enough-power': {
    text: ({ needs, stick }) => `${stick} 处的上网卡需要 ${needs} mA，而其集线器没有自带电源：系统没有开启它。`,
    cure: SUPPLY,
  },
  'port-busy': {
    text: ({ holders, path, stick }) => `${stick} 处上网卡的端口 ${path} 正被 ${list(holders) || '其他程序'} 占用。`,
    cure: ({ holders, path }) =>
      `${holders.length > 0 ? `停止该程序` : `找到该程序（以 root 运行 \`fuser -v ${path}\`）并停止它`}，或让它不要碰这只上网卡。`,
  },
  silent: { text: ({ ports, stick }) => `${stick} 处的上网卡没有端口应答 AT（${list(ports)}）。`, cure: REPLUG },
  'sim-absent': {
    text: ({ stick }) => `${stick} 处的上网卡没有 SIM 卡。`,
    cure: `拔出上网卡后装入；如果已有，请清洁其触点。`,
  },
  'sim-pin': {
    text: ({ stick }) => `${stick} 处上网卡的 SIM 卡要求 PIN。`,
    cure: `在上网卡设置中填写 SIM PIN，或在手机中关闭它。`,
  },
  'sim-puk': {
    text: ({ stick }) => `${stick} 处上网卡的 SIM 卡要求 PUK。`,
    cure: `把卡放入手机，在那里输入 PUK 和新的 PIN；错误十次会毁掉此卡。`,
  },
  'network-searching': {
    text: ({ stick }) => `${stick} 处的上网卡正在搜索网络。`,
    cure: `等一分钟再看。将上网卡放到有网络的地方，远离金属。`,
  },
  'signal-weak': {
    text: ({ bars, stick }) => `${stick} 处上网卡的信号弱（${bars}/5 格）。`,
    cure: `将上网卡换个地方，用延长线，或使用外接天线。`,
  },
};
