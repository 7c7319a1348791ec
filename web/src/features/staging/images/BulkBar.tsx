import { ActionIcon, Button } from "@mantine/core";
import { IconArmchair, IconDownload, IconTrash, IconX } from "@tabler/icons-react";
import { plural } from "../../../lib/format";
import classes from "./BulkBar.module.css";

type Props = {
  photoCount: number;
  readyCount: number;
  imageCount: number;
  onFurnish: () => void;
  onDownload: () => void;
  onDelete: () => void;
  onClear: () => void;
};

/** Appears with a selection and says what would happen to it. */
export function BulkBar(props: Props) {
  const parts = [
    props.photoCount > 0 && plural(props.photoCount, "photo"),
    props.imageCount > 0 && plural(props.imageCount, "image"),
  ].filter(Boolean);
  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected photos">
      <span className={`${classes.count} v-number`} role="status">
        {parts.join(", ")} selected
      </span>
      {props.photoCount > 0 && (
        <Button
          size="sm"
          variant="subtle"
          color="gray.3"
          leftSection={<IconArmchair size={18} aria-hidden />}
          onClick={props.onFurnish}
        >
          Furnish
        </Button>
      )}
      <Button
        size="sm"
        variant="subtle"
        color="gray.3"
        disabled={props.readyCount === 0}
        leftSection={<IconDownload size={18} aria-hidden />}
        onClick={props.onDownload}
      >
        Download
      </Button>
      <Button
        size="sm"
        variant="subtle"
        color="brick.3"
        leftSection={<IconTrash size={18} aria-hidden />}
        onClick={props.onDelete}
      >
        Delete
      </Button>
      <ActionIcon variant="subtle" color="gray.3" aria-label="Clear selection" onClick={props.onClear}>
        <IconX size={19} />
      </ActionIcon>
    </div>
  );
}
