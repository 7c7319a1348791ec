/** The token out of what somebody pasted: the whole link, only its end, or the bare token. */
export function setupToken(pasted: string): string | null {
  const text = pasted.trim();
  const inLink = /[?&]token=([^&\s#]+)/.exec(text);
  if (inLink?.[1]) return decodeURIComponent(inLink[1]);
  return /^[A-Za-z0-9_.~-]{16,}$/.test(text) ? text : null;
}
