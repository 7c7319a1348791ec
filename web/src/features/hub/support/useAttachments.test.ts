import { expect, it } from "vitest";
import { typeOf } from "./useAttachments";

it("knows a type by the name's ending", () => {
  expect(typeOf("Living Room.JPG")).toBe("image/jpeg");
  expect(typeOf("server.log")).toBe("text/plain");
  expect(typeOf("page.html")).toBeUndefined();
  expect(typeOf("noending")).toBeUndefined();
});
