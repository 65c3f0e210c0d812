/** LZMA data that xz has made. */

import { noise } from '../../src/virtual/make-noise';
import { random } from './help';

export const PLAIN = Buffer.concat([
  Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(20)),
  Buffer.from([...Array(256).keys()]),
  Buffer.from('abababababab'.repeat(9)),
]);

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** PLAIN, size unknown, default properties. */
export const USUAL =
  bytes(`XQAAAAT//////////wAqGgiiAyVm8Ut4xaIF/y7m2dIgGq00+OId6EE2+twGabs85BA0Jwnrs2bj7TeY7ZKt1Sc8yBDB869Xt6ygk5XOKTiw
   DdooIZaF6cLcpu01GX0eYBII849ab/RZXkoE7iu7EisgOa28L22hfwnwj4n0Cv0a12aokM8UK4y7Z+NL2VuamMrGEMMUdGDiGiAdUxqiVV9q
   XcXjDdYWEEtN6PrQytJN1b8cB9GKhz69pBKzu2ehXm9jneuR+w+AnfK/wrGYq4Df4bvkHg2bI81Y8L5bnYaxAve/lIU6manMfIf8oe6MFGLo
   K3EyUTXqtp0ZTcFBwJwsAQDrYFzzXrCKm4EVhxjf71gAHqUKJEESRdOMjRFgJlMbyywp7bCDlbq//F4UAA==`);

/** The same with lc=0 lp=2 pb=1 and a dictionary of 4 KiB. */
export const OTHER_PROPERTIES =
  bytes(`PwAQAAD//////////wAqGgkHJJ7b3GoN4IVZB9XcIbYD9Qt389mu55qwGx6iQyNNc3eCHdU4Osdy93NqvStOcjvo5qaNmbuh97Vxkt8wjqhz
   faV9QDQgRJ5ktsGuoYIfPw/qBDxxORYt4kWXSy8P4OoM4DA2inFrhQrYGZUAGCesanocE47VoxWAf/qyn+EjQt1yV5n9D/Ak6di4f3WiiHNd
   bDMfol7bwa5qyNRHMFCZFT2+kRjuU0JFZo6UtVRWmMPk2f8AevzoGMkG+3vD/eYMscDTDqTCP73cKCrCO3eUWCSTMrR+43v2YPSzqTzwPrir
   ZhnFeZ6aaJr05YF6fgHaE6Q/yGIqZ+LG5gs8I9jsMegOjE8yo/76vF8OAmK0gss1tRDWcU6vuwidq8+KkCer9l9sZBi3/e3l2LZZieaySp4h
   fws8wEhcBa84n/+am4AA`);

/**
 * Copies from near and far, long and short, from some distances again and again, and single bytes: each kind of symbol, many
 * times.
 */
function varied(size: number): Buffer {
  const next = random(77);
  const data = Buffer.alloc(size);
  let at = noise(300, 5).copy(data);
  let near = [37, 91, 150, 233];
  for (let n = 0; at < size; ) {
    if (next(10) < 3) {
      data[at++] = next(256);
      continue;
    }
    if (++n % 60 === 0) near = near.map(() => 1 + next(280));
    const far = n % 4 === 0;
    const distance = far ? 1 + next(Math.min(at, [4, 40, 300, 5000, at][next(5)] ?? at)) : (near[next(4)] ?? 1);
    const length = far ? ([1, 2, 3, 4 + next(8), 16 + next(16), next(300)][next(6)] ?? 1) : 1 + next(9);
    const end = Math.min(size, at + length);
    for (; at < end; at++) data[at] = data[at - distance] as number;
  }
  return data;
}

export const VARIED = varied(12_000);

