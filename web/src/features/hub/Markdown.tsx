/** A text that the server made HTML of and cleaned. The only place that sets markup as text. */
import classes from "./Hub.module.css";

export function Markdown({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the server's sanitiser has been over it
  return <div className={classes.text} dangerouslySetInnerHTML={{ __html: html }} />;
}
