/** Bytes as GitHub prints them: `532 Bytes`, `12.4 KB`, `1.2 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} Bytes`;
  const names = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(names.length, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${names[power - 1]}`;
}
