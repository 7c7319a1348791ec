import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconShieldCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { community, type Post, type PostSort } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState } from "../../../ui";
import classes from "../Hub.module.css";
import { PagedList } from "../PagedList";
import { usePages } from "../usePages";
import { PostDialog } from "./PostDialog";
import { VoteButtons } from "./VoteButtons";

/** What people post; everybody may read it. */
export function CommunityPage() {
  useTitle("Community");
  const user = useUser();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [sort, setSort] = useState<PostSort>("-created_at");
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 250);
  const [isPosting, posting] = useDisclosure(false);
  const filter = { q, sort };
  const { list, items } = usePages<Post>([...keys.posts, filter], (page) => community.posts(filter, page));
  const postButton = user ? (
    <Button leftSection={<IconPlus size={19} aria-hidden />} onClick={posting.open}>
      New post
    </Button>
  ) : (
    <Button renderRoot={(props) => <Link {...props} to="/login" search={{ next: "/community" }} />}>
      Sign in to post
    </Button>
  );

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div>
          <h1>Community</h1>
          <p className={classes.lead}>Questions, tricks and rooms people are proud of.</p>
        </div>
        <div className={classes.headActions}>
          {user?.is_operator && (
            <Button
              component={Link}
              to="/community/moderation"
              variant="default"
              leftSection={<IconShieldCheck size={18} aria-hidden />}
            >
              Moderation
            </Button>
          )}
          {postButton}
        </div>
      </div>
      <search className={classes.filters}>
        <TextInput
          aria-label="Search posts"
          placeholder="Search"
          leftSection={<IconSearch size={17} aria-hidden />}
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Order"
          value={sort}
          onChange={(value) => setSort(value as PostSort)}
          data={[
            { value: "-created_at", label: "Newest" },
            { value: "-score", label: "Top" },
          ]}
        />
      </search>
      <PagedList
        list={list}
        isEmpty={items.length === 0}
        empty={
          q ? (
            <p className={classes.quiet} role="status">
              Nothing found for “{q}”.
            </p>
          ) : (
            <EmptyState
              art={<EmptyRoomArt />}
              title="Nobody has posted yet"
              text="Be the first: ask something, or show what you made."
            >
              {postButton}
            </EmptyState>
          )
        }
      >
        {items.map((post) => (
          <li key={post.id} className={`${classes.card} ${classes.row}`}>
            <VoteButtons postId={post.id} of={post.title} standing={post} />
            <div className={classes.grow}>
              <Link to="/community/$postId" params={{ postId: post.id }} className={classes.titleLink}>
                {post.title}
              </Link>
              <div className={classes.facts}>
                <span>{post.author.full_name}</span>
                <span>{ago(post.created_at)}</span>
                <span>{plural(post.comment_count, "comment")}</span>
                {post.is_locked && <span className={classes.tag}>Locked</span>}
              </div>
            </div>
          </li>
        ))}
      </PagedList>
      {isPosting && (
        <PostDialog
          post={null}
          onClose={posting.close}
          onSaved={(post) => {
            client.setQueryData(keys.post(post.id), post);
            void client.invalidateQueries({ queryKey: keys.posts });
            void navigate({ to: "/community/$postId", params: { postId: post.id } });
          }}
        />
      )}
    </div>
  );
}
