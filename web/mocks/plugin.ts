/** Puts the mock API into vite's server: `npm run dev:mock` to develop, `npm run preview:mock` to see the real build. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Connect, Plugin } from "vite";
import { handle } from "./handler.ts";
import { type FeedEvent, World } from "./world.ts";

/** Bytes per second of an upload, so that progress can be seen. */
const UPLOAD_SPEED = 6_000_000;

export function mockApi(): Plugin {
  let world = process.env.MOCK_SCENARIO === "fresh" ? new World() : World.busy();
  if (process.env.MOCK_SCENARIO === "account") world = World.withAccount();
  let uploadSpeed = UPLOAD_SPEED;
  let streamBlocked = false;

  const tick = () => {
    if (world.stepMs > 0) world.tick();
    setTimeout(tick, world.stepMs || 500).unref();
  };
  tick();

  const middleware: Connect.NextHandleFunction = (request, response, next) => {
    void answer(request, response).then(
      (isAnswered) => isAnswered || next(),
      (error) => {
        console.error(error);
        response.statusCode = 500;
        response.end();
      },
    );
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const parts = url.pathname.split("/").filter(Boolean);
    if (url.pathname === "/mock/scenario") {
      const name = url.searchParams.get("name");
      world = name === "fresh" ? new World() : name === "account" ? World.withAccount() : World.busy();
      if (url.searchParams.has("step_ms")) world.stepMs = Number(url.searchParams.get("step_ms"));
      uploadSpeed = Number(url.searchParams.get("upload_speed") ?? UPLOAD_SPEED);
      streamBlocked = url.searchParams.has("no_stream");
      response.end("ok");
      return true;
    }
    if (url.pathname === "/api/v1/events") return stream(request, response, url);
    if (url.pathname.startsWith("/api/")) {
      const body = request.method === "GET" ? undefined : await read(request);
      const reply = await handle(
        world,
        new Request(`http://127.0.0.1${request.url}`, {
          method: request.method,
          headers: Object.entries(request.headers).flatMap(([k, v]) =>
            typeof v === "string" ? [[k, v]] : [],
          ) as [string, string][],
          body: body as BodyInit | undefined,
        }),
      );
      response.statusCode = reply.status;
      reply.headers.forEach((value, name) => {
        response.setHeader(name, value);
      });
      response.end(await reply.text());
      return true;
    }
    if (parts[0] === "mock" && parts[1] === "files") {
      const picture = world.picture(
        parts[2] ?? "",
        parts[3] ?? "",
        url.searchParams.has("version") ? Number(url.searchParams.get("version")) : null,
      );
      if (!picture) return false;
      response.setHeader("content-type", picture.type);
      response.setHeader("cache-control", "private, max-age=3600");
      if (url.searchParams.has("download"))
        response.setHeader("content-disposition", 'attachment; filename="staged.svg"');
      response.end(picture.body);
      return true;
    }
    if (parts[0] === "mock" && parts[1] === "upload") {
      const upload = world.uploads.get(parts[2] ?? "");
      const bytes = await read(request, uploadSpeed);
      if (!upload || bytes.length !== upload.file_size) response.statusCode = 403;
      else upload.bytes = bytes;
      response.end();
      return true;
    }
    if (parts[0] === "mock" && parts[1] === "archive") {
      // The end record of an archive without files.
      response.setHeader("content-type", "application/zip");
      response.setHeader("content-disposition", 'attachment; filename="project.zip"');
      response.end(Buffer.from("504b0506000000000000000000000000000000000000", "hex"));
      return true;
    }
    return false;
  }

  function stream(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const owner = world.tickets.get(url.searchParams.get("ticket") ?? "");
    world.tickets.delete(url.searchParams.get("ticket") ?? "");
    if (!owner || streamBlocked) {
      response.statusCode = owner ? 503 : 401;
      response.end();
      return true;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const send = (event: FeedEvent) => {
      if (event.owner === owner)
        response.write(`id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
    };
    const running = [...world.images.values()]
      .filter(
        (image) => image.owner === owner && (image.status === "queued" || image.status === "processing"),
      )
      .map(({ id, status, progress, step }) => ({ image_id: id, status, progress, step }));
    response.write(`event: connected\ndata: ${JSON.stringify({ images: running, jobs: [] })}\n\n`);
    const last = Number(request.headers["last-event-id"] ?? world.feed.length);
    for (const event of world.feed.slice(last)) send(event);
    const { listeners } = world;
    listeners.add(send);
    const beat = setInterval(() => response.write("event: heartbeat\ndata: {}\n\n"), 15_000);
    request.on("close", () => {
      clearInterval(beat);
      listeners.delete(send);
    });
    return true;
  }

  return {
    name: "vitrine-mock-api",
    configureServer: (server) => {
      server.middlewares.use(middleware);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(middleware);
      server.middlewares.use(strictPage(join(server.config.root, server.config.build.outDir)));
    },
  };
}

/** Serves the built page as the real server does: a fresh nonce and the strict policy. */
function strictPage(folder: string): Connect.NextHandleFunction {
  return (request, response, next) => {
    const path = (request.url ?? "/").split("?")[0] as string;
    if (request.method !== "GET" || /\.\w+$/.test(path)) return next();
    const nonce = randomBytes(16).toString("base64");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader(
      "content-security-policy",
      `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`,
    );
    response.end(readFileSync(join(folder, "index.html"), "utf8").replaceAll("__CSP_NONCE__", nonce));
  };
}

async function read(
  request: IncomingMessage,
  bytesPerSecond = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    const pause = ((chunk as Buffer).length / bytesPerSecond) * 1000;
    if (pause > 1) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return new Uint8Array(Buffer.concat(chunks));
}
