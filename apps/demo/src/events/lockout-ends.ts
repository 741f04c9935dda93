import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LockoutEngine, LockoutNotifier, lockoutEndMirror } from 'nestjs-lockout';
import { momentOf } from '../users/lockout-end.js';
import { REALMS } from '../users/realm.js';
import { Users } from '../users/users.js';

/** Keeps the end of somebody's last lock on their own row too, for lists and for other systems (R5-13). */
@Injectable()
export class LockoutEnds implements OnModuleInit {
  constructor(
    private readonly engine: LockoutEngine,
    private readonly notifier: LockoutNotifier,
    private readonly users: Users,
  ) {}

  onModuleInit(): void {
    this.notifier.add(
      lockoutEndMirror(this.engine, {
        write: async ({ realm: name, account: username }, end) => {
          const realm = REALMS.find((known) => known === name);
          if (realm) await this.users.storeLockoutEnd({ realm, username }, momentOf(end));
        },
      }),
    );
  }
}