/** VARIED with default properties and a dictionary of 1 MiB, then with lc=1 lp=3 pb=4 and one of 4 KiB. */
export const VARIED_PACKED = [
  bytes(`XQAAEAD//////////wAAJeCfTrQXLhONWA/6yaDlLtOqhjSVU7ozStmfwjUY9ttmw2bsBfKYiFnDsU6RPyoooiVZNzkH4RYzukzN3SK6JNms+8Kxb5
   BBMBI1vp1ZO282c/WfSgVUiH4lrh0dYn68ir090qF2LHf/1Jv0YWeGkO6+t0LNjhPdro8J/ozP57+Qy4mg+I9Pmc9GiCUaZG7S+Qg7govKiCzzQAsF
   NOWcrqPybP5DpejafGTPAm0NcqV9ZAFsBRNeqxWQHWmSVo9/4TJMedihfbidhHxf+x25eO4jSyxX8Nr7YvJIkXU9omSW9gt8J/UrSkuOcpqu4s3u1J
   ZB7eexZb73ew+8lMQ+JU0LH3Kw2K8CPv6dV7/Sd1BQsnwM3qaEPKvKMGXM9sq79Jva9SfLEWMfN+60W3L4BQay50EwyUzVVPJ1nr2ZP/DF1FaXZDaN
   999cckfxNCsUltNtAlCvzG46IW70Q0dzUuqmEsIFlH17jYR2jijyrTok7NfKK9sK2KA2M329Ly96HQBzccJpbyCGuLTTrJz+xMY1lqHY9hDEpaOAm9
   3hm6tGL2rYWq+CTeNIBrlxtXiu93u4kDzPaetQuLlaUIpAavAXANaPP98Yag9zhIuthxt/GlvhYKxzfIafhfw8PuBBotM8D0peDhc0PJn+TTZSCdsK
   dbXewc/Gf6w+6zLKlkZtDqDOEOwQNzx6KQRWYe5/vBsGyyRsHbEh4gEOGRIR7r6eS/LH6iT5pe0RY0YX5mf32tZYVfok8vmovwBtpYqdcZlih5Qrnm
   xKwbw33KHgLRlgkXyfVn9OKc+i04vkgXypwjqwlutFIMh69Pk6y2nJ+ghjgLMYe10CVp+eBVadJJRPi52mvsejiwgGmsrQA/z5KIEbYyOcMgIowCn1
   +06ifIjmIZV0P+aKSVai2htE1kG6lOMUx4vDLsqXo2P8/BEClsX16mjeb1xdBqo28t8FwUmriluzTgVqX9LVMUAfO4uRQNvZ0NQaCxGJAnvCWNCpzq
   nkEqk8SesvIrmSlpCUoyZReLivOYRhCVciLPcC/PN9yJbitJKUm2hWBiR8+0NZA7oI1LHhCi3SBtAOPJuz/DFdEAOfNX8JhGFpkAA4lLxsTWPhd+iw
   gcQrZVN6G28J1yfJt8FXxMYhWKUaeQ5h3oL0HP2whepO2pGagLS7ok0rOtSnqduvUFE4bih5rRZkTe8lG89/qL+eOFTHbxG/bPtR/BINYBm56+zp8c
   +W3PeKS6KdI8/lq/ST2XAMDfe8Hfy+LEGuIxELwmqYZu7wbMEHCdry1yYQdDI/KKF4PrIPx3hMhvwrNi04rq61iqd5IaoFVqCCoHpDWF+XQvrAb3mv
   +aybuyGRRiBQc42MFxthSPmL27rbAeCO5VmnzHdQBIVktYcW7KISCi8hv/joxb/incnCBE5Re5wshmZzPK+nkwWihFgI7VvYqH2F/ALUiQncxcLiNi
   Lv7+Td9dijJNOBQDFyzzXqCnAv2AOYbDH0BMQpFVovMBozXstxIxEsn3HQMz0HibCa7RTG+4USUP9VUP2KgTIp0DEJSaC6ZT0fUDlXH2Gdzw59WsOK
   fNQ/qnkBSIpQnw0rk820ZqhpiPF3g2y7eQHeR8QHsrLBbY6im1stE3cmR9V39q8vlXXs/ofph1HoGQtNHTrDm5Qr1ilPa91o3DOMFfIx5OYa0ikxfM
   IpMe5ARrM7GRRuXnbynVKXgbUWtyzB6a5vpVKruawGKMZrtduVAuWf5MiUTUzrjKCUVyrMMLa3VZtMskSPqliitqpm4jIUcQZUdMTiopoFsyemlTq9
   Y2sL60nFAlR4gduUe1ON9/Q0Fv3OWiFOyUEK9loFjFLO+PSR54j8ngmKoOO1ZosB+DH8Sw91bnLLZ5KVnpKPGFyBqmXibw/9nlw+H7Of9s+bFgb96g
   SJKxWx+xuoIn70raGqsNWS+BXW2idonb16Q7sonpqJaPdcSMIoKgcIr0wCw8KsFTUW/DSh4kdHvDhM+RO1uC2pEXgo5NfagNhSMjDLcMkLMOZjRWQ0
   BL1VDfjBTCHVkXUBYLYayGxVUr3ZwhISNZPebrX5eMh15skgjbqb3Upo8vgNt0iKbelXkYR43loDxUin5yoAFEWbulrhhtqwknOa34K47h+FftnK2E
   ig4GbvoQwCySFzGcyIOOOFIE+AJQxQMk/bf2FHS2VDh3ctrPEvvhIT0dmjYSqYZ+Bo/ZXhLLHN/I/H1BqPzr88FS/qWwkCHUSGdBZMAyBBcdfNgK5E
   XTJYMYY15Ge/fBecNK+/wek6OIkhyCtt1EKZlGbVwsMDDpUBYFu3m2SFdXRlQyP8ZiTKEpCopsLUXTxzTMQwG+AVda0OitdSrtBmCBciCUrUE4fQZR
   FpMyDNxYb3fTDVhT+a5eQdjmfD+tZmkpv8xigT0s+YgfIGImzUKmVB/U9tfYy31qU4qxTQ4/oxl0hXqbfGjdNNqnj+4nOM4wQd2Zh2GhRboq/iEc/Q
   MENmFF/lWB2TGca1XXWD7uY0q6bKWqa11YBTteKFIMBqUkxrJCCZMlA42EsBjx7B0o3fgezFFpc7985jhpqRQ2tutYA5Zcd3Bu8dAaBKynN2ePPUbz
   2XS13u3Nx+oVN28G4QxGTeIDvuljFXpo/605UatqlqlbRRQ1fnOhCHwMU/TfIpf3Q7ZzHmnm1Ibineq1s7B4ccLFlKWo+9zMfzUx4c5KB/bfREN2od
   VKKygOuJHTCBLjoQqtIbwm9WpDyalsoR//tx2I0=`),
  bytes(`0AAQAAD//////////wAAJQjvazRLfo9A0k3QWaNlqjj52wfuKjLvNzHsI2XHeUPEQ/Y/zWiu306CmV6ZDwIgAf7ki13KS0tMCEMNH6edyxnXfXiMue
   NjItILFT63wzgcHNllKoZ49cE+YVFJxaYvXMjaaVjmYBXfaWrHfOzz4ZT7FAAoBb7RskJemf8yQjkLFTDU+C6h9zMENPslPnc7YqXhP1fVeQ6soG3v
   a3WCGyR/ugZ/Kig4TgT+zr7p6+8uk1KKQt1MRK9eZ+gO9PouismcndE461zRt6/E3Iqkn6/RaDF84fn6fmxprXIYhbEDjbeKNEMdEA3voiGALRqbB0
   gLbHJOrk8d6m4RQjgfvHq7QesfOuT2/tck9ELU58q+pvaiZRxSH66SSpL2g2meaW0gfTURtYkhi4iz51JAqfHpxSsxqM6zy+j4tTh8yJ5+gO/cJ09Q
   +yTTbUkcPvLIJNId9zYsyoSYn7cSPLzeEPz8emudU5qD3nVcaX7EST0SkA2J8EYgG1dyZv9ieozEC6BQf5D+dmOEgzfLM2dKVsFPMzkHHZPJYDR8GW
   5o3uEYF745CHN71GBSILli7pKZ6ycYkFojxc8Gn8bXBdPp2/NC1RwPYWam2KVwj0gR/8+Fh0XL6lEhffMGkbmhrTTx91TRr9qVnAkDnp+gycImr39B
   G7UAzXiFclufP3HG1AUH5OPecBzkJtk4aRb5JCD4313EqSRMmS2lh13v1zSOZhV0TJlOaLpDw2cIoATqqkgfRxJFm1HG5jvypKXnOae1dsjxT5yqLL
   KUZnbYpF5SI3PL0BroF4SlNNuwVvzciZ/7I/2fllAUdEIyH/+Vp5hrTrjR8BVfSFQ7RU9NBZBdUGdYg4VxAMXgLkUqmLBadSIw6+iKbuaxUCdo2/59
   TyO11SssEz7JX4+P1HVf2kpfL9hEWd2IxItvDu/nOVmY+lA4gHtYXxCXrmiItdlg0xbKZK+s/bRkD/SxEUU684l30Xp3Y28WevHjrkTMYk7nEjf9OL
   kh2uDJ2/tqIdXITzx9GKN7LoOKmY4X00dTcADWS0qUK8i+rwCXf2Eh3vI0eAypbpofYUm+Sp1CCqTQ5h8sw+RndTn55tD5PxCtL2pRxxHNk2cu5B1+
   Nw+duqqnZHO9IYltXfohDEaOrO5Ingxlbck6O4CV+KV8IjC6Y1hgXv0M6e5UNnf348GtiQdSomJmr16fUAD0+ha6jSKj7xV0CakQ5UYSZM4AOsa2tj
   clK7EFIOIaoQqiKNg7VmdH5T/p2dA/AePGrZilB2XnIIhmpAFT9fT8Io2sAIqEuTcIk68bYJREPiz37siQ4t2OvsQd8Tz/diB3+04K/BQgPdDcARdr
   0cTtAVQu7iUwXBlMesoki4TLl/6h9Cwy5D5/E7qwWkPLYR2FuGnikRWz/t7vFZoFfKvaC5Yps9iR6Cq5gCCtn/3vCUY3OoHUCFKO4MIRWNGTBjYb3P
   I4Z9bVdZCn18P4I+AjrveZLQU8mMlTEnxxkgHkAfYPVN3mhaL/cg0BNgrcTemCHlShsWw7oxwqtDRxdKZ6QBt7BaIZ9zTS5XPkJNiWMz/BgfvIGCVD
   P5cAFSEJ+PapGZMQBwidVkWy5fShiQY5xnG9ZdHOrWV9nZnEzbSyXcqpijSzqv3b8W/ly5RbVGcqms8Wf7JsG+qzAnI0COcaaeR5kXB1voSfCrBUC4
   1wDvFgtnWsJnlxwir2gA0JwPhfb11bN187dzGO/b0fTcy6/DPvq3SJzY2G9Db4xF2+hxidWJkkjuGvbe2Ar3eSZC1jK0XqJgCwAKTcMuYRny8dqbLT
   SqwdDXbBASaomNnIMUaae7PMZX7obQDsWq+RabcCJ+9SQ1t6LLBVrePmeQ27rdnZnGRn1E4WVv06rRCdVdZD7jq/Wj75z6WhWqm4bTbntbmQ1eEol7
   MxmPbBuHcAvJCGm7zylLAzcXnVyoS9ZE/d6AFR8H1P+JQZeQgjmZlSg8HEOQ41degPPtHQCIR1UxRW/Dh+KlSUiUQgnl9tgkH4Wvjy3eiovdZ1SnBC
   rujICwqd0GShoBKeuicepSSPuVSPUXciCCxXSHTVjdfMwbsk4E8f0Y/mkXdkG0KvLUOaWlBeDznISJEsoTfYhvA0ra6H5k7KQ7pm0Em6KGe90Bs5xM
   UjQ8W2dDE0clJfneRWq0uvrkKcMsgUvmb2uSuy6VSpJbKziK2Ph0DfgWtmqFsh09o816SAuVnFIc8bzK//upbSJojPmp3W4F7gPL61PhUW2ESIGFu+
   zoQ9Bl7guj7LOOcdx1MePZ1MbmU6RWEbSNlWdvaAnB6CyK36AoBarc09otRX2Lg1vfdQ2+1OXuPm+I7jgMjCZKqHuoDRKL1rwP7tDw3++AVYlQzgTI
   MSb6K1RCNrJvcq6G3mIgEhpKMfrJln7hv2akiMgj0i9Tku3S1atd18Lpy+Z3X+G1FkKUo9roq2w/oqagvTG8+lpXO7lv7zMUQcrdMqbNx5nexLuafE
   pIS/qVosqneaRkc5eUTpoLUDfwPzAn9FJmD9ar3elAGJzO1jsI8Ys4MVyAsYKL5rHUgJIOiBfAHeXS/jp/tuMtH/cb+EWejsgG7/aUEzrG9vGBrjhu
   vx+luhgRKb2SxplCB1oPD3FHwhP4EUpZFGoYhVmRugcV9vrThrQWPW8EZAwTAQCRTTYqJcvjizcaPwGouv6P0bf9v1mF8+3WywuCD+tqiyqv/Bvfw1
   dA2Rwv5Yn/tcuoUBX+0sbxO52EDmtQZCdQkBv9odKOOH7cLi5k1wcXMOiwyk0aYYfimpp79+tfUSVqnkP9e8AxK4aefnmHqAtXmfvajyG8FVg8prQ+
   lb8Qon/FI9XHqqkZfXSZpIvzxthQuT4lZIrFJhn3QCgfxwU3EYSaycVvqTFH14lBoNyElfEkjCPRqmwRg85maK6STU1UgGhuLMVtehgRmiEyEIacPh
   h/ifNYUb6x5VPmXPy0sDhEb6E+87wFS0hI/rsPYy8Y/Wh/jQQRY1tCR6t0/X7fLHBeDZWSY1kTculcwMg2hJcsKqxw7oqmSxzNd5MyzstXY7+HYrkn
   hb5dujs5+e3sPFzqVfrz/9ilmLZ1zpB/pbtxKiTL43d7aTKppc9Sltc5s7AqfsgjsmL7FRfbNBscccNnW6JjvfQT0mGaZ/3NL+0y7rGa1dCPV2iTYc
   4L+TJxeuBdqsyDJ0QGSrOP9GVKKJ3/1Po01Vm70gY0Z3sO//pSko3XGw3deKM0B71tENSGULDEe8iUh5DBd6Sy9ezr6Fu36bqyEBFVHxjDu5xpSaK3
   /dDGqS+QkzHeN3YSD++O7e+LbX/+MvGR4=`),
];
