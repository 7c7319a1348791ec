/** One service, incident or maintenance, and what an operator can do with it. */
import { Badge, Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import {
  asApiError,
  type Incident,
  type IncidentState,
  type Maintenance,
  type ServiceStatus,
  type StatusService,
  statusPage,
} from "../../../api";
import { ago } from "../../../lib/format";
import { toasts } from "../../../ui";
import classes from "../../platform/admin/Operator.module.css";
import { IMPACTS, STATES, STATUSES, statusOf } from "./words";

const failed = (error: unknown) => toasts.show({ tone: "bad", text: asApiError(error).message });

export function ServiceRow({ service, onChanged }: { service: StatusService; onChanged: () => void }) {
  const say = useMutation({
    mutationFn: (status: ServiceStatus) =>
      statusPage.say({ service_id: service.id, status, description: "" }),
    onError: failed,
    onSettled: onChanged,
  });
  const remove = useMutation({
    mutationFn: () => statusPage.deleteService(service.id),
    onError: failed,
    onSettled: onChanged,
  });
  const status = statusOf(service.status);
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>
          {service.name} <Badge color={status.color}>{status.label}</Badge>
        </div>
        <div className={classes.detail}>
          {[
            service.description,
            service.uptime_percent == null ? null : `${service.uptime_percent} % of 90 days`,
            service.is_builtin && "reported by Vitrine itself",
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      <div className={classes.actions}>
        <NativeSelect
          aria-label={`State of ${service.name}`}
          value={service.status}
          disabled={say.isPending}
          data={STATUSES}
          onChange={(event) => say.mutate(event.currentTarget.value as ServiceStatus)}
        />
        {!service.is_builtin && (
          <Button
            variant="default"
            aria-label={`Remove ${service.name}`}
            loading={remove.isPending}
            onClick={() => {
              if (window.confirm(`Remove ${service.name} and everything that was told of it?`))
                remove.mutate();
            }}
          >
            Remove
          </Button>
        )}
      </div>
    </li>
  );
}

export function IncidentRow({ incident, onChanged }: { incident: Incident; onChanged: () => void }) {
  const [isTelling, setTelling] = useState(false);
  const [state, setState] = useState<IncidentState>("identified");
  const [text, setText] = useState("");
  const tell = useMutation({
    mutationFn: () => statusPage.addUpdate(incident.id, { state, body: text }),
    onSuccess: () => {
      setTelling(false);
      setText("");
      onChanged();
    },
    onError: failed,
  });
  const isOpen = incident.resolved_at == null;
  const impact = IMPACTS.find((one) => one.value === incident.impact)?.label.split(":")[0];
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>
          {incident.title}{" "}
          <Badge color={isOpen ? "red" : "green"}>
            {STATES.find((one) => one.value === incident.state)?.label}
          </Badge>
        </div>
        <div className={classes.detail}>
          {[
            `Impact: ${impact}`,
            incident.services.map((service) => service.name).join(", "),
            `opened ${ago(incident.created_at)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
        {incident.updates[0] && <p className={classes.detail}>{incident.updates[0].body}</p>}
      </div>
      {!isTelling && (
        <Button
          variant="default"
          aria-label={`Tell more about ${incident.title}`}
          onClick={() => {
            setState(isOpen ? "identified" : "investigating");
            setTelling(true);
          }}
        >
          {isOpen ? "Tell more" : "Open again"}
        </Button>
      )}
      {isTelling && (
        <form
          className={classes.body}
          onSubmit={(event) => {
            event.preventDefault();
            tell.mutate();
          }}
        >
          <NativeSelect
            label="State"
            value={state}
            data={STATES}
            onChange={(event) => setState(event.currentTarget.value as IncidentState)}
          />
          <Textarea
            label="What is new"
            required
            autosize
            minRows={2}
            maxLength={5000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.actions}>
            <Button type="submit" mt={10} loading={tell.isPending}>
              Tell
            </Button>
            <Button mt={10} variant="default" onClick={() => setTelling(false)}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </li>
  );
}

export function MaintenanceRow({
  maintenance,
  onChanged,
}: {
  maintenance: Maintenance;
  onChanged: () => void;
}) {
  const cancel = useMutation({
    mutationFn: () => statusPage.cancelMaintenance(maintenance.id),
    onError: failed,
    onSettled: onChanged,
  });
  const shown = (time: string) =>
    new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>
          {maintenance.title}{" "}
          <Badge color="blue">{maintenance.state === "active" ? "In progress" : "Scheduled"}</Badge>
        </div>
        <div className={classes.detail}>
          {shown(maintenance.starts_at)} – {shown(maintenance.ends_at)} ·{" "}
          {maintenance.services.map((service) => service.name).join(", ")}
        </div>
      </div>
      <Button
        variant="default"
        aria-label={`Call off ${maintenance.title}`}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {maintenance.state === "active" ? "End now" : "Call off"}
      </Button>
    </li>
  );
}
