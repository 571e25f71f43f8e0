import type { ContentStore, StoredContent } from '../../pipelines/ports/content-store.ts';

/**
 * Makes `destination` a plain, writable copy of what is stored, verified, in place of whatever file or directory is
 * there; nothing is replaced before all bytes have arrived. Throws `content-missing` and `content-corrupt`.
 */
export function placePath(store: ContentStore, content: StoredContent, destination: string): Promise<void> {
  return content.type === 'directory'
    ? store.getTree(content.integrity, destination)
    : store.get(content.integrity, destination);
}
