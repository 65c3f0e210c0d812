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

/** Copies from near and far, long and short, the same distances again, and single bytes: each kind of symbol, many times. */
function varied(size: number): Buffer {
  const next = random(77);
  const data = Buffer.alloc(size);
  let at = noise(300, 5).copy(data);
  while (at < size) {
    const roll = next(10);
    if (roll < 2) {
      data[at++] = next(256);
      continue;
    }
    const distance = 1 + next(Math.min(at, [4, 40, 300, 5000, at][next(5)] ?? at));
    const wanted = ([1, 2, 3, 4 + next(8), 16 + next(16), next(300)][next(6)] ?? 1) + (roll === 9 ? 200 : 0);
    const end = Math.min(size, at + wanted);
    for (; at < end; at++) data[at] = data[at - distance] as number;
  }
  return data;
}

export const VARIED = varied(20_000);

/** VARIED with default properties and a dictionary of 1 MiB, then with lc=1 lp=3 pb=4 and one of 8 KiB. */
export const VARIED_PACKED = [
  bytes(`XQAAEAD//////////wAAJeCfTrQXLhONWA/6yaDlLtOqhjSVU7ozStmfwjUY9ttmw2bsBfKYiFnDsU6RPyoooiVZNzkH4RYzukzN3SK6JNms+8Kxb5
   BBMBI1vp1ZO282c/WfSgVUiH4lrh0dYn68ir090qF2LHf/1Jv0YWeGkO6+t0LNjhPdro8J/ozP57+Qy4mg+I9Pmc9GiCUaZG7S+Qg7govKiCzzQAsF
   NOWcrqPybP5DpejafGTPAm0NcqV9ZAFsBRNeqxWQHWmSVo9/4TJMedihfbidhHxf+x25eO4jSyxX8Nr7YvJIkXU9omSW9gt8J/UrSkuOcpqu4s3u1J
   ZB7eexZb73ew+8lMQ+JU0LH3Kw2K8CPv6dV7/Sd1BQsnwM3qaEPKvKMGXM9sq79Jva9SfLEWMfN+60W3L4BQay50EwyUzVVsWPOBAiZ/MJOGtL/MqN
   6Aw4Pee/q3xKYx3XgUHDUXTgynz7JCW+JmTg7aDM0rfnWbFKtj87c9ntZOvfDXdoPRLOyKEFp4yPG+4CBIkOLncIu8vgvOOLpZyX001m1xiU2DRy0W
   ZGxReQskL0afGlQI5xyBBbteTmwb3cNNdLnyrIac/ZeTkV0qYN8YQ+I8Kh3naODLHnjXXV2YVMPpb7ZxQMchVwlWh2y8geJzArfC6OZTOxTyIFwIxe
   Vjbtj5sSxSDBmwa4m1RISXd5jk/7Fqzq/ymmDGrrEEWhYygiufwQOpraDWUfZQ97hU7XZvycUiF2p2OJMjApDaNwLLpZcToTjnoAPhp/+1l8x4UzLq
   XTtLMvhEMBHUXGI4CxbdYIVNKFEBZbN2NATRHivQpH3KbkpOzCO0HIUv2lYsj00KV4UHHTU9E6Hx0ee6yMePNgtalylzPR7hR/v0XAkZ1jR9S0lIjA
   gEoJxt/XIAomLZWNSzNrDOX5PO4NFlLp7hbQvZZlDxTX3zomj+LSQI6P0ZbmpM5DzofP++9QeST2GaKJjgHO342kdSaOT0OSua30ESJPCUBDKiTd+1
   sFo+p6goWIftEmQQ9RmdGf6Ncmdv3LkgD9qArfv3jU0DNNL/BJk1rbgs+MkS9vT9c1v/VAlQRFxEw7onO6kDhnKFfIJVzdEplo2vmd/FH4S2pFiKP+
   fk18Ma0xzJbA/RF0DZc8OVLLAyN008dChf6G9AzeP/IVdPFwn13DCT2RgOUNQfno7HZuxwd3EtVidEWuU2rEufMMgZzkSbRbgQY+NhDy2APuFSxiz7
   Rlj9+SQh8t1oK/mJ/R4xhKkCw8E0RIpttyklnJJ+OarXzzZLiozuZZkP26qLYeMPhT9pMyOq3dYWgq12puB9i0/fgm+SYZn818jbZHSZuU5naOMVrx
   kT0aLbs8/Q782Fr75Unnhov+6/Vh/NwGNiDOFnr9+dfUQitlxayeO3Yt+oodwv87k7FNPF+p90HujdJLjUG4vXXs/9biLr34LhkmYnrGbJV9Bnjrb9
   lWf0vCTK3p0WzP1h8KtD/gKOkEd3IdJQmb+Bg0G98xCxsqPzewL1ODFHNajmyAc4+OWfeDnF45doHRzkVqRwZ+X0ZhaPseabl5Q4ID7lW5QoHHR0Le
   8UeZzkhAtL+qTiuu0cVn1PxO1x5OXg9E//SmvHo=`),
  bytes(`0AAgAAD//////////wAAJQjvazRLfo9A0k3QWaNlqjj52wfuKjLvNzHsI2XHeUPEQ/Y/zWiu306CmV6ZDwIgAf7ki13KS0tMCEMNH6edyxnXfXiMue
   NjItILFT63wzgcHNllKoZ49cE+YVFJxaYvXMjaaVjmYBXfaWrHfOzz4ZT7FAAoBb7RskJemf8yQjkLFTDU+C6h9zMENPslPnc7YqXhP1fVeQ6soG3v
   a3WCGyR/ugZ/Kig4TgT+zr7p6+8uk1KKQt1MRK9eZ+gO9PouismcndE461zRt6/E3Iqkn6/RaDF84fn6fmxprXIYhbEDjbeKNEMdEA3voiGALRqbB0
   gLbHJOrk8d6m4RQjgfvHq7QesfOuT2/tck9ELU58q+pvaiZRxSH66SSpL2g2meaW0gfTURtYkhi4iz51JAqfHpxSsxqM6zy+j4tTh8yJ5+gO/cJ09Q
   /EQE/IKPGylubi8DR9o+vZELmueYAJB7CYdja6oj4QEeYJdwHHBBiE7pZcCeM2LOZhp+fLB52LBj//f1+RiGePdSXWdIm/8F4Vq5d18pJ9rLIbbuf6
   s3pATUrRHIwOpZFETm5oGdIUNcq6FAg4DlUerqnAfhY8LS1/qtxcua93v4SnATrGX6WcYWEfhlwLqgXzb96X3G1t10gm8qMM3UdrCkT6lQUDS9n6kW
   CYUcSZnkoOAV/b6KVuuTPemXOqG1W4cX9XVG6UTYo6xJKUzAsFFUhKxmluPWTN5+nxIDPCybT4G7q9+3wouck2Xi5ovrDUL5Q+plQOpo4+TYpq9ZaI
   Yx/7IxPmTsZ+wT1WxVXBnKzwZw8fNKMbqELnb808A6HbZz+wgkWjbf+ZKohTVqQtXMhfoyGRIEYFtD0c2GJhL6VrypIYV2BBDEy/VzeniHk0pzGAol
   aS0gy78jjB2V3snaOd3zyIk806gHBRHRBTMLpQeB/cIRZGwd9b1BYiOzWyRYzMfY9hoFmOXWmKa+J5jklmG0XYxz9yPYZfSwVxYzBSzWhgvQHlqtPm
   9CZZip2mq80b3n5JI48LbSx558kbWlN4hQxsgQq3PIrTGGdMWYuPkx+5Gbmi0uSVh84RVlSxQnxgC2rl/SjHmA2udiLd8F2bcyAuvXmUCguItN67w4
   iT6Ohla1GWO0xQFbkoe/SH5sEeWH+KdUgijw4C9iCPQdHhH7v+Ic/6BH8hmDt2rY491Du49A6svxn0yaLB52RJ0FLAIr+tVRK4ApAHs/RERsaMjLxu
   Q7W09d21SU05YCuSQjTvdTIs5KfWboebct1QDhvWEp3yRtelZ04W1Laxi0quQkXoBQzTtfsyVsl0digsgdGhifxnDBtFZLYptno+lO0W51stJ4bqRX
   CvGMV+sSJpByHHEzJK7mHRt6nElvRQjbsUGqdCVbCMSGrmsaXNXmpcDr/tfsHq9bZ9qk28mR2jFOAQ8tXF0WQhDefCgX3JXJQ5lkKhNtbm9QUpNPoL
   al7kHDXh2/eYWBga5ESiB+WV6uorERGsLhcz8ctJVRG/fdokVL3YUOArv2UHbKEvG4VNMrLLAdd3MS/+dbuwOciw0vm7FsGW3kNgawM2oA6Dj7eKR5
   WV2B9CaOBlFEYhL4YEQ/c2GreRhYn6nURqjZhJuAagGgruV4MIuqrJPbCdWl7ukQHG1ahTpyd6OK5WBos4XIxvy9wLHS//9uiDbQbNUqBvb1W4BP6H
   FenBNu5MkFt1/PqdD/WopLAA==`),
];
