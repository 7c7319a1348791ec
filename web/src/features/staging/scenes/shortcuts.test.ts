import { describe, expect, it } from "vitest";
import { commandOf } from "./shortcuts";

function press(html: string, key: string, how: { ctrlKey?: boolean; shiftKey?: boolean } = {}) {
  document.body.innerHTML = html;
  const target = document.querySelector("[data-focus]") ?? document.body;
  return commandOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...how, target });
}
const ctrl = { ctrlKey: true };

describe("keys of the editor", () => {
  it.each(["checkbox", "radio", "range", "color"])("work while a %s has the focus", (type) => {
    const field = `<input data-focus type="${type}">`;
    expect(press(field, "s", ctrl)).toBe("save");
    expect(press(field, "z", ctrl)).toBe("undo");
    expect(press(field, "Z", { ...ctrl, shiftKey: true })).toBe("redo");
    expect(press(field, "y", ctrl)).toBe("redo");
    expect(press(field, "p")).toBe("peek");
  });

  it("leave letters and undo to fields that take text, but save from there", () => {
    for (const field of [
      "<input data-focus>",
      "<input data-focus type=number>",
      "<textarea data-focus></textarea>",
    ]) {
      expect(press(field, "z", ctrl)).toBeNull();
      expect(press(field, "p")).toBeNull();
      expect(press(field, "?")).toBeNull();
      expect(press(field, "s", ctrl)).toBe("save");
    }
  });

  it("do nothing behind a dialog, and leave the browser's own keys alone", () => {
    expect(press("<div role=dialog><button data-focus>x</button></div>", "s", ctrl)).toBeNull();
    expect(press("<button data-focus>x</button>", "p", ctrl)).toBeNull();
    expect(press("<button data-focus>x</button>", "a")).toBeNull();
  });
});
