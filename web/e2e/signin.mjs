// Passkeys and codes in a real browser. Chromium's virtual authenticator stands in for the device's own.
import { createHmac } from "node:crypto";
import { watch } from "./browser.mjs";

/** What an authenticator app shows (RFC 6238), some steps of 30 seconds from now. */
function appCode(secret, steps = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", seed).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Somebody at a device of their own. Passkeys belong to a name, so the pages are opened at `localhost`. */
export async function atADevice(browser, { base, email, password, problems }) {
  const origin = base.replace("127.0.0.1", "localhost");
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  watch(page, problems);
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const projects = () => page.getByRole("heading", { name: "Projects" }).waitFor();
  const door = () => page.getByRole("heading", { name: "Welcome back" }).waitFor();
  const typePassword = async () => {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await press("Sign in");
  };
  const signOut = async () => {
    await page.getByRole("button", { name: "Account menu" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await door();
  };
  const security = async () => {
    await page.goto(`${origin}/account/security`);
    await page.getByRole("heading", { name: "Security" }).waitFor();
  };

  return {
    page,
    close: () => context.close(),

    /** Makes a passkey and signs in with it alone; a device that does not know its owner opens nothing. */
    async passkey(expect) {
      await page.goto(`${origin}/login`);
      await typePassword();
      await projects();
      await security();
      await press("Add a passkey");
      const dialog = page.getByRole("dialog", { name: "Name of the passkey" });
      await dialog.getByRole("textbox").fill("Test device");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByText("Test device").waitFor();
      const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
      expect(credentials.length === 1, `the device holds ${credentials.length} passkeys`);
      expect(credentials[0].rpId === "localhost", `it is for ${credentials[0].rpId}`);
      await signOut();
      await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
      await press("Use a passkey");
      await page.getByRole("button", { name: "Use a passkey" }).and(page.locator(":enabled")).waitFor();
      await door();
      await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
      await press("Use a passkey");
      // Back where the door was met.
      await page.getByRole("heading", { name: "Security" }).waitFor();
      const { credentials: used } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
      expect(used[0].signCount > credentials[0].signCount, "the device signed");
    },

    /** Turns two-step sign-in on; the password then needs a code, and a passkey needs nothing more. */
    async secondFactor(expect, accessible) {
      await security();
      await press("Set up");
      const secret = await page.locator("li code").innerText();
      await page.getByLabel("Code", { exact: true }).fill(appCode(secret));
      await press("Turn on");
      const codes = page.getByRole("list", { name: "Your recovery codes" }).getByRole("listitem");
      await codes.first().waitFor();
      const kept = await codes.allInnerTexts();
      expect(kept.length === 10, `${kept.length} recovery codes`);
      await press("I have kept them");
      await page.getByText("10 recovery codes left.").waitFor();
      await accessible(page);
      await signOut();

      await page.goto(`${origin}/account/sessions`);
      await door();
      await typePassword();
      await page.getByRole("heading", { name: "One more step" }).waitFor();
      await accessible(page);
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await press("Continue");
      await page.getByRole("alert").waitFor();
      // The code that turned it on is used up; the app's next one is taken a step early.
      await page.getByLabel("Code", { exact: true }).fill(appCode(secret, 1));
      await press("Continue");
      await page.getByRole("heading", { name: "Devices" }).waitFor();
      await signOut();

      await press("Use a passkey");
      await page.getByRole("heading", { name: "Devices" }).waitFor();
      await security();
      await press("Turn off");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByLabel(/^Code of the app, or/).fill(kept[0]);
      await press("Turn off");
      await page.getByRole("button", { name: "Set up" }).waitFor();
    },
  };
}
