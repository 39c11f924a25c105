type Json = { [key: string]: any };

function toBytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
}

function toText(bytes: ArrayBuffer | null): string | undefined {
  if (!bytes) return undefined;
  let plain = "";
  for (const b of new Uint8Array(bytes)) plain += String.fromCharCode(b);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const ids = (list?: Json[]) => list?.map((c) => ({ ...c, id: toBytes(c.id) }));

async function post(url: string, body?: Json): Promise<Json> {
  const answer = await fetch(url, {
    method: "POST", credentials: "same-origin", body: body && JSON.stringify(body),
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
  });
  const json = await answer.json().catch(() => ({}));
  // A server that knows the reason says it in the words of the page's language.
  if (!answer.ok) throw new Refused(json.detail ?? json.message ?? "");
  return json;
}

class Refused extends Error {}

abstract class Passkey extends HTMLElement {
  protected abstract ask(options: Json): Promise<Json>;

  connectedCallback() {
    const button = this.querySelector("button");
    const said = this.querySelector("[role=alert]");
    if (!button || !said || !window.PublicKeyCredential) return;
    this.hidden = false;
    button.onclick = async () => {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      said.textContent = "";
      try {
        const options = await post(this.url("begin"));
        const done = await post(this.url("finish"), await this.ask(options.publicKey ?? options));
        // A form that waited for the sign-in goes on with what was typed into it.
        const waiting = document.getElementById(this.dataset.form ?? "") as HTMLFormElement | null;
        if (waiting) waiting.requestSubmit();
        else if (done.location) location.assign(done.location);
      } catch (e) {
        const cancelled = e instanceof DOMException && (e.name === "NotAllowedError" || e.name === "AbortError");
        said.textContent = (e instanceof Refused && e.message) || (cancelled ? this.dataset.cancelled : this.dataset.failed) || "";
      }
      button.ariaDisabled = null;
    };
  }

  private url(step: "begin" | "finish"): string {
    const url = new URL(this.dataset[step]!, location.href);
    const field = document.getElementById(this.dataset.name ?? "") as HTMLInputElement | null;
    if (field?.value) url.searchParams.set("name", field.value);
    return url.href;
  }
}

export class PasskeyCreate extends Passkey {
  protected async ask(options: Json): Promise<Json> {
    const made = (await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: ids(options.excludeCredentials),
      } as PublicKeyCredentialCreationOptions,
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return {
      ...common(made),
      response: {
        attestationObject: toText(response.attestationObject),
        clientDataJSON: toText(response.clientDataJSON),
        transports: response.getTransports?.() ?? [],
      },
    };
  }
}

export class PasskeyGet extends Passkey {
  protected async ask(options: Json): Promise<Json> {
    const used = (await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: ids(options.allowCredentials),
      } as PublicKeyCredentialRequestOptions,
    })) as PublicKeyCredential;
    const response = used.response as AuthenticatorAssertionResponse;
    return {
      ...common(used),
      response: {
        authenticatorData: toText(response.authenticatorData),
        clientDataJSON: toText(response.clientDataJSON),
        signature: toText(response.signature),
        userHandle: toText(response.userHandle),
      },
    };
  }
}

function common(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
