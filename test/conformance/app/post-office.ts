import { Injectable } from '@nestjs/common';
import type { LockoutModuleOptions } from 'nestjs-lockout';

type Listener = NonNullable<LockoutModuleOptions['onEvent']>;

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** A user event of the application, as other systems receive it (R5-14). */
export interface UserEvent {
  readonly type: 'profile_lockout';
  readonly profile: string;
  readonly date: string;
}

/** A line of the application's log about a failed sign-in (OS-25, OS-28). */
export interface LogRecord {
  readonly level: 'user' | 'address';
  readonly blocks: boolean;
  readonly time: string;
  /** The attempt: the records of both levels about one failure carry the same. */
  readonly attempt: string | null;
  readonly user: string | null;
  readonly address: string | null;
  readonly failures: number;
  readonly previousAt: string | null;
  readonly sincePreviousMs: number | null;
}

/** Told of every event the library wrote: keeps what the application sends and logs. */
@Injectable()
export class PostOffice {
  private readonly mails = new Map<string, Mail[]>();
  readonly userEvents: UserEvent[] = [];
  readonly log: LogRecord[] = [];

  /** An account's mailbox, oldest first. */
  mailbox(account: string): readonly Mail[] {
    return this.mails.get(account) ?? [];
  }

  send(account: string, mail: Mail): void {
    this.mails.set(account, [...this.mailbox(account), mail]);
  }

  /** Give it to `LockoutModule` as `onEvent`. */
  readonly onEvent: Listener = (event, about) => {
    if (event.type !== 'locked' && event.type !== 'failed') return;
    const { accountLabel: account, addressLabel } = about;
    if (event.type === 'locked' && account !== null) {
      this.userEvents.push({ type: 'profile_lockout', profile: account, date: iso(event.at) });
    }
    if (event.type === 'locked' && event.cause === 'admin') return;
    const { previousFailureAt = null, origin = {} } = event;
    if (account !== null) {
      const { address = 'unknown', device = 'unknown', userAgent = 'unknown' } = origin;
      this.send(account, {
        subject: `Failed sign-in number ${event.failures}`,
        text: `Browser: ${browserOf(userAgent)}. Device: ${device}. Address: ${address}.`,
      });
    }
    this.log.push({
      level: account === null ? 'address' : 'user',
      blocks: event.type === 'locked',
      time: iso(event.at),
      attempt: origin.attempt ?? null,
      user: origin.account ?? account,
      address: addressLabel,
      failures: event.failures,
      previousAt: previousFailureAt === null ? null : iso(previousFailureAt),
      sincePreviousMs: previousFailureAt === null ? null : event.at - previousFailureAt,
    });
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** `Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0` → `Firefox 140 on Linux`. */
function browserOf(userAgent: string): string {
  const [, name = 'unknown browser', version = ''] = /(Firefox|Chrome|Safari)\/(\d+)/.exec(userAgent) ?? [];
  const [system = 'unknown system'] = /Windows|Linux|Mac OS X|Android/.exec(userAgent) ?? [];
  return `${name} ${version} on ${system}`;
}
