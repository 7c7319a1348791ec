import { Button, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { support, type Ticket, type TicketPriority, type TicketStatus } from "../../../api";
import { keys } from "../../../app/keys";
import { toasts } from "../../../ui";
import classes from "../Hub.module.css";
import { options, PRIORITY, STATUS } from "./words";

/** Status, priority and who takes care: all of it for the staff, solved or not for the requester. */
export function TicketControls({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient();
  const update = useMutation({
    mutationFn: (body: Parameters<typeof support.update>[1]) => support.update(ticket.id, body),
    onSuccess: (changed) => {
      client.setQueryData(keys.ticket(ticket.id), changed);
      void client.invalidateQueries({ queryKey: keys.tickets });
      toasts.show({ tone: "good", text: "Ticket changed." });
    },
  });
  if (!ticket.staff) {
    const isDone = ticket.status === "resolved" || ticket.status === "closed";
    return (
      <div className={classes.filters}>
        <Button
          variant="default"
          loading={update.isPending}
          onClick={() => update.mutate({ status: isDone ? "open" : "resolved" })}
        >
          {isDone ? "Open it again" : "It is solved"}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.filters}>
      <Select
        label="Status"
        data={options(STATUS)}
        value={ticket.status}
        allowDeselect={false}
        disabled={update.isPending}
        onChange={(value) => value && update.mutate({ status: value as TicketStatus })}
      />
      <Select
        label="Priority"
        data={options(PRIORITY)}
        value={ticket.priority}
        allowDeselect={false}
        disabled={update.isPending}
        onChange={(value) => value && update.mutate({ priority: value as TicketPriority })}
      />
      <Assignee
        ticket={ticket}
        isBusy={update.isPending}
        onChange={(assignee_id) => update.mutate({ assignee_id })}
      />
    </div>
  );
}

function Assignee(props: { ticket: Ticket; isBusy: boolean; onChange: (id: string | null) => void }) {
  const staff = useQuery({ queryKey: keys.supportStaff, queryFn: support.staff });
  const people = Object.fromEntries((staff.data?.items ?? []).map((one) => [one.id, one.full_name]));
  return (
    <Select
      label="Taken care of by"
      placeholder="Nobody"
      data={options(people)}
      value={props.ticket.staff?.assignee?.id ?? null}
      clearable
      disabled={props.isBusy || staff.isPending}
      onChange={props.onChange}
    />
  );
}
