/** Server-sent events from a text stream: fields may be cut anywhere, also inside a line ending. */
export type ServerEvent = { event: string; data: string; id: string | null };

export class EventParser {
  private buffer = "";
  private data: string[] = [];
  private event = "";
  private id: string | null = null;
  private skipLineFeed = false;

  /** Takes the next piece of text and returns the events it completed. */
  push(text: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    this.buffer += text;
    for (;;) {
      if (this.skipLineFeed && this.buffer.length > 0) {
        if (this.buffer[0] === "\n") this.buffer = this.buffer.slice(1);
        this.skipLineFeed = false;
      }
      const end = this.buffer.search(/[\r\n]/);
      if (end < 0) return found;
      const line = this.buffer.slice(0, end);
      this.skipLineFeed = this.buffer[end] === "\r";
      this.buffer = this.buffer.slice(end + 1);
      if (line === "") {
        if (this.data.length > 0) {
          found.push({ event: this.event || "message", data: this.data.join("\n"), id: this.id });
        }
        this.data = [];
        this.event = "";
      } else {
        this.field(line);
      }
    }
  }

  private field(line: string): void {
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.data.push(value);
    else if (name === "event") this.event = value;
    else if (name === "id" && !value.includes("\0")) this.id = value;
  }
}
