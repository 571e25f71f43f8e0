export type Masker = {
  /** Hides a value, each of its lines and the forms it usually travels in, from now on. */
  add(value: string): void;
  mask(text: string): string;
  /** True when the text holds a hidden value. */
  reveals(text: string): boolean;
};

/** Replaces secrets in everything that leaves a job. */
export function createMasker(): Masker {
  let hidden: string[] = [];
  return {
    add(value) {
      const forms = value
        .split(/\r?\n/)
        .concat(value)
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .flatMap((line) => [
          line,
          encodeURIComponent(line.toWellFormed()),
          JSON.stringify(line).slice(1, -1),
          Buffer.from(line).toString('base64'),
        ]);
      // Longest first, so that a secret that contains another is hidden as a whole.
      hidden = [...new Set([...hidden, ...forms])].toSorted((left, right) => right.length - left.length);
    },
    mask: (text) => hidden.reduce((masked, value) => masked.replaceAll(value, '***'), text),
    reveals: (text) => hidden.some((value) => text.includes(value)),
  };
}
