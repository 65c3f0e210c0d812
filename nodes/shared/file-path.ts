/** A file of the folder for files, and how a flash node names it: an answer of `GET e3272/panel/paths` is a list of them. */
export interface FilePath {
  name: string;
  /** Bytes. */
  size: number;
  path: string;
}
