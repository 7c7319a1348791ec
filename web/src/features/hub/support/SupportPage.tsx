import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconMessageReply, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { support, type Ticket, type TicketStatus } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState } from "../../../ui";
import classes from "../Hub.module.css";
import { PagedList } from "../PagedList";
import { usePages } from "../usePages";
import { NewTicketDialog } from "./NewTicketDialog";
import { options, PRIORITY, STATUS } from "./words";

/** Your questions; for the staff everybody's. */
export function SupportPage() {
  useTitle("Support");
  const user = useUser();
  const isStaff = user?.is_operator ?? false;
  const [status, setStatus] = useState<TicketStatus | "">("");
  const [assignee, setAssignee] = useState<string>("");
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 250);
  const [isAsking, asking] = useDisclosure(false);
  const filter = { status: status || undefined, assignee: assignee || undefined, q };
  const { list, items } = usePages<Ticket>([...keys.tickets, filter], (page) =>
    support.tickets(filter, page),
  );
  const isFiltered = Boolean(status || assignee || q);
  const askButton = (
    <Button leftSection={<IconPlus size={19} aria-hidden />} onClick={asking.open}>
      New ticket
    </Button>
  );

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div>
          <h1>Support</h1>
          <p className={classes.lead}>
            {isStaff ? "What people need help with." : "Ask us anything; we answer here and by mail."}
          </p>
        </div>
        <div className={classes.headActions}>
          {isStaff && (
            <Button
              component={Link}
              to="/support/replies"
              variant="default"
              leftSection={<IconMessageReply size={18} aria-hidden />}
            >
              Prepared answers
            </Button>
          )}
          {askButton}
        </div>
      </div>

      <search className={classes.filters}>
        <TextInput
          aria-label="Search tickets"
          placeholder="Search"
          leftSection={<IconSearch size={17} aria-hidden />}
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {isStaff && <AssigneeFilter value={assignee} onChange={setAssignee} />}
        <SegmentedControl
          aria-label="Status"
          value={status}
          onChange={(value) => setStatus(value as TicketStatus | "")}
          data={[
            { value: "", label: "All" },
            { value: "open", label: "Open" },
            { value: "pending", label: "Waiting" },
            { value: "resolved", label: "Resolved" },
            { value: "closed", label: "Closed" },
          ]}
        />
      </search>

      <PagedList
        list={list}
        isEmpty={items.length === 0}
        empty={
          isFiltered ? (
            <p className={classes.quiet} role="status">
              No ticket fits these filters.
            </p>
          ) : (
            <EmptyState
              art={<EmptyRoomArt />}
              title="No questions yet"
              text={
                isStaff
                  ? "When somebody asks for help, you find it here."
                  : "Something does not work, or you wonder how? Write to us."
              }
            >
              {askButton}
            </EmptyState>
          )
        }
      >
        {items.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} />
        ))}
      </PagedList>
      {isAsking && <NewTicketDialog isOpen onClose={asking.close} />}
    </div>
  );
}

function TicketRow({ ticket }: { ticket: Ticket }) {
  const { label, tone } = STATUS[ticket.status];
  return (
    <li className={`${classes.card} ${classes.row}`}>
      <div className={classes.grow}>
        <Link to="/support/$ticketId" params={{ ticketId: ticket.id }} className={classes.titleLink}>
          {ticket.subject}
        </Link>
        <div className={classes.facts}>
          {ticket.staff && <span>{ticket.requester.full_name}</span>}
          <span>{plural(ticket.message_count, "message")}</span>
          {ticket.staff && ticket.staff.note_count > 0 && (
            <span>{plural(ticket.staff.note_count, "note")}</span>
          )}
          <span>{ago(ticket.updated_at)}</span>
          {ticket.priority !== "normal" && <span>{PRIORITY[ticket.priority]} priority</span>}
          {ticket.staff?.assignee && <span>with {ticket.staff.assignee.full_name}</span>}
        </div>
      </div>
      <span className={classes.tag} data-tone={tone}>
        {label}
      </span>
    </li>
  );
}

function AssigneeFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const staff = useQuery({ queryKey: keys.supportStaff, queryFn: support.staff });
  const people = Object.fromEntries((staff.data?.items ?? []).map((one) => [one.id, one.full_name]));
  return (
    <Select
      aria-label="Taken care of by"
      data={[{ value: "", label: "Anybody's" }, { value: "none", label: "Nobody's" }, ...options(people)]}
      value={value}
      allowDeselect={false}
      onChange={(one) => onChange(one ?? "")}
    />
  );
}
