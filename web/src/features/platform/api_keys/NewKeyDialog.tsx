import {
  ActionIcon,
  Alert,
  Button,
  CopyButton,
  Modal,
  Radio,
  Select,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKeyScope, apiKeys, asApiError } from "../../../api";
import { keys } from "../../../app/keys";
import { FormAlert } from "../accounts/FormAlert";
import classes from "../workspaces/Workspaces.module.css";

export const SCOPES: { value: ApiKeyScope; label: string; can: string }[] = [
  { value: "read", label: "Read", can: "Looks at everything, changes nothing" },
  { value: "write", label: "Write", can: "Makes and changes things as an editor does" },
  { value: "admin", label: "Admin", can: "Everything your role allows in this workspace" },
];

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "No end" },
];

const endOf = (life: string): string | null =>
  life === "never" ? null : new Date(Date.now() + Number(life) * 86_400_000).toISOString();

export function NewKeyDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<ApiKeyScope>("write");
  const [life, setLife] = useState("90");
  const make = useMutation({
    mutationFn: () => apiKeys.create({ name: name.trim(), scopes: [scope], expires_at: endOf(life) }),
    meta: { silent: true },
    // The answer holds the secret: it is not kept longer than this window.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const problem = make.error ? asApiError(make.error) : null;
  const close = () => {
    onClose();
    make.reset();
    setName("");
  };

  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={make.data ? "Copy the key now" : "New API key"}
      closeButtonProps={{ "aria-label": "Close" }}
      closeOnClickOutside={!make.data}
    >
      {make.data ? (
        <div className={classes.form}>
          <Alert color="lamp" icon={<IconAlertTriangle size={20} />}>
            It is shown this once. Keep it where you keep passwords.
          </Alert>
          <Secret value={make.data.secret} />
          <div className={classes.actions}>
            <Button onClick={close}>I have copied it</Button>
          </div>
        </div>
      ) : (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) make.mutate();
          }}
        >
          <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
          <TextInput
            label="Name"
            description="What it is for, so that you know it later."
            data-autofocus
            maxLength={100}
            value={name}
            error={problem?.field("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Radio.Group
            label="What it may do"
            value={scope}
            onChange={(value) => setScope(value as ApiKeyScope)}
          >
            {SCOPES.map((one) => (
              <Radio key={one.value} mt="xs" value={one.value} label={one.label} description={one.can} />
            ))}
          </Radio.Group>
          <Select
            label="Ends after"
            size="md"
            allowDeselect={false}
            data={LIVES}
            value={life}
            error={problem?.field("expires_at")}
            onChange={(value) => value && setLife(value)}
          />
          <div className={classes.actions}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
              Make the key
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

function Secret({ value }: { value: string }) {
  return (
    <div className={classes.secret}>
      <code data-testid="secret">{value}</code>
      <CopyButton value={value} timeout={3000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy"}>
            <ActionIcon aria-label={copied ? "Copied" : "Copy the key"} onClick={copy}>
              {copied ? <IconCheck size={19} /> : <IconCopy size={19} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
