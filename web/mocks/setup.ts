/** Before every test file: what jsdom lacks and the component library asks for. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(globalThis, { ResizeObserver: NoResize });
Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }),
});
// Areas that grow with their text wait for fonts.
Object.defineProperty(document, "fonts", {
  value: { addEventListener() {}, removeEventListener() {} },
});
// jsdom's files cannot be read as promises; its FileReader can.
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(this);
  });
};
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

// Machines that run these tests are often busy with a compiler.
configure({ asyncUtilTimeout: 8000 });
afterEach(cleanup);
