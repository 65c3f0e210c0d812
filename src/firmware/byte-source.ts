/** Where the bytes of a file are read from, whatever is behind it. */

/** One file of a folder of images. */
export interface SourcePart {
  /** Its name in the folder. */
  file: string;
  /** Image code. */
  code: number;
  /** Where its bytes begin among those of the folder. */
  offset: number;
  size: number;
  /** Not to be decompressed: its name says so. */
  asSent: boolean;
}

export interface ByteSource {
  /** The path as it was given, the URL without its secrets, or that of `NamedBytes` or `NamedPath`, else `buffer`: for messages. */
  readonly name: string;
  /** Bytes; of a folder: of all its images, which lie one behind the other. Fixed when the source is opened. */
  readonly size: number;
  /** The files of a folder of images. */
  readonly parts?: readonly SourcePart[];
  /**
   * Exactly `length` bytes from `offset` on; the caller has checked both against {@link size}.
   * With `into` they land at its start and the result is a view of it, else the result has memory of its own: nobody
   * changes it afterwards. Rejects with FILE_UNREADABLE, also when the file has shrunk in the meantime.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Buffer>;
  /** Releases the file. Never rejects. */
  close(): Promise<void>;
}
