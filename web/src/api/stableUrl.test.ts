import { expect, it } from "vitest";
import { KEEP_MS, ownPath, StableUrls } from "./stableUrl";

it("keeps the first signed address of a picture until it is old", () => {
  let clock = 0;
  const urls = new StableUrls(() => clock);
  expect(urls.keep("a", "/files/1")).toBe("/files/1");
  expect(urls.keep("a", "/files/2")).toBe("/files/1");
  expect(urls.keep("b", "/files/3")).toBe("/files/3");
  expect(urls.keep("a", null)).toBeNull();
  clock = KEEP_MS;
  expect(urls.keep("a", "/files/4")).toBe("/files/4");
});

it("asks for the server's own files under the name the page was opened by", () => {
  expect(ownPath("http://127.0.0.1:8080/api/v1/files/abc")).toBe("/api/v1/files/abc");
  expect(ownPath("https://bucket.example.com/key?sig=1")).toBe("https://bucket.example.com/key?sig=1");
});
