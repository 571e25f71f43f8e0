import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How much a process that opens a foreign file is kept from, most first:
 *
 * - `closed`: user, network, process and mount namespaces of its own, no capabilities, and a file system of its own that
 *   holds nothing but programs and our code, read only. It sees no file of its account, no other process, no network.
 * - `offline`: user and network namespaces. It has no network and can read no other process's environment or memory, but
 *   files like its account, and can send signals to its account's processes.
 * - `open`: an empty environment, and nothing else.
 */
export type Enclosure = 'closed' | 'offline' | 'open';

const unshare = '/usr/bin/unshare';

/**
 * Builds the file system and gives up every capability before the program starts. A constant: all that differs are
 * arguments. `$1` is an empty folder, then come the folders and devices that are shown, then `--` and the command.
 */
const script = `
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1
shift
mount -t tmpfs -o size=64k,mode=755 none "$root"
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
    mount -o remount,bind,ro "$root$1"
  else
    mkdir -p "$root\${1%/*}"
    : > "$root$1"
    mount --bind "$1" "$root$1"
  fi
  shift
done
shift
for name in bin lib lib32 lib64 sbin; do
  [ ! -L "/$name" ] || ln -s "$(readlink "/$name")" "$root/$name"
done
mkdir -p "$root/proc" "$root/dev"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for name in null zero random urandom; do
  : > "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
cd "$root"
pivot_root . .
umount -l .
cd /
mount -o remount,bind,ro /
exec env -i "$(command -v setpriv)" --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
`;

/** The command that runs `command` in an enclosure that also shows `folders` and devices; `root` is an empty folder of its own. */
export function enclose(
  enclosure: Enclosure,
  command: readonly string[],
  root: string,
  folders: readonly string[] = [],
): string[] {
  if (enclosure === 'open') return [...command];
  if (enclosure === 'offline') return [unshare, '--user', '--map-root-user', '--net', '--', ...command];
  const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child'];
  return [unshare, ...namespaces, '--', '/bin/sh', '-c', script, 'sh', root, ...shown(), ...folders, '--', ...command];
}

/** Programs, and the code of the child: of the repository without its data, or the bundle with its native package. */
function shown(): string[] {
  const here = fileURLToPath(import.meta.url);
  const native = createRequire(here).resolve('onnxruntime-node');
  const packages = native.slice(0, native.lastIndexOf('/node_modules/') + '/node_modules'.length);
  const code = here.endsWith('.cjs')
    ? [dirname(here)]
    : ['../../adapters', '../../pipelines'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const folders = [...new Set(['/usr', dirname(process.execPath), packages, ...code])];
  return folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
}
