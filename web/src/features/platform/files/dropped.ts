/** Files out of a drop or a paste, folders opened and walked through. */

const IGNORED = /^(\.|Thumbs\.db$|desktop\.ini$)/i;
const PHOTO_NAME = /\.(jpe?g|png|webp|heic|heif|avif|gif|bmp|tiff?|dng)$/i;

export async function filesFrom(transfer: DataTransfer): Promise<File[]> {
  // Entries must be taken before the first await; the list is emptied when the event handler returns.
  const entries = Array.from(transfer.items)
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry): entry is FileSystemEntry => entry != null);
  if (entries.length === 0) return Array.from(transfer.files);
  const found: File[] = [];
  for (const entry of entries) {
    if (entry.isFile) found.push(await fileOf(entry as FileSystemFileEntry));
    else await walk(entry as FileSystemDirectoryEntry, found);
  }
  return found;
}

/** Inside folders only what looks like a photo is taken; a file dropped by itself is always judged. */
async function walk(folder: FileSystemDirectoryEntry, found: File[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (IGNORED.test(entry.name)) continue;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
      else if (PHOTO_NAME.test(entry.name)) found.push(await fileOf(entry as FileSystemFileEntry));
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
