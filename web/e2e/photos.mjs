// Test photos: those of a folder, or drawn in the page when there is none.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export function photosIn(folder) {
  return readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}

// Photos with enough bytes to take a while, drawn in the page.
export async function drawnPhotos(page, names) {
  const files = [];
  for (const [index, name] of names.entries()) {
    const base64 = await page.evaluate(async (seed) => {
      const canvas = new OffscreenCanvas(1400, 930);
      const draw = canvas.getContext("2d");
      draw.fillStyle = `hsl(${seed * 60} 18% 82%)`;
      draw.fillRect(0, 0, 1400, 930);
      draw.fillStyle = `hsl(${30 + seed * 9} 34% 52%)`;
      draw.fillRect(0, 640, 1400, 290);
      draw.fillStyle = "#dcebf3";
      draw.fillRect(200 + seed * 130, 160, 300, 300);
      for (let i = 0; i < 9000; i += 1) {
        draw.fillStyle = `rgb(${(i * 37 + seed) % 255} ${(i * 91) % 255} ${(i * 53) % 255} / 9%)`;
        draw.fillRect((i * 131) % 1400, (i * 197) % 930, 9, 9);
      }
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    }, index + 1);
    files.push({ name, mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") });
  }
  return files;
}
