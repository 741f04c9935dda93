import { CONSOLE_ACCOUNT_MESSAGES } from './console-account-messages.js';
import { CONSOLE_DELIVERY_MESSAGES } from './console-delivery-messages.js';
import { CONSOLE_EVENT_MESSAGES } from './console-event-messages.js';
import { CONSOLE_FRAME_MESSAGES } from './console-frame-messages.js';
import { CONSOLE_OVERVIEW_MESSAGES } from './console-overview-messages.js';
import { CONSOLE_POLICIES_MESSAGES } from './console-policies-messages.js';
import { CONSOLE_POLICY_FORM_MESSAGES } from './console-policy-form-messages.js';
import { CONSOLE_SIMULATOR_MESSAGES } from './console-simulator-messages.js';

/** What the console says, by id, in ICU message format. */
export const CONSOLE_MESSAGES = Object.freeze({
  ...CONSOLE_FRAME_MESSAGES,
  ...CONSOLE_ACCOUNT_MESSAGES,
  ...CONSOLE_EVENT_MESSAGES,
  ...CONSOLE_OVERVIEW_MESSAGES,
  ...CONSOLE_DELIVERY_MESSAGES,
  ...CONSOLE_POLICIES_MESSAGES,
  ...CONSOLE_POLICY_FORM_MESSAGES,
  ...CONSOLE_SIMULATOR_MESSAGES,
} as const);
