import { SegmentedControl } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { community, type ModerationItem } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState } from "../../../ui";
import classes from "../Hub.module.css";
import { Markdown } from "../Markdown";
import { PagedList } from "../PagedList";
import { usePages } from "../usePages";
import { REASONS } from "./FlagDialog";
import { ModeratorBar } from "./ModeratorBar";

/** What readers reported, for the moderators. */
export function ModerationPage() {
  useTitle("Moderation");
  const [which, setWhich] = useState<"waiting" | "removed">("waiting");
  const { list, items } = usePages<ModerationItem>([...keys.moderation, which], (page) =>
    community.queue(which === "removed", page),
  );
  return (
    <div className={classes.page}>
      <Link to="/community" className={classes.back}>
        <IconArrowLeft size={17} aria-hidden /> Community
      </Link>
      <div className={classes.head}>
        <h1>Moderation</h1>
        <SegmentedControl
          aria-label="Which"
          value={which}
          onChange={(value) => setWhich(value as "waiting" | "removed")}
          data={[
            { value: "waiting", label: "Waiting" },
            { value: "removed", label: "Removed" },
          ]}
        />
      </div>
      <PagedList
        list={list}
        isEmpty={items.length === 0}
        empty={
          <EmptyState
            art={<EmptyRoomArt />}
            title={which === "removed" ? "Nothing was removed" : "Nothing waits for you"}
            text="What readers report shows up here."
          />
        }
      >
        {items.map((item) => (
          <li key={item.id} className={classes.card}>
            <article aria-label={`${item.kind === "post" ? "Post" : "Comment"} of ${item.author.full_name}`}>
              <Link to="/community/$postId" params={{ postId: item.post_id }} className={classes.titleLink}>
                {item.kind === "post" ? item.title : `Comment on “${item.title}”`}
              </Link>
              <div className={classes.facts}>
                <span>{item.author.full_name}</span>
                <span>{ago(item.created_at)}</span>
                <span>{plural(item.flag_count, "report")}</span>
                {item.state === "hidden" && (
                  <span className={classes.tag} data-tone="bad">
                    Hidden
                  </span>
                )}
                {item.is_locked && <span className={classes.tag}>Locked</span>}
              </div>
              <Markdown html={item.body_html} />
              {item.flags.length > 0 && (
                <ul className={classes.quiet} aria-label="Reports">
                  {item.flags.map((flag) => (
                    <li key={flag.id}>
                      {REASONS[flag.reason]}
                      {flag.note && `: ${flag.note}`}
                    </li>
                  ))}
                </ul>
              )}
              <ModeratorBar
                id={item.id}
                postId={item.post_id}
                state={item.state}
                isLocked={item.kind === "post" ? item.is_locked : undefined}
              />
            </article>
          </li>
        ))}
      </PagedList>
    </div>
  );
}
