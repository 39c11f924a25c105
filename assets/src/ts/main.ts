// Every page works without this script; each part below makes one thing faster or kinder.
import "htmx.org/dist/htmx.js";
import { startForms } from "./forms";
import { LetterPreview } from "./letters";
import { ListView } from "./list";
import { showTab, startMenus } from "./menus";
import { MeetingRun, PrintButton } from "./meeting";
import { PasskeyCreate, PasskeyGet } from "./passkey";
import { LookupField, SearchBox } from "./search";
import { CopyButton, PasswordField, TagField } from "./small";

customElements.define("search-box", SearchBox);
customElements.define("lookup-field", LookupField);
customElements.define("list-view", ListView);
customElements.define("copy-button", CopyButton);
customElements.define("password-field", PasswordField);
customElements.define("tag-field", TagField);
customElements.define("passkey-create", PasskeyCreate);
customElements.define("passkey-get", PasskeyGet);
customElements.define("meeting-run", MeetingRun);
customElements.define("print-button", PrintButton);
customElements.define("letter-preview", LetterPreview);
startForms();
startMenus();
showTab();
