import { Alert, Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import classes from "./Security.module.css";

/** The codes as a file that says what they are for. */
export function codesFile(codes: readonly string[], host: string): string {
  return [`Recovery codes for Vitrine at ${host}.`, "Each signs in once.", "", ...codes, ""].join("\n");
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "vitrine-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(url);
}

/** Recovery codes, shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const clipboard = useClipboard();
  const text = codesFile(codes, location.host);
  return (
    <section aria-label="Recovery codes">
      <Alert color="lamp" icon={<IconAlertTriangle size={20} />} variant="light" role="status">
        Keep these codes where you find them without your phone. They are not shown again.
      </Alert>
      <ol className={classes.codes} aria-label="Your recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={classes.actions}>
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
          onClick={() => clipboard.copy(codes.join("\n"))}
        >
          {clipboard.copied ? "Copied" : "Copy"}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={() => download(text)}>
          Download
        </Button>
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </section>
  );
}
