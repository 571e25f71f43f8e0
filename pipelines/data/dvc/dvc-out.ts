/** The name of bytes in a DVC cache or remote. */
export type DvcDigest = {
  /** 32 lower-case hex digits. */
  md5: string;
  /** Whether the bytes are the listing of a directory. */
  isDirectory: boolean;
  /** Made by DVC before 3.0, whose digest of a text counts CRLF as LF, and which keeps objects elsewhere. */
  isLegacy: boolean;
};

/** Something that DVC keeps outside of git. */
export type DvcOut = {
  /** Relative to the repository root. */
  path: string;
  /** The `.dvc` or `dvc.lock` file that names it. */
  file: string;
  digest: DvcDigest;
  /** Bytes, where DVC noted them. */
  size?: number;
  isExecutable: boolean;
  /** The remote that is meant instead of the default one. */
  remote?: string;
  /** Where `dvc import` or `dvc import-url` took it from; it may be in no remote at all. */
  importedFrom?: string;
};

/** Name of the object in a cache or remote, in the layout of the DVC version that wrote it. */
export function dvcObjectName({ md5, isDirectory, isLegacy }: DvcDigest): string {
  return `${isLegacy ? '' : 'files/md5/'}${md5.slice(0, 2)}/${md5.slice(2)}${isDirectory ? '.dir' : ''}`;
}

/** `md5-<base64>`, the spelling that run keys and records use; they count a directory by its listing. */
export function dvcIntegrity({ md5 }: DvcDigest): string {
  return `md5-${Buffer.from(md5, 'hex').toString('base64')}`;
}
