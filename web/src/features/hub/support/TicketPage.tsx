import { Skeleton } from "@mantine/core";
import { IconArrowLeft, IconLock, IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { support, type TicketMessage } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, bytes } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState } from "../../../ui";
import classes from "../Hub.module.css";
import { Markdown } from "../Markdown";
import { PagedList } from "../PagedList";
import { usePages } from "../usePages";
import { ReplyForm } from "./ReplyForm";
import { TicketControls } from "./TicketControls";
import { STATUS } from "./words";

const route = getRouteApi("/inside/support/$ticketId");

/** One ticket with everything said about it. */
export function TicketPage() {
  const { ticketId } = route.useParams();
  const ticket = useQuery({ queryKey: keys.ticket(ticketId), queryFn: () => support.ticket(ticketId) });
  const { list, items } = usePages<TicketMessage>(keys.ticketMessages(ticketId), (page) =>
    support.messages(ticketId, page),
  );
  useTitle(ticket.data?.subject ?? "Ticket");
  const back = (
    <Link to="/support" className={classes.back}>
      <IconArrowLeft size={17} aria-hidden /> Support
    </Link>
  );
  if (ticket.isPending) {
    return (
      <div className={classes.page} aria-busy="true">
        <Skeleton h={30} w="60%" />
        <Skeleton h={140} radius="lg" />
      </div>
    );
  }
  if (ticket.isError) {
    return (
      <div className={classes.page}>
        {back}
        <ErrorState error={ticket.error} onRetry={() => void ticket.refetch()} />
      </div>
    );
  }
  const { label, tone } = STATUS[ticket.data.status];
  return (
    <div className={classes.page}>
      {back}
      <div className={classes.head}>
        <div className={classes.grow}>
          <h1>{ticket.data.subject}</h1>
          <div className={classes.facts}>
            <span className={classes.tag} data-tone={tone}>
              {label}
            </span>
            <span>
              {ticket.data.requester.full_name}
              {ticket.data.staff && ` (${ticket.data.staff.requester_email})`}
            </span>
            <span>asked {ago(ticket.data.created_at)}</span>
          </div>
        </div>
      </div>
      <TicketControls ticket={ticket.data} />
      <PagedList list={list} isEmpty={items.length === 0} empty={null}>
        {items.map((message) => (
          <MessageCard key={message.id} message={message} />
        ))}
      </PagedList>
      {list.isSuccess && <ReplyForm ticket={ticket.data} />}
    </div>
  );
}

function MessageCard({ message }: { message: TicketMessage }) {
  return (
    <li className={`${classes.card} ${message.is_internal ? classes.note : ""}`}>
      <article aria-label={`${message.is_internal ? "Note" : "Message"} of ${message.author.full_name}`}>
        <div className={classes.facts}>
          <strong>{message.author.full_name}</strong>
          {message.is_staff && !message.is_internal && (
            <span className={classes.tag} data-tone="good">
              Support
            </span>
          )}
          {message.is_internal && (
            <span className={classes.tag} data-tone="wait">
              <IconLock size={12} aria-hidden /> Note, staff only
            </span>
          )}
          <time dateTime={message.created_at}>{ago(message.created_at)}</time>
        </div>
        <Markdown html={message.body_html} />
        {message.attachments.length > 0 && (
          <ul className={classes.files} aria-label="Files">
            {message.attachments.map((file) => (
              <li key={file.id}>
                <a className={classes.file} href={file.url} download={file.filename}>
                  <IconPaperclip size={15} aria-hidden />
                  {file.filename} ({bytes(file.size_bytes)})
                </a>
              </li>
            ))}
          </ul>
        )}
      </article>
    </li>
  );
}
