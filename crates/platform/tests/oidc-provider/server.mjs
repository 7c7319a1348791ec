// A real OpenID Connect server for tests: says its address in one line, lets everybody in as the account of the
// `login_hint`, ends when its standard input closes.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const REDIRECT = "http://vitrine.test/api/v1/auth/oidc/callback";
const AUDIENCE = "https://vitrine.test/api";

/** Claims by account; the address says what the issuer vouches for. */
const claims = (sub) => ({
  sub,
  name: "Ada Lovelace",
  email: `${sub}@example.com`,
  email_verified: !sub.startsWith("unproven"),
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "vitrine-web",
        client_secret: "a secret of the tests & it has / odd letters",
        redirect_uris: [REDIRECT],
        grant_types: ["authorization_code"],
      },
      {
        client_id: "vitrine-cli",
        token_endpoint_auth_method: "none",
        redirect_uris: [REDIRECT],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => claims(sub) }),
    pkce: { required: () => true },
    cookies: { keys: ["of the tests"] },
    interactions: { url: (_ctx, interaction) => `/let-in/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        // The command line gets tokens for our API, the web app such for the userinfo endpoint.
        defaultResource: (_ctx, client) => (client.clientId === "vitrine-cli" ? AUDIENCE : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "api",
          audience: AUDIENCE,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/let-in/")) return answer(request, response);
    const { params, grantId } = await provider.interactionDetails(request, response);
    const accountId = params.login_hint ?? "ada";
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope("openid email profile");
    grant.addResourceScope(AUDIENCE, "api");
    const result = { login: { accountId }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
