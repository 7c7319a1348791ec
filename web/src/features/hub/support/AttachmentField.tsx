import { ActionIcon, Button, FileButton, Loader } from "@mantine/core";
import { IconAlertCircle, IconPaperclip, IconX } from "@tabler/icons-react";
import classes from "../Hub.module.css";
import { ACCEPT, type useAttachments } from "./useAttachments";

/** Chooses files for a message and shows how far they are. */
export function AttachmentField({ files }: { files: ReturnType<typeof useAttachments> }) {
  return (
    <div>
      <FileButton multiple accept={ACCEPT} onChange={files.add}>
        {(props) => (
          <Button
            {...props}
            variant="subtle"
            size="compact-md"
            leftSection={<IconPaperclip size={17} aria-hidden />}
            disabled={files.isFull}
          >
            Attach files
          </Button>
        )}
      </FileButton>
      <ul className={classes.files} aria-live="polite">
        {files.drafts.map((draft) => (
          <li key={draft.key} className={classes.file}>
            {draft.error ? <IconAlertCircle size={16} aria-hidden /> : !draft.id && <Loader size={14} />}
            <span>
              {draft.name}
              {draft.error ? `: ${draft.error}` : draft.id ? "" : ", sending"}
            </span>
            <ActionIcon size="sm" aria-label={`Remove ${draft.name}`} onClick={() => files.remove(draft.key)}>
              <IconX size={15} />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}
